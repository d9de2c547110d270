import { afterAll, beforeAll, expect, it } from 'vitest'
import { contextOf } from '../../../test/belongings.ts'
import { addHospital, addPerson, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import type { Actor } from '../../platform/access.ts'
import { homeZone } from '../../platform/dates.ts'
import { accountLetter } from '../channels/account-mail.ts'
import { addAction, addGoal } from './plan-goals.ts'
import { moveDate, update } from './plan-progress.ts'
import { remindOfPlan } from './reminders.ts'

const day = 86_400_000
const on = (days: number): string => new Date(tuesday + days * day).toISOString().slice(0, 10)

let db: TestDatabase
let klara: Actor
let step: number
beforeAll(async () => {
  db = await createDatabase()
  const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', [])
  klara = await addPerson(db, 'Klara', [['coordinator', null]])
  await addPerson(db, 'Radka', [['representative', hospital]])
  await addPerson(db, 'Otto', [['operator', null]])
  const goal = await addGoal(
    db,
    klara,
    { title: { cs: 'Včas varovat', en: 'Warn in time' }, paragraph: '' },
    tuesday,
  )
  const add = (cs: string, dueOn: string): Promise<number> =>
    addAction(
      db,
      klara,
      { goal, title: { cs, en: '' }, owner: 'hSOC-Tech', public: true, startOn: on(0), dueOn },
      tuesday,
    )
  step = await add('Senzory v pěti nemocnicích', on(30))
  const done = await add('Hotový krok', on(15))
  const text = { cs: 'není třeba', en: '' }
  await update(db, klara, done, { status: 'stopped', progress: 0, text }, tuesday)
})
afterAll(() => db.drop())

/** Queued since it was last asked: to whom, and how many days before. */
async function queued(days: number): Promise<string[]> {
  await remindOfPlan(db, homeZone, tuesday + days * day)
  const { rows } = await db.engine.query<{ address: string; detail: { days: number; due: string } }>(
    `delete from deliveries where kind = 'account' returning address, detail`,
  )
  return rows.map(({ address, detail }) => `${address.split('@')[0]} ${detail.days} ${detail.due}`)
}

it('tells coordinators two weeks before a date and on it, once each, and again when the date was moved', async () => {
  expect(await queued(15)).toEqual([])
  expect(await queued(16)).toEqual([`klara 14 ${on(30)}`])
  expect(await queued(16)).toEqual([])
  expect(await queued(20)).toEqual([])
  await moveDate(db, klara, step, { newOn: on(60), reason: { cs: 'dodavatel', en: '' } }, tuesday + 21 * day)
  expect(await queued(30)).toEqual([])
  expect(await queued(50)).toEqual([`klara 14 ${on(60)}`])
  // Nothing ran on the day itself.
  expect(await queued(62)).toEqual([`klara 0 ${on(60)}`])
  expect(await queued(63)).toEqual([])
})

it('says in the reader’s language what is due, who answers for it and what to do', async () => {
  await db.engine.query('update plan_actions set reminded_for = null, reminded_days = null')
  await remindOfPlan(db, homeZone, tuesday + 60 * day)
  const { rows } = await db.engine.query(`select * from deliveries where kind = 'account'`)
  const { context, stop } = contextOf(db)
  const letterIn = (language: 'cs' | 'en') =>
    accountLetter(context, rows[0] as never, { actor: { ...klara, language } } as never, tuesday)
  for (const [language, words] of [
    ['cs', ['Senzory v pěti nemocnicích', 'hSOC-Tech', 'posuňte termín']],
    ['en', ['Senzory v pěti nemocnicích', 'hSOC-Tech', 'move the date']],
  ] as const) {
    const said = JSON.stringify(letterIn(language))
    for (const word of words) expect(said).toContain(word)
    expect(said).toContain(`/site/actions/${step}`)
  }
  await stop()
})

it('tells the moderators of the group that owns a step, and the coordinators where nobody leads it', async () => {
  const { rows: groups } = await db.engine.query<{ id: number }>(
    `select id from groups where slug = 'hsoc-tech'`,
  )
  const hospital = await addHospital(db, 'Nemocnice Dolní Smyšlenka', [])
  await db.engine.query(`update organisations set status = 'participant' where id = $1`, [hospital.id])
  const mojmir = await addPerson(db, 'Mojmir', [['admin', hospital]])
  const given = [groups[0]?.id, mojmir.person, hospital.id, tuesday]
  await db.engine.query(
    `insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at) values ($1, $2, $3, $2, to_timestamp($4 / 1000.0))`,
    given,
  )
  const again = async (): Promise<string[]> => {
    await db.engine.query(
      `delete from deliveries where kind = 'account'; update plan_actions set reminded_for = null, reminded_days = null`,
    )
    await remindOfPlan(db, homeZone, tuesday + 60 * day)
    const { rows } = await db.engine.query<{ address: string }>(
      `select address from deliveries where kind = 'account' order by address`,
    )
    return rows.map(({ address }) => address.split('@')[0] ?? '')
  }
  // Appointed, but without a seat: nobody leads it.
  expect(await again()).toEqual(['klara'])
  await db.engine.query(
    `insert into seats (group_id, person_id, org_id, way, state, given_by, since) values ($1, $2, $3, 'taken', 'held', $2, to_timestamp($4 / 1000.0))`,
    given,
  )
  expect(await again()).toEqual(['mojmir'])
  const { rows } = await db.engine.query(`select * from deliveries where kind = 'account'`)
  const { context, stop } = contextOf(db)
  for (const [language, plan] of [
    ['cs', '/cs/'],
    ['en', '/en/'],
  ] as const) {
    const said = JSON.stringify(
      accountLetter(context, rows[0] as never, { actor: { ...mojmir, language } } as never, tuesday),
    )
    expect(said).toContain(`https://hsoc.example${plan}`)
    expect(said).not.toMatch(/\/site\/actions|mails\./)
  }
  await stop()
})
