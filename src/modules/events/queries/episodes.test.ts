/** Pages of episodes: the order is that of the last event, whatever the index goes by. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHospital, createDatabase, type Hospital, type TestDatabase } from '../../../../test/harness.ts'
import { asEngine } from '../../../platform/database.ts'
import { suppressed } from '../../warnings/suppressed.ts'
import { lastBetween } from '../last-event.ts'
import { episodesOf } from './episodes.ts'

let db: TestDatabase
let hospital: Hospital
/** Around the ends of hours, and two at one moment. */
const minutes = [0, 1, 59, 60, 60, 61, 119, 120, 180, 299, 300]
const start = Date.UTC(2026, 2, 3, 8)

beforeAll(async () => {
  db = await createDatabase()
  hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
  const owner = new pg.Client({ connectionString: db.url })
  await owner.connect()
  await owner.query(`insert into classes (name, family, gap_hours) values ('x', 'x', 6)`)
  await owner.query(
    `insert into source_keys (text, counted, kind, addr) values ('198.51.100.7', true, 'address', '198.51.100.7')`,
  )
  await owner.query(
    `insert into episodes (org_id, side, lane, family_id, key_id, gap_hours, first_at, last_at, events, occurrences, dropped, passed, partial,
       share, severity, detectors, sensors, classes, ports, archive, outcome, changed_at)
     select $1, 2, 0, c.id, k.id, 6, to_timestamp($2 / 1000.0), to_timestamp($2 / 1000.0) + make_interval(mins => m), 1, 1, 1, 0, 0, 0, 1,
       '{1}', '{1}', '{1}', '{}', false, 'dropped-only', now()
     from classes c, source_keys k, unnest($3::int[]) with ordinality as u (m, at) order by md5(at::text)`,
    [hospital.id, start, minutes],
  )
  await owner.end()
})
afterAll(() => db.drop())

const newestFirst = async (): Promise<number[]> =>
  (await db.engine.query<{ id: number }>('select id from episodes order by last_at desc, id desc')).rows.map(
    (row) => row.id,
  )
const idsOf = (rows: { id: number }[]): number[] => rows.map((row) => row.id)

describe('pages of episodes', () => {
  it('of any size go over the ends of hours there and back without a gap', async () => {
    const all = await newestFirst()
    const page = (place: object, size: number) =>
      asEngine(db, (tx) => episodesOf(tx, { whose: [hospital.id] }, place, size))
    for (const size of [1, 2, 3, 4]) {
      const seen: number[] = []
      let last = await page({}, size)
      for (;;) {
        seen.push(...idsOf(last.rows))
        if (!last.older) break
        const next = await page({ older: last.older }, size)
        expect(idsOf((await page({ newer: next.newer as string }, size)).rows)).toEqual(idsOf(last.rows))
        last = next
      }
      expect(seen).toEqual(all)
    }
  })

  it('that led to no warning alike, and between any two moments', async () => {
    const all = await newestFirst()
    const seen: number[] = []
    let cursor: { at: number; id: number } | null = null
    for (;;) {
      const rows = await asEngine(db, (tx) => suppressed(tx, { org: hospital.id }, cursor, 2))
      const last = rows.at(-1)
      if (!last) break
      seen.push(...idsOf(rows))
      cursor = { at: last.lastAt, id: last.id }
    }
    expect(seen).toEqual(all)
  })

  it.each([
    [1, 60],
    [30, 61],
    [60, 120],
    [59, 299],
    [null, 60],
    [61, null],
    [null, null],
  ])('between minute %s and minute %s holds exactly those', async (from, to) => {
    const at = (minute: number | null) => (minute === null ? null : String(start + minute * 60_000))
    const { rows } = await db.engine.query<{ minute: number }>(
      `select (extract(epoch from last_at) * 1000 - ${start})::float8 / 60000 as minute from episodes e
       where ${lastBetween('e', at(from), at(to))} order by last_at`,
    )
    const wanted = minutes.filter((m) => m >= (from ?? 0) && m < (to ?? 1_000))
    expect(rows.map((row) => row.minute)).toEqual(wanted)
  })
})
