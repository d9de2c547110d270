/** One organisation, call, reply or message that goes wrong holds up no other. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, openCalling } from '../../../test/calling.ts'
import { tuesday } from '../../../test/harness.ts'
import { asEngine } from '../../platform/database.ts'
import { openWays } from '../channels/index.ts'
import type { Step } from '../duty/index.ts'
import { rollcallShort } from './letters.ts'
import { setPolicy } from './policies.ts'

const second = 1_000
const minute = 60 * second

describe('what goes wrong at one place', () => {
  let stage: Calling
  beforeAll(async () => {
    stage = await openCalling()
  })
  afterAll(() => stage.close())
  beforeEach(async () => {
    await stage.clear()
    await stage.db.engine.query('delete from mail_standings')
  })

  const oneStep = async (channels: Step['channels']): Promise<void> => {
    const steps: Step[] = [
      { no: 1, delayMin: 0, targets: [{ role: 'duty' }], channels },
      { no: 2, delayMin: 30, targets: ['coordinator'], channels: ['phone'] },
    ]
    await asEngine(stage.db, (tx) => setPolicy(tx, steps, stage.karel, tuesday))
  }

  it('follows up every organisation, however many wait where nothing is to be done', async () => {
    await oneStep(['mail'])
    const orgs: number[] = []
    for (let i = 0; i < 55; i++) {
      const hospital = await stage.hospital(`Napůl ${i}`)
      orgs.push(hospital.id)
      await stage.person(`Vrácený ${i}`, [['duty', hospital]])
      await stage.person(`Živá ${i}`, [['duty', hospital]])
    }
    const last = await stage.hospital('Poslední')
    await stage.person('Vrácený Cyril', [['duty', last]], '+420555000155')
    const id = await stage.released({ orgs: [...orgs, last.id] })
    for (let s = 0; s < 3; s++) await stage.tick(tuesday + s * second)
    expect(await stage.attempts(id, last)).toHaveLength(1)
    const returned = `select id from people where name like 'Vrácený%'`
    await stage.db.engine.query(
      `update deliveries set state = 'bounced', bounced_at = now() where broadcast_id = ${id} and person_id in (${returned});
       insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers, suspended_at)
         select address_key(email), email, 9, now(), now(), 'hard', '550', '{2}', now() from people where id in (${returned})`,
    )
    for (let s = 3; s < 6; s++) await stage.tick(tuesday + s * second)
    expect(await stage.attempts(id, last)).toEqual([
      '1 mail Vrácený Cyril bounced',
      '1 sms Vrácený Cyril sent',
    ])
  }, 120_000)

  it('lets an emergency go out beside a call whose steps cannot be read, and hands that one to the telephone', async () => {
    const [first, other] = [await stage.hospital('Rozbitá'), await stage.hospital('Zdravá')]
    await stage.person('Adam Rozbitý', [['duty', first]])
    await stage.person('Bára Zdravá', [['duty', other]])
    const broken = await stage.released({ orgs: [first.id], class: 'drill' })
    const good = await stage.released({ orgs: [other.id] })
    const steps = (targets: unknown[]) =>
      JSON.stringify({ version: 1, repeat: 0, steps: [{ no: 1, delayMin: 0, targets, channels: ['mail'] }] })
    const setSteps = (text: string) =>
      stage.db.engine.query('update broadcasts set policy = $2 where id = $1', [broken, text])
    await setSteps(steps(['of-a-later-version']))
    for (let s = 0; s < 3; s++) await stage.tick(tuesday + s * second)
    expect(await stage.attempts(good)).toHaveLength(1)
    expect(await stage.line(broken, first)).toMatchObject({ state: 'handed_to_operator' })
    expect(await stage.attempts(broken)).toEqual([])
    // It is tried again, and goes on once it can.
    await setSteps(steps([{ role: 'duty' }]))
    await stage.tick(tuesday + 2 * minute)
    expect(await stage.attempts(broken)).toHaveLength(1)
  })

  it('keeps the reply of somebody who may answer no more, for a coordinator to look at', async () => {
    await oneStep(['sms'])
    const hospital = await stage.hospital('Změna')
    const dana = await stage.person('Dana Změněná', [['duty', hospital]], '+420555000156')
    const id = await stage.released({ orgs: [hospital.id] })
    for (let s = 0; s < 3; s++) await stage.tick(tuesday + s * second)
    const { rows } = await stage.db.engine.query<{ code: string }>(
      'select code from rollcall_attempts where broadcast_id = $1',
      [id],
    )
    await stage.db.engine.query(`update engagements set role = 'dpo' where person_id = $1`, [dana.person])
    await stage.says('+420555000156', `1 ${rows[0]?.code}`)
    const kept = await stage.db.engine.query('select sender from short_replies where sender = $1', [
      '+420555000156',
    ])
    expect(kept.rows).toHaveLength(1)
    const log = await stage.db.engine.query<{ what: string }>(
      `select what from rollcall_log where broadcast_id = $1 and what in ('stray', 'answer')`,
      [id],
    )
    expect(log.rows).toEqual([{ what: 'stray' }])
    expect(await stage.line(id, hospital)).not.toMatchObject({ state: 'answered' })
  })

  it('writes a short message again that could not be written at the first try', async () => {
    await oneStep(['sms'])
    const hospital = await stage.hospital('Podruhé')
    await stage.person('Dana Druhá', [['duty', hospital]], '+420555000157')
    const id = await stage.released({ orgs: [hospital.id] })
    await stage.steps(tuesday)
    let tries = 0
    const { port } = stage.smsc
    const ways = openWays(
      stage.context,
      {
        pushHosts: [],
        sms: {
          by: 'smpp',
          ...{ host: '127.0.0.1', port, secure: false, user: 'hsoc', password: 'hush', from: '900' },
        },
      },
      {
        rollcall: async (...given) => {
          if (++tries === 1) throw new Error('Connection terminated unexpectedly')
          return rollcallShort(...given)
        },
      },
    )
    // Only one message a minute goes to a number, tries included.
    for (const at of [0, 1, 31, 61]) await ways.work(tuesday + at * second)
    await ways.close()
    const { rows } = await stage.db.engine.query(
      'select state, attempts from deliveries where broadcast_id = $1',
      [id],
    )
    expect(tries).toBe(2)
    expect(rows).toEqual([{ state: 'sent', attempts: 2 }])
  })
})
