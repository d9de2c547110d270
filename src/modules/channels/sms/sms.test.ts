/** Text messages from a warning to the phone, with a real provider by SMPP on loopback. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { tuesday } from '../../../../test/harness.ts'
import { type PhoneStage, phoneStage } from '../../../../test/phone-stage.ts'
import { testContext } from '../../../../test/post-office.ts'
import { openSmsc, type Smsc } from '../../../../test/smsc.ts'
import { asActor } from '../../../platform/access.ts'
import { runWays } from '../ways/run.ts'
import { downWays } from '../ways/states.ts'
import type { Way } from '../ways/way.ts'
import { writeShort } from '../ways/write.ts'
import { keepIncoming, latestReplies, type Understand } from './incoming.ts'
import { openSmpp } from './smpp.ts'

const second = 1_000
const minute = 60 * second
const access = { host: '127.0.0.1', secure: false, user: 'hsoc', password: 'hush', from: 'hSOC' }

describe('a text message', () => {
  let stage: PhoneStage
  let smsc: Smsc
  let way: Way
  let context: ReturnType<typeof testContext>
  const understand: Understand[] = []

  beforeAll(async () => {
    stage = await phoneStage()
    context = testContext(stage.db)
  })
  afterAll(() => stage.db.drop())
  beforeEach(async () => {
    await stage.db.engine.query(
      'delete from deliveries; delete from channel_states; delete from short_replies',
    )
    smsc = await openSmsc()
    way = open(smsc.port)
    context.at(tuesday)
  })
  afterEach(async () => {
    understand.length = 0
    await way.close()
    await smsc.close().catch(() => {})
  })
  const open = (port: number, password = 'hush') =>
    openSmpp({ ...access, password, port }, keepIncoming(context, understand), {
      connectMs: 2_000,
      answerMs: 300,
    })
  const runAt = (now: number) => {
    context.at(now)
    return runWays(context, [way], writeShort, now)
  }
  const down = async () =>
    (
      await stage.db.engine.query<{ channel: string }>(
        'select channel from channel_states where down_since is not null',
      )
    ).rows.length > 0

  it('goes beside the mail with the number alone, and its receipt is kept', async () => {
    expect(await stage.say(tuesday)).toBe(2)
    expect(await runAt(tuesday)).toBe(1)
    expect(smsc.taken).toEqual([
      { to: '420555000001', text: `hSOC ${stage.number}: nove varovani, otevrete portal.`, receipt: 1 },
    ])
    expect(await stage.log()).toMatchObject([{ state: 'sent', address: '+420555000001' }])
    const receipt = (id: string, stat: string) =>
      smsc.deliver({ esm_class: 4, short_message: `id:${id} sub:001 dlvrd:001 stat:${stat} err:000 text:` })
    expect(await receipt('M9', 'DELIVRD')).toBe(0)
    expect(await receipt('M1', 'ENROUTE')).toBe(0)
    expect(await stage.log()).toMatchObject([{ state: 'sent' }])
    expect(await receipt('m1', 'DELIVRD')).toBe(0)
    expect(await stage.log()).toMatchObject([{ state: 'delivered' }])
    expect(await receipt('M1', 'UNDELIV')).toBe(0)
    expect(await stage.log()).toMatchObject([{ state: 'delivered' }])
  })

  it('goes to nobody whose number is not proved, who did not choose it, or for less than was chosen', async () => {
    await stage.say(tuesday, { severity: 2 })
    expect(await stage.log()).toEqual([])
    await stage.db.engine.query('update contact_points set verified_at = null, verified_how = null')
    await stage.say(tuesday)
    await stage.db.engine.query(`update contact_points set verified_at = now(), verified_how = 'sms'`)
    await stage.db.engine.query('delete from channel_choices')
    await stage.say(tuesday)
    expect(await stage.log()).toEqual([])
    await stage.db.engine.query(
      `insert into channel_choices (person_id, channel, least, changed_at) values ($1, 'sms', 3, now())`,
      [stage.jana.person],
    )
  })

  it('is not written when its reader may not read the warning any more', async () => {
    await stage.say(tuesday)
    await stage.db.engine.query('update warnings set readers = array[2]')
    await runAt(tuesday)
    expect(smsc.taken).toEqual([])
    expect(await stage.log()).toMatchObject([{ state: 'dropped', reason: 'may-not-read' }])
    await stage.db.engine.query('update warnings set readers = array[2, $1::int]', [
      1000 + 4 * stage.lipova.id,
    ])
  })

  it('that its provider keeps hanging holds up no other way', async () => {
    await stage.say(tuesday)
    await stage.db.engine.query(
      `insert into deliveries (channel, kind, topic, person_id, org_id, address, warning_id, severity, detail, decided_at, due_at, readers, unit)
       select 'push', kind, topic, person_id, org_id, 'push:1', warning_id, severity, detail, decided_at, due_at, readers, unit from deliveries where channel = 'sms'`,
    )
    const order: string[] = []
    let pushed = (): void => {}
    const afterPush = new Promise<void>((done) => {
      pushed = done
    })
    const plain = { repeatable: true, hears: false, close: async () => {} }
    const sent = { kind: 'sent', id: null, said: '' } as const
    const hanging: Way = {
      ...{ ...plain, name: 'sms' },
      send: async () => {
        await afterPush
        order.push('sms')
        return sent
      },
    }
    const quick: Way = {
      ...{ ...plain, name: 'push' },
      send: async () => {
        order.push('push')
        pushed()
        return sent
      },
    }
    expect(await runWays(context, [hanging, quick], writeShort, tuesday)).toBe(2)
    expect(order).toEqual(['push', 'sms'])
  })

  it('goes as often in a second as its way is set to', async () => {
    await stage.say(tuesday)
    await stage.db.engine.query(
      `insert into deliveries (channel, kind, topic, person_id, org_id, address, warning_id, severity, detail, decided_at, due_at, readers, unit)
       select 'push', kind, topic || n, person_id, org_id, 'push:' || n, warning_id, severity, detail, decided_at, due_at, readers, unit
       from deliveries, generate_series(1, 7) n where channel = 'sms'`,
    )
    const push = (rate: number | null): Way => ({
      ...{ name: 'push', rate, repeatable: true, hears: false, close: async () => {} },
      send: async () => ({ kind: 'sent', id: null, said: '' }),
    })
    expect(await runWays(context, [push(3)], writeShort, tuesday)).toBe(3)
    expect(await runWays(context, [push(3)], writeShort, tuesday + 500)).toBe(0)
    expect(await runWays(context, [push(3)], writeShort, tuesday + 1_001)).toBe(3)
    expect(await runWays(context, [push(null)], writeShort, tuesday + 1_002)).toBe(1)
  })

  it('that was being handed over when we died is never sent twice', async () => {
    await stage.say(tuesday)
    await stage.db.engine.query(
      `update deliveries set state = 'sending', attempts = 1, claimed_at = $1 where channel = 'sms'`,
      [new Date(tuesday)],
    )
    for (const at of [30, 61, 300, 3_000]) await runAt(tuesday + at * second)
    expect(smsc.taken).toEqual([])
    expect(await stage.log()).toMatchObject([{ state: 'unknown', reason: 'interrupted' }])
  })

  it.each(['silent', 'cut'] as const)(
    'to which the provider was %s is unknown, and not sent again',
    async (answer) => {
      smsc.answer = answer
      await stage.say(tuesday)
      await runAt(tuesday)
      smsc.answer = 0
      for (const at of [2, 5, 60]) await runAt(tuesday + at * minute)
      expect(smsc.taken).toHaveLength(1)
      expect(await stage.log()).toMatchObject([{ state: 'unknown' }])
    },
  )

  it('refused for its number is final; when the provider is overloaded it is tried again', async () => {
    smsc.answer = 0x0b
    await stage.say(tuesday)
    await runAt(tuesday)
    expect(await stage.log()).toMatchObject([{ state: 'failed', reason: 'provider-refused' }])
    smsc.answer = 0x58
    await stage.say(tuesday + 5 * minute)
    await runAt(tuesday + 5 * minute)
    expect((await stage.log())[1]).toMatchObject({ state: 'queued', reason: 'channel-down' })
    expect(await down()).toBe(false)
    smsc.answer = 0
    await runAt(tuesday + 7 * minute)
    expect((await stage.log())[1]).toMatchObject({ state: 'sent' })
  })

  it('waits while the provider is away, which coordinators are told, and goes once when it is back', async () => {
    const { port } = smsc
    await smsc.close()
    await stage.say(tuesday)
    await runAt(tuesday)
    expect(await down()).toBe(true)
    expect(await asActor(stage.db, stage.jana, tuesday, downWays)).toEqual([])
    await runAt(tuesday + 10 * second)
    smsc = await openSmsc(port)
    // The trial is due half a minute after the failure.
    await runAt(tuesday + 29 * second)
    expect(smsc.taken).toEqual([])
    await runAt(tuesday + 61 * second)
    await runAt(tuesday + 3 * minute)
    expect([smsc.taken.length, await down()]).toEqual([1, false])
    expect(await stage.log()).toMatchObject([{ state: 'sent' }])
  })

  it('is given up after an hour without a provider, and a wrong password is said', async () => {
    await way.close()
    way = open(smsc.port, 'wrong')
    await stage.say(tuesday)
    for (let at = 0; at < 70; at++) await runAt(tuesday + at * minute)
    expect(smsc.taken).toEqual([])
    expect((await stage.log())[0]?.state).toBe('failed')
  })

  it('for which no provider is set any more is not kept waiting', async () => {
    await stage.say(tuesday)
    await runWays(context, [], writeShort, tuesday)
    expect(await stage.log()).toMatchObject([{ state: 'failed', reason: 'no-provider' }])
  })

  it('comes to one number at most once a minute, and to all at most five in five seconds', async () => {
    for (let i = 2; i < 10; i++) await stage.add(`Pohotovost ${i}`, `+42055500000${i}`)
    await stage.say(tuesday)
    await stage.say(tuesday)
    const counts: number[] = []
    for (let at = 0; at < 20; at++) counts.push(await runAt(tuesday + at * second))
    expect(counts.filter((n) => n > 0)).toEqual([5, 4])
    expect(new Set(smsc.taken.map(({ to }) => to)).size).toBe(9)
    for (let at = 60; at < 75; at++) await runAt(tuesday + at * second)
    expect(smsc.taken).toHaveLength(18)
    await stage.db.engine.query(
      `update contact_points set ended_at = now(), ended_why = 'left' where person_id <> $1`,
      [stage.jana.person],
    )
  })

  it('of somebody is kept with its number, and is for whom understands it', async () => {
    understand.push(async (_tx, { text, person }) => (person && text.startsWith('V ') ? 'seen' : null))
    await stage.say(tuesday)
    await runAt(tuesday)
    const write = (from: string, text: string) =>
      smsc.deliver({ source_addr: from, esm_class: 0, short_message: text })
    expect(await write('420555000001', 'V 7f3k díky')).toBe(0)
    expect(await write('+420999888777', 'V 7f3k')).toBe(0)
    expect(await write('hacker\u0000<b>', `<script>${'x'.repeat(200)}`)).toBe(0)
    const karel = { ...stage.jana, engagements: [{ org: null, orgName: null, role: 'coordinator' as const }] }
    const replies = await asActor(stage.db, karel, tuesday, (tx) => latestReplies(tx, 10))
    expect(replies.map(({ sender, person, takenAs }) => [sender, person, takenAs])).toEqual([
      ['', null, null],
      ['+420999888777', null, null],
      ['+420555000001', stage.jana.name, 'seen'],
    ])
    const own = await asActor(stage.db, stage.jana, tuesday, (tx) => latestReplies(tx, 10))
    expect(own).toHaveLength(1)
  })

  it('that cannot be kept is left with the provider', async () => {
    understand.push(() => Promise.reject(new Error('the database is away')))
    await stage.say(tuesday)
    await runAt(tuesday)
    expect(await smsc.deliver({ source_addr: '420555000001', esm_class: 0, short_message: 'V' })).toBe(0x08)
  })
})
