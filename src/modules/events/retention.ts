/** Raw events, sums, samples and what is known of sensors' requests are kept for their periods (platform/retention.ts); the keys against duplicates never less than 30 days. */
import { type Database, transaction } from '../../platform/database.ts'
import { before, periods } from '../../platform/retention.ts'

const keyDays = 30
const batchesAtOnce = 500

/**
 * Removes one portion of the batches received before a moment, with their events and keys, and marks their days as
 * purged in the same transaction; answers the batches removed. A batch may be younger or older than its neighbours by
 * id: a file can be read in with the time at which it was received elsewhere, so each is judged by its own time.
 */
async function purgeSome(db: Database, beforeMs: number, zone: string, now: number): Promise<number> {
  return transaction(db.engine, async (tx) => {
    const { rows } = await tx.query<{ id: number }>(
      `select id from batches where received_at < to_timestamp($1 / 1000.0) and first_serial is not null
       order by id limit $2`,
      [beforeMs, batchesAtOnce],
    )
    const ids = rows.map((row) => row.id)
    if (ids.length === 0) return 0
    await tx.query(
      `insert into days (day, revision, changed_at, purged_at)
       select distinct (to_timestamp(hour * 3600.0) at time zone $2)::date, 1, to_timestamp($3 / 1000.0), to_timestamp($3 / 1000.0)
       from events where batch_id = any ($1)
       on conflict (day) do update set purged_at = coalesce(days.purged_at, excluded.purged_at)`,
      [ids, zone, now],
    )
    await tx.query('delete from matches where batch_id = any ($1)', [ids])
    await tx.query('delete from events where batch_id = any ($1)', [ids])
    // The bounds let the block range index skip the rest of the keys in one pass.
    await tx.query('delete from event_keys where batch_id between $2 and $3 and batch_id = any ($1)', [
      ids,
      ids[0],
      ids.at(-1),
    ])
    await tx.query('delete from batches where id = any ($1)', [ids])
    return ids.length
  })
}

/**
 * Forgets what is past its time, in portions. `rawDays` goes before the set period of raw events; below 30 it counts as
 * 30. Answers how many batches went.
 */
export async function purge(
  db: Database,
  rawDays: number | null,
  zone: string,
  now: number,
): Promise<number> {
  const days = await periods(db.engine)
  const rawBefore = before(Math.max(rawDays ?? days.raw_events, keyDays), now)
  let gone = 0
  for (let some = -1; some !== 0; gone += some) some = await purgeSome(db, rawBefore, zone, now)
  const oldHour = Math.floor(before(days.sums, now) / 3_600_000)
  // An archive read in lately is old by its events and young by its receipt: its sums stay as long as its events.
  const logged = 'exists (select 1 from events e where e.hour = d.hour)'
  await db.engine.query(`delete from detections d where d.hour < $1 and not ${logged}`, [oldHour])
  await db.engine.query(`delete from totals d where d.hour < $1 and not ${logged}`, [oldHour])
  await db.engine.query(`delete from sensor_minutes where minute < to_timestamp($1 / 1000.0)`, [
    before(days.sensor_minutes, now),
  ])
  await db.engine.query(`delete from sensor_batches where at < to_timestamp($1 / 1000.0)`, [
    before(days.sensor_batches, now),
  ])
  await db.engine.query(`delete from rejects where at < to_timestamp($1 / 1000.0)`, [
    before(days.rejects, now),
  ])
  return gone
}
