import { afterAll, beforeAll, expect, it } from 'vitest'
import { addPerson, createDatabase, type TestDatabase } from '../../../../test/harness.ts'
import { type Actor, asActor } from '../../../platform/access.ts'
import { type DayFigures, dayFigures } from './day.ts'

const zone = 'Europe/Prague'
let db: TestDatabase
let coordinator: Actor

/** So many events of the perimeter in the hour that begins at that instant. */
const happened = (at: string, events: number): Promise<unknown> =>
  db.engine.query(
    `insert into totals (hour, org_id, lane, dim, dim_id, events, occurrences, dropped, passed, partial, share)
     values ($1, 0, 0, 0, 0, $2::int, $2::int, 0, 0, 0, 0)`,
    [Math.floor(Date.parse(at) / 3_600_000), events],
  )
const figures = (now: string): Promise<DayFigures> =>
  asActor(db, coordinator, Date.parse(now), (tx) =>
    dayFigures(tx, { day: '2026-03-17', zone, org: null, now: Date.parse(now) }),
  )

beforeAll(async () => {
  db = await createDatabase()
  coordinator = await addPerson(db, 'Dana Koordinátorová', [['coordinator', null]])
  // Two of the four Tuesdays before; a Wednesday and a fifth Tuesday are not the usual day.
  await happened('2026-03-10T08:00:00Z', 10)
  await happened('2026-03-10T20:00:00Z', 30)
  await happened('2026-03-03T08:00:00Z', 20)
  await happened('2026-03-11T08:00:00Z', 900)
  await happened('2026-02-10T08:00:00Z', 900)
  await happened('2026-03-17T08:00:00Z', 40)
})
afterAll(() => db?.drop())

it('a day is held against the same weekdays of four weeks', async () => {
  const { usual } = await figures('2026-03-18T10:00:00Z')
  expect(usual).toEqual({ days: 2, events: 30, ratio: 40 / 30 })
})

it('a day that still runs is held against them up to the same hour', async () => {
  const { usual } = await figures('2026-03-17T12:30:00Z')
  expect(usual).toEqual({ days: 2, events: 30, ratio: 40 / 15 })
})
