import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { openPushHouse, type PushHouse } from '../../../test/push-house.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { subscribe } from '../channels/push/devices.ts'
import { publicKeyOf } from '../channels/push/keys.ts'
import { answer } from './answer.ts'
import { channelFigures } from './attempts.ts'
import { cancel } from './end.ts'
import { previewOf } from './preview.ts'
import { getBroadcast } from './read.ts'

const second = 1_000

describe('a call to a browser that subscribed', () => {
  let stage: Calling
  let push: PushHouse
  let lipova: Hospital
  let petr: Actor
  const engine = <R>(work: Parameters<typeof asEngine<R>>[1]) => asEngine(stage.db, work)

  beforeAll(async () => {
    push = await openPushHouse(() => publicKeyOf(stage.context))
    stage = await openCalling({ push, from: 'hSOC' })
    lipova = await stage.hospital('Nemocnice Lipová')
    petr = await stage.person('Petr Dub', [['duty', lipova]], '+420555000001')
    await stage.person('Eva Malá', [['manager', lipova]])
  })
  afterAll(async () => {
    await stage.close()
    await push.close()
  })
  beforeEach(async () => {
    await stage.clear()
    push.shown.length = 0
    push.answer = 201
    await stage.db.engine.query('delete from push_devices')
    await subscribe(stage.context, { ...push.subscription, name: 'Telefon' }, petr, tuesday)
  })

  it('says its class and number alone, and leads to where it is answered', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    expect((await stage.attempts(id)).sort()).toEqual([
      '1 mail Petr Dub sent',
      '1 push Petr Dub sent',
      '1 sms Petr Dub sent',
    ])
    const [shown] = push.shown
    expect(shown?.content).toMatchObject({
      number: 'POPLACH 1/2026',
      class: 'POPLACH: otevřete portál a odpovězte.',
      path: `/rollcalls/${id}`,
    })
    expect(JSON.stringify(shown?.content)).not.toContain('Vyděračský')
    expect(shown?.urgency).toBe('high')
    const figures = await engine((tx) => channelFigures(tx, id))
    expect(figures.find(({ channel }) => channel === 'push')).toMatchObject({ told: 1, arrived: 1 })
  })

  it('is in the preview, and a drill says that it is one', async () => {
    const id = await stage.released({ class: 'drill' })
    const call = await engine((tx) => getBroadcast(tx, id))
    const { lines } = await engine((tx) => previewOf(tx, { ...call, class: 'emergency' }, tuesday))
    expect(lines[0]?.steps[0]?.people.map(({ channel }) => channel)).toEqual(['mail', 'sms', 'push'])
    await stage.tick(tuesday)
    expect(push.shown[0]?.content.class).toContain('CVIČENÍ')
  })

  it('goes to devices that are there, and a test may try that way alone', async () => {
    const id = await stage.released({ class: 'test', channel: 'push', answers: [] })
    await stage.tick(tuesday)
    expect(await stage.attempts(id)).toEqual(['1 push Petr Dub sent'])
    expect(push.shown[0]?.content.class).toContain('neodpovídejte')
    await stage.db.engine.query('update push_devices set gone_at = now()')
    const other = await stage.released()
    await stage.tick(tuesday)
    expect((await stage.attempts(other)).filter((one) => one.includes('push'))).toEqual([])
  })

  it('is not shown after the answer, and cancelled where it was', async () => {
    const answered = await stage.released()
    await stage.steps(tuesday)
    await engine((tx) =>
      answer(tx, answered, { org: lipova.id, code: '1', note: '', via: 'page' }, petr, tuesday),
    )
    await stage.tick(tuesday + second)
    expect(push.shown).toEqual([])
    const id = await stage.released()
    await stage.tick(tuesday + minute)
    await engine((tx) => cancel(tx, id, stage.karel, tuesday + 2 * minute))
    await stage.tick(tuesday + 3 * minute)
    expect(push.shown.map(({ content }) => content.class)).toEqual([
      'POPLACH: otevřete portál a odpovězte.',
      'ZRUŠENO: už neodpovídejte.',
    ])
    expect(push.shown[1]?.topic).toBe(push.shown[0]?.topic)
  })

  it('killed while handing over it goes again with the same topic, and a device that is gone gives way', async () => {
    const id = await stage.released({ class: 'test', channel: 'push', answers: [] })
    await stage.steps(tuesday)
    await stage.db.engine.query(
      `update deliveries set state = 'sending', attempts = 1, claimed_at = $2 where broadcast_id = $1`,
      [id, new Date(tuesday)],
    )
    await stage.tick(tuesday + 30 * second)
    expect(push.shown).toEqual([])
    await stage.tick(tuesday + 61 * second)
    expect(await stage.attempts(id)).toEqual(['1 push Petr Dub sent'])
    expect(push.shown).toHaveLength(1)
    push.answer = 410
    const gone = await stage.released({ class: 'emergency' })
    await stage.tick(tuesday + 10 * minute)
    expect(await stage.attempts(gone)).toContain('1 push Petr Dub failed')
    expect(await stage.attempts(gone)).toContain('1 mail Petr Dub sent')
  })

  it('a text message names no code where no reply comes back', async () => {
    await stage.released()
    await stage.tick(tuesday)
    expect(stage.smsc.taken[0]?.text).toBe(
      'hSOC POPLACH 1/2026: otevrete portal a odpovezte za svou organizaci.',
    )
  })
})
