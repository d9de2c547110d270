import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf, seedBelongings } from '../../../test/belongings.ts'
import { addHospital, createDatabase, type TestDatabase, tuesday } from '../../../test/harness.ts'
import { purge } from './retention.ts'

const day = 86_400_000

describe('forgetting', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
    const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
    await seedBelongings(db, hospital, 'ours')
    await contextOf(db).stop()
  })
  afterAll(() => db.drop())

  const count = async (table: string): Promise<number> =>
    Number((await db.engine.query(`select count(*) as n from ${table}`)).rows[0]?.n)

  it('keeps raw events within their days', async () => {
    expect(await purge(db, 90, 'Europe/Prague', tuesday + 80 * day)).toBe(0)
    expect(await count('events')).toBe(3)
  })

  it('forgets a batch read in with an old time of receipt alone, not the younger ones before it', async () => {
    const other = await addHospital(db, 'Nemocnice Dolní Výmysl', ['192.0.2.128/25'])
    await seedBelongings(db, other, 'theirs')
    await db.engine.query(
      `update batches set received_at = received_at - interval '100 days' where id = (select max(id) from batches)`,
    )
    expect(await count('batches')).toBe(2)
    expect(await purge(db, 90, 'Europe/Prague', tuesday + day)).toBe(1)
    for (const [table, left] of [
      ['batches', 1],
      ['events', 3],
      ['matches', 3],
      ['event_keys', 3],
    ] as const)
      expect([table, await count(table)]).toEqual([table, left])
    const { rows } = await db.engine.query('select distinct batch_id from event_keys')
    expect(rows).toEqual([{ batch_id: 1 }])
    await db.engine.query('update days set purged_at = null')
  })

  it('never goes below the thirty days in which a retry must be known', async () => {
    expect(await purge(db, 1, 'Europe/Prague', tuesday + 29 * day)).toBe(0)
    expect(await count('event_keys')).toBe(3)
  })

  it('forgets raw events past their days, marks the day, and keeps the figures', async () => {
    const detections = await count('detections')
    expect(await purge(db, 90, 'Europe/Prague', tuesday + 91 * day)).toBe(1)
    for (const table of ['events', 'matches', 'batches', 'event_keys', 'rejects'])
      expect([table, await count(table)]).toEqual([table, 0])
    expect(await count('detections')).toBe(detections)
    const { rows } = await db.engine.query('select day, purged_at is not null as purged from days')
    expect(rows).toEqual([{ day: '2026-03-03', purged: true }])
  })

  it('forgets the sums after three years', async () => {
    await purge(db, 90, 'Europe/Prague', tuesday + 4 * 366 * day)
    expect([await count('detections'), await count('totals')]).toEqual([0, 0])
  })
})

describe('an archive of old events read in lately', () => {
  it('keeps its sums as long as its events, and agrees with the log', async () => {
    const db = await createDatabase()
    try {
      const hospital = await addHospital(db, 'Nemocnice Horní Výmysl', ['192.0.2.0/25'])
      await seedBelongings(db, hospital, 'ours')
      const years = 5 * 366 * day
      // Received today, though it happened five years ago.
      const later = tuesday + years
      await db.engine.query(`update batches set received_at = to_timestamp($1 / 1000.0)`, [later])
      const sums = async () =>
        (
          await db.engine.query(
            'select (select count(*)::int from detections) as detections, (select count(*)::int from totals) as totals',
          )
        ).rows[0]
      const before = await sums()
      expect(before?.detections).toBeGreaterThan(0)
      expect(await purge(db, 90, 'Europe/Prague', later + day)).toBe(0)
      expect(await sums()).toEqual(before)
    } finally {
      await db.drop()
    }
  })
})
