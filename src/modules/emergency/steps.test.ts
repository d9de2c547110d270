import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import { addRule, beginDuty, change } from '../duty/keep.ts'
import { defaultPolicies } from '../duty/policy.ts'
import { answer } from './answer.ts'
import { cancel } from './end.ts'
import { setPolicy } from './policies.ts'

const second = 1_000

describe('the steps of a roll-call', () => {
  let stage: Calling
  let lipova: Hospital
  let jana: Actor
  let petr: Actor
  let eva: Actor
  const answers = (id: number, by: Actor, org: Hospital, code: string, now: number) =>
    asEngine(stage.db, (tx) => answer(tx, id, { org: org.id, code, note: '', via: 'page' }, by, now))

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    petr = await stage.person('Petr Dub', [['duty', lipova]], '+420555000001')
    jana = await stage.person('Jana Nováková', [['admin', lipova]])
    await stage.person('Marie Pevná', [['security_manager', lipova]])
    eva = await stage.person('Eva Malá', [['manager', lipova]], '+420555000003')
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  it('go up the ladder while nobody answers, each way once in a step, and end with a coordinator’s call list', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    expect(await stage.state(id)).toBe('open')
    expect((await stage.attempts(id)).sort()).toEqual([
      '1 mail Jana Nováková sent',
      '1 mail Petr Dub sent',
      '1 sms Petr Dub sent',
    ])
    expect(stage.smsc.taken[0]?.text).toMatch(
      /^hSOC POPLACH 1\/2026: otevrete portal\. Odpovezte cislem a kodem [0-9A-HJKMNP-TV-Z]{4}: 1 bez dopadu, 2 zasazeni, 3 pomoc, 4 nevime$/,
    )
    expect(stage.smsc.taken[0]?.text.length).toBeLessThanOrEqual(160)
    await stage.tick(tuesday + 10 * minute - second)
    expect(stage.office.mails).toHaveLength(2)
    await stage.tick(tuesday + 10 * minute)
    expect(stage.office.mails).toHaveLength(5)
    await stage.tick(tuesday + 20 * minute)
    expect(stage.office.to(eva.email)).toHaveLength(1)
    expect((await stage.attempts(id)).filter((one) => one.includes('phone')).sort()).toEqual([
      '3 phone Eva Malá call',
      '3 phone Petr Dub call',
    ])
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'pending', step: 3 })
    await stage.tick(tuesday + 30 * minute)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'handed_to_operator', step: 4 })
    await stage.tick(tuesday + 40 * minute)
    expect(await stage.attempts(id)).toHaveLength(3 + 4 + 8 + 2)
  })

  it('stop at the first answer, whatever still waits in the outbox', async () => {
    const id = await stage.released()
    await stage.steps(tuesday)
    await answers(id, jana, lipova, '1', tuesday + second)
    await stage.tick(tuesday + 2 * second)
    expect(stage.office.mails).toEqual([])
    expect(stage.smsc.taken).toEqual([])
    expect((await stage.attempts(id)).every((one) => one.endsWith('dropped'))).toBe(true)
    await stage.tick(tuesday + 60 * minute)
    expect(await stage.attempts(id)).toHaveLength(3)
  })

  it('are not stopped by the answers of others', async () => {
    const bukova = await stage.hospital('Nemocnice Buková')
    const adam = await stage.person('Adam Buk', [['admin', bukova]])
    const id = await stage.released()
    await stage.tick(tuesday)
    await answers(id, adam, bukova, '2', tuesday + minute)
    await stage.tick(tuesday + 10 * minute)
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'pending', step: 2 })
    expect(await stage.line(id, bukova)).toMatchObject({ state: 'answered', answer: '2', step: 1 })
    await stage.db.engine.query(`update organisations set status = 'left' where id = $1`, [bukova.id])
  })

  it('one and two leave in peace who saw it; the deadline asks once more', async () => {
    const id = await stage.released({ withinMin: 15 })
    await stage.tick(tuesday)
    await answers(id, petr, lipova, 'seen', tuesday + minute)
    await stage.tick(tuesday + 10 * minute)
    expect(stage.office.mails).toHaveLength(2)
    await stage.tick(tuesday + 15 * minute)
    expect(stage.office.mails).toHaveLength(4)
    await stage.tick(tuesday + 16 * minute)
    expect(stage.office.mails).toHaveLength(4)
  })

  it('are those of the release: what is changed in the middle has no effect', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    const steps = defaultPolicies.rollcall.steps.map((step) => ({
      ...step,
      delayMin: 5 * step.no,
      channels: ['mail' as const],
    }))
    expect(await asEngine(stage.db, (tx) => setPolicy(tx, steps, stage.karel, tuesday + minute))).toBe(1)
    await stage.tick(tuesday + 5 * minute)
    expect(await stage.line(id, lipova)).toMatchObject({ step: 1 })
    await stage.tick(tuesday + 10 * minute)
    expect(await stage.line(id, lipova)).toMatchObject({ step: 2 })
  })

  it('reach whoever is on duty when they fire, so a hand-over in between reaches the next', async () => {
    const schedule = await asEngine(stage.db, async (tx) => {
      const duty = await beginDuty(
        tx,
        { org: lipova.id, name: 'Pohotovost', holidays: 'ignored' },
        jana,
        tuesday,
      )
      await addRule(
        tx,
        duty,
        {
          weekdays: [1, 2, 3, 4, 5, 6, 7],
          from: '00:00',
          to: '00:00',
          rotation: null,
          people: [petr.person],
        },
        jana,
        tuesday,
      )
      const from = tuesday + 5 * minute
      await change(
        tx,
        duty,
        { kind: 'replace', person: petr.person, standIn: eva.person, from, to: from + 60 * minute, note: '' },
        jana,
        tuesday,
      )
      return duty
    })
    const id = await stage.released()
    await stage.tick(tuesday)
    expect(stage.office.to(eva.email)).toEqual([])
    await stage.tick(tuesday + 10 * minute)
    expect(stage.office.to(eva.email)).toHaveLength(1)
    expect((await stage.attempts(id)).filter((one) => one.startsWith('2') && one.includes('Petr'))).toEqual(
      [],
    )
    await stage.db.engine.query('update duty_schedules set ended_at = now() where id = $1', [schedule])
  })

  it('write to nobody who left in the middle, not even what is queued already', async () => {
    const id = await stage.released()
    await stage.steps(tuesday)
    const left = (at: string) =>
      stage.db.engine.query(`update engagements set valid_to = ${at} where person_id = $1`, [petr.person])
    await left(`to_timestamp(${tuesday / 1000})`)
    await stage.tick(tuesday + second)
    expect(stage.office.to(petr.email)).toEqual([])
    expect(stage.smsc.taken).toEqual([])
    await stage.tick(tuesday + 10 * minute)
    expect((await stage.attempts(id)).filter((one) => one.startsWith('2') && one.includes('Petr'))).toEqual(
      [],
    )
    await left(`'infinity'`)
  })

  it('use no number that was not proved, and tell the organisation’s address where nobody acts for it', async () => {
    const javor = await stage.hospital('Nemocnice Javorová')
    const id = await stage.released({ orgs: [javor.id] })
    await stage.tick(tuesday)
    expect(await stage.attempts(id)).toEqual(['1 mail - sent'])
    expect(stage.office.mails[0]?.text).toContain('Odpovězte po přihlášení')
    await stage.person('Jiří Javor', [['duty', javor]], '+420555000009', false)
    await stage.tick(tuesday + 10 * minute)
    expect((await stage.attempts(id)).slice(1)).toEqual(['2 mail Jiří Javor sent'])
    await stage.db.engine.query(`update organisations set status = 'left' where id = $1`, [javor.id])
  })

  it('run through at once where there is no contact at all, down to the call list', async () => {
    const topol = await stage.hospital('Nemocnice Topolová')
    await stage.db.engine.query('update organisations set contact_email = null where id = $1', [topol.id])
    const id = await stage.released({ orgs: [topol.id] })
    await stage.tick(tuesday)
    for (let i = 1; i < 5; i++) await stage.tick(tuesday + i * second)
    expect(await stage.line(id, topol)).toMatchObject({ state: 'no_contact', step: 4 })
    expect(stage.office.mails).toEqual([])
    await stage.db.engine.query(`update organisations set status = 'left' where id = $1`, [topol.id])
  })

  it('tell everybody who got a message that it was cancelled, and nobody else', async () => {
    const id = await stage.released()
    await stage.tick(tuesday)
    await asEngine(stage.db, (tx) => cancel(tx, id, stage.karel, tuesday + minute))
    await stage.tick(tuesday + 2 * minute)
    expect(stage.office.to(petr.email).map((mail) => mail.subject)).toEqual([
      expect.stringContaining('POPLACH 1/2026'),
      expect.stringContaining('ZRUŠENO: POPLACH 1/2026'),
    ])
    expect(stage.office.to(eva.email)).toEqual([])
    expect(stage.smsc.taken.at(-1)?.text).toContain('ZRUSENO')
    await stage.tick(tuesday + 30 * minute)
    expect(stage.office.mails).toHaveLength(4)
  })
})
