import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  addHospital,
  addPerson,
  createDatabase,
  type Hospital,
  type TestDatabase,
  tuesday,
} from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { asEngine } from '../../platform/database.ts'
import type { Notice } from './notice.ts'
import { dailyLimit, queue } from './queue.ts'

const hour = 3_600_000

describe('deciding who is written to', () => {
  let db: TestDatabase
  let jihlava: Hospital
  let trest: Hospital
  let pelhrimov: Hospital
  let radka: Actor
  let topics = 0

  beforeAll(async () => {
    db = await createDatabase()
    jihlava = await addHospital(db, 'Nemocnice Jihlavka', ['192.0.2.0/25'])
    trest = await addHospital(db, 'Nemocnice Třešť', ['192.0.2.128/25'])
    pelhrimov = await addHospital(db, 'Nemocnice Pelhřimovka', ['198.51.100.0/25'])
    await db.engine.query('update organisations set contact_email = null where id = $1', [pelhrimov.id])
    await addPerson(db, 'Jana Správná', [['admin', jihlava]])
    await addPerson(db, 'Petr Pohotový', [['duty', jihlava]])
    radka = await addPerson(db, 'Radka Ředitelka', [['manager', jihlava]])
    await addPerson(db, 'Milan Manažer', [['security_manager', jihlava]])
    await addPerson(db, 'Karel Koordinátor', [['coordinator', null]])
    const gone = await addPerson(db, 'Zdeněk Zmizel', [['admin', jihlava]])
    await db.engine.query('update people set disabled_at = now() where id = $1', [gone.person])
    const former = await addPerson(db, 'Bohumil Bývalý', [['admin', jihlava]])
    await db.engine.query(`update engagements set valid_to = to_timestamp($2) where person_id = $1`, [
      former.person,
      tuesday / 1000 - 60,
    ])
  })
  afterAll(() => db.drop())
  beforeEach(() => db.engine.query('delete from deliveries; delete from mail_choices'))

  const say = (more: Partial<Notice>): Promise<number> =>
    asEngine(db, (tx) =>
      queue(tx, {
        kind: 'new',
        topic: `t${++topics}`,
        warning: 1,
        org: jihlava.id,
        severity: 3,
        to: 'security',
        now: tuesday,
        ...more,
      }),
    )
  const rows = async (): Promise<string[]> => {
    const found = await db.engine.query<{ line: string }>(
      `select concat_ws(' ', coalesce(p.name, d.address), state, reason) as line from deliveries d left join people p on p.id = d.person_id order by d.id`,
    )
    return found.rows.map((row) => row.line)
  }

  it('high goes at once to duty and administrators who are there', async () => {
    expect(await say({})).toBe(2)
    expect((await rows()).sort()).toEqual(['Jana Správná queued', 'Petr Pohotový queued'])
  })

  it('medium and low wait for the digest, info says nothing', async () => {
    expect([await say({ severity: 2 }), await say({ severity: 1 }), await say({ severity: 0 })]).toEqual([
      2, 2, 0,
    ])
    expect((await rows()).every((line) => line.endsWith('held digest'))).toBe(true)
  })

  it('the same is never said twice to one address', async () => {
    expect(await say({ topic: 'warning 1 opened' })).toBe(2)
    expect(await say({ topic: 'warning 1 opened' })).toBe(0)
    expect(await rows()).toHaveLength(2)
  })

  it('without such people the contact address is written to, without that the coordinators', async () => {
    await say({ org: trest.id })
    await say({ org: pelhrimov.id })
    expect(await say({ org: pelhrimov.id, severity: 2 })).toBe(0)
    const { rows: found } = await db.engine.query(
      'select person_id is null as nobody, detail, unit, org_id from deliveries order by id',
    )
    expect(found).toMatchObject([
      { nobody: true, detail: { as: 'contact' }, unit: trest.id },
      {
        nobody: false,
        detail: { as: 'coordinator-instead' },
        unit: 0,
        org_id: pelhrimov.id,
      },
    ])
  })

  it('where nobody is on duty the security manager is written to, not the contact address', async () => {
    const polna = await addHospital(db, 'Nemocnice Polná', ['198.51.100.128/25'])
    await addPerson(db, 'Simona Strážná', [['security_manager', polna]])
    await addPerson(db, 'Rudolf Zástupce', [['representative', polna]])
    expect(await say({ org: polna.id })).toBe(1)
    expect(await rows()).toEqual(['Simona Strážná queued'])
  })

  it('roles are found by name, and coordinators belong to no organisation', async () => {
    await say({ to: ['manager', 'security_manager'], kind: 'ladder' })
    await say({ to: 'coordinators', org: null })
    expect((await rows()).sort()).toEqual([
      'Karel Koordinátor queued',
      'Milan Manažer queued',
      'Radka Ředitelka queued',
    ])
  })

  it('rows are read by the organisation and the coordinators, the coordinators’ own by them alone', async () => {
    await say({ to: ['manager'] })
    await say({ to: 'coordinators' })
    const { rows: found } = await db.engine.query('select readers from deliveries order by id')
    expect(found).toEqual([{ readers: [2, 1000 + 4 * jihlava.id] }, { readers: [2] }])
  })

  it(`the ${dailyLimit + 1}st single warning of a day is held, critical ones and other organisations are not`, async () => {
    for (let i = 0; i < dailyLimit; i++) await say({ warning: i })
    await say({ warning: 90, to: ['manager'] })
    await say({ warning: 91, severity: 4 })
    await say({ warning: 92, kind: 'ladder' })
    await say({ warning: 93, org: trest.id })
    await say({ warning: 94, kind: 'exercise' })
    await say({ warning: 95, now: tuesday + 24 * hour })
    const { rows: held } = await db.engine.query(
      `select warning_id, reason from deliveries where state = 'held'`,
    )
    expect(held).toEqual([{ warning_id: 90, reason: 'budget' }])
  })

  it('two findings at once cannot both be the last one', async () => {
    for (let i = 0; i < dailyLimit - 1; i++) await say({ warning: i })
    await Promise.all([1, 2, 3, 4].map((i) => say({ warning: 100 + i })))
    const { rows: found } = await db.engine.query(
      `select count(distinct topic)::int as n from deliveries where state = 'queued'`,
    )
    expect(found).toEqual([{ n: dailyLimit }])
  })

  it('an update comes once in six hours unless the severity rises', async () => {
    await say({})
    await say({ kind: 'update', now: tuesday + hour })
    await say({ kind: 'update', severity: 4, now: tuesday + 2 * hour })
    await say({ kind: 'update', severity: 4, now: tuesday + 3 * hour })
    await say({ kind: 'update', severity: 4, now: tuesday + 9 * hour })
    await say({ kind: 'relapse', now: tuesday + 9.5 * hour })
    const { rows: found } = await db.engine.query(
      `select state, reason from deliveries where person_id = (select id from people where name = 'Jana Správná') order by id`,
    )
    expect(found.map((row) => row.reason ?? row.state)).toEqual([
      'queued',
      'six-hours',
      'queued',
      'six-hours',
      'queued',
      'queued',
    ])
  })

  it('a question or its reply comes at once, whatever the severity, and stands in nobody’s way', async () => {
    await say({ to: ['manager'] })
    await say({ to: ['manager'], kind: 'talk', now: tuesday + hour })
    await say({ to: ['manager'], kind: 'talk', severity: 0, now: tuesday + 5 * hour })
    await say({ to: ['manager'], kind: 'update', now: tuesday + 7 * hour })
    expect(await rows()).toEqual(Array(4).fill('Radka Ředitelka queued'))
    for (let i = 0; i < dailyLimit; i++) await say({ warning: 10 + i, kind: i % 2 ? 'new' : 'talk' })
    await say({ warning: 90 })
    expect((await rows()).filter((line) => line.includes('held'))).toEqual([])
    for (let i = 0; i < dailyLimit; i++) await say({ warning: 100 + i })
    await say({ to: ['manager'], kind: 'talk', now: tuesday + 8 * hour })
    expect((await rows()).at(-1)).toBe('Radka Ředitelka queued')
  })

  it('who left ordinary single mails gets escalations and talk of medium in the digest, of high at once', async () => {
    await db.engine.query(
      `insert into mail_choices (address_key, singles, changed_at) values (address_key($1), false, now())`,
      [radka.email.toUpperCase()],
    )
    await say({ to: ['manager'], kind: 'ladder', severity: 2 })
    await say({ to: ['manager'], kind: 'ladder', severity: 3 })
    await say({ to: ['manager'], kind: 'talk', severity: 2 })
    await say({ to: ['manager'], kind: 'talk', severity: 3 })
    const twice = ['Radka Ředitelka held unsubscribed', 'Radka Ředitelka queued']
    expect(await rows()).toEqual([...twice, ...twice])
  })
})
