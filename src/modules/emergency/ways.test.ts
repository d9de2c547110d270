import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Calling, minute, openCalling } from '../../../test/calling.ts'
import { type Hospital, tuesday } from '../../../test/harness.ts'
import { asEngine } from '../../platform/database.ts'
import type { Step } from '../duty/index.ts'
import { againToSilent } from './again.ts'
import { setPolicy } from './policies.ts'

const second = 1_000
const [petrsNumber, evasNumber] = ['+420555000001', '+420555000003']

describe('when ways fail', () => {
  let stage: Calling
  let lipova: Hospital

  beforeAll(async () => {
    stage = await openCalling()
    lipova = await stage.hospital('Nemocnice Lipová')
    await stage.person('Petr Dub', [['duty', lipova]], petrsNumber)
    await stage.person('Eva Malá', [['manager', lipova]], evasNumber)
  })
  afterAll(() => stage.close())
  beforeEach(() => stage.clear())

  /** First by text message alone, then to managers. */
  const bySms = async (): Promise<void> => {
    const steps: Step[] = [
      { no: 1, delayMin: 0, targets: [{ role: 'duty' }], channels: ['sms'] },
      { no: 2, delayMin: 10, targets: [{ role: 'manager' }], channels: ['sms'] },
      { no: 3, delayMin: 30, targets: ['coordinator'], channels: ['phone'] },
    ]
    await asEngine(stage.db, (tx) => setPolicy(tx, steps, stage.karel, tuesday))
  }
  const mailIsOff = (isOff: boolean) =>
    stage.db.engine.query(
      isOff
        ? `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers, suspended_at)
           select address_key(email), email, 9, now(), now(), 'hard', 'x', '{2}', now() from people`
        : 'delete from mail_standings',
    )
  const log = async (id: number): Promise<string[]> =>
    (
      await stage.db.engine.query<{ what: string }>(
        'select what from rollcall_log where broadcast_id = $1 order by id',
        [id],
      )
    ).rows.map(({ what }) => what)

  it('a dead gateway of text messages moves a person to mail at once, and the reason is kept', async () => {
    await bySms()
    stage.smsc.answer = 0x08
    const id = await stage.released({ orgs: [lipova.id] })
    await stage.db.engine.query(
      `insert into channel_states (channel, failures, down_since, probe_at, said) values ('sms', 3, $1, $2, 'no connection')`,
      [new Date(tuesday), new Date(tuesday + 60 * minute)],
    )
    await stage.tick(tuesday)
    await stage.tick(tuesday + second)
    expect(await stage.attempts(id)).toEqual(['1 sms Petr Dub queued', '1 mail Petr Dub sent'])
    expect(await log(id)).toEqual(['released', 'step', 'moved'])
    const { rows } = await stage.db.engine.query<{ reason: string }>(
      `select reason from rollcall_attempts where channel = 'mail'`,
    )
    expect(rows[0]?.reason).toBe('sms')
  })

  it('with all ways of a step dead the next step comes at once, and after the last one the operator', async () => {
    await bySms()
    await mailIsOff(true)
    stage.smsc.answer = 0x0b
    const id = await stage.released({ orgs: [lipova.id] })
    for (let i = 0; i < 5; i++) await stage.tick(tuesday + i * second)
    expect(await stage.attempts(id)).toEqual([
      '1 sms Petr Dub failed',
      '2 sms Eva Malá failed',
      '3 phone Petr Dub call',
      '3 phone Eva Malá call',
    ])
    expect(await stage.line(id, lipova)).toMatchObject({ state: 'handed_to_operator' })
    expect(await log(id)).toEqual(['released', 'step', 'early', 'step', 'early', 'step', 'handed'])
    await mailIsOff(false)
  })

  it('a worker killed while handing over repeats the mail with its Message-ID, the text message never; after two minutes the next way goes', async () => {
    await bySms()
    const id = await stage.released({ orgs: [lipova.id] })
    await stage.steps(tuesday)
    // The node dies between its claim and the answer: for text messages, and below for mail.
    const dies = (channel: string, at: number) =>
      stage.db.engine.query(
        `update deliveries set state = 'sending', attempts = attempts + 1, claimed_at = to_timestamp($2 / 1000.0), message_id = coalesce(message_id, '<one@hsoc.example>')
         where channel = $1 and broadcast_id = $3`,
        [channel, at, id],
      )
    await dies('sms', tuesday)
    await stage.tick(tuesday + 61 * second)
    expect(await stage.attempts(id)).toEqual(['1 sms Petr Dub unknown'])
    await stage.tick(tuesday + 119 * second)
    expect(await stage.attempts(id)).toHaveLength(1)
    await stage.steps(tuesday + 121 * second)
    expect(await stage.attempts(id)).toEqual(['1 sms Petr Dub unknown', '1 mail Petr Dub queued'])
    await dies('mail', tuesday + 121 * second)
    await stage.tick(tuesday + 122 * second)
    expect(stage.office.mails).toEqual([])
    await stage.tick(tuesday + 250 * second)
    expect(stage.office.mails.map((mail) => mail.messageId)).toEqual(['<one@hsoc.example>'])
    expect(stage.smsc.taken).toEqual([])
  })

  it('two workers fire each step once', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    const fired = await Promise.all([1, 2, 3, 4].map(() => stage.steps(tuesday)))
    expect(fired.reduce((sum, n) => sum + n, 0)).toBe(1)
    expect((await stage.attempts(id)).sort()).toEqual(['1 mail Petr Dub queued', '1 sms Petr Dub queued'])
  })

  it('the first message of each organisation goes before the second of any, and those of an emergency before all others', async () => {
    const others = ['Nemocnice Akátová', 'Nemocnice Březová', 'Nemocnice Cedrová']
    const orgs: Hospital[] = []
    for (const name of others) {
      const hospital = await stage.hospital(name)
      orgs.push(hospital)
      for (const who of ['první', 'druhý', 'třetí'])
        await stage.person(`${name} ${who}`, [['duty', hospital]])
    }
    await stage.released({ class: 'drill', orgs: [orgs[0]?.id ?? 0] })
    const id = await stage.released({ orgs: orgs.map((one) => one.id) })
    await stage.steps(tuesday)
    const { rows } = await stage.db.engine.query<{ broadcast: number; org: number }>(
      `select broadcast_id as broadcast, org_id as org from deliveries where channel = 'mail' order by rush desc, severity desc nulls first, due_at, id`,
    )
    expect(rows.slice(0, 9).every((row) => row.broadcast === id)).toBe(true)
    for (const from of [0, 3, 6])
      expect(new Set(rows.slice(from, from + 3).map((row) => row.org)).size).toBe(3)
    await stage.db.engine.query(`update organisations set status = 'left' where id = any ($1)`, [
      orgs.map((one) => one.id),
    ])
  })

  it('“again” tells the silent alone, and not twice in five minutes', async () => {
    const id = await stage.released({ orgs: [lipova.id] })
    await stage.tick(tuesday)
    const again = (now: number) =>
      asEngine(stage.db, (tx) => againToSilent(tx, stage.context.settings.secret, id, stage.karel, now))
    expect(await again(tuesday + 2 * minute)).toBe(1)
    await stage.tick(tuesday + 2 * minute)
    expect(stage.office.mails).toHaveLength(2)
    await expect(again(tuesday + 3 * minute)).rejects.toThrow('within the last five minutes')
    await stage.db.engine.query(`update org_rollcalls set state = 'answered' where broadcast_id = $1`, [id])
    await expect(again(tuesday + 20 * minute)).rejects.toThrow('Nobody is silent')
  })
})
