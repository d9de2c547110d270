/** getLoss: what became of everything that a sender says it sent. */
import { type Actor, asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import type { Queryable } from '../../../platform/database.ts'
import type { Sensor } from '../sensors.ts'

export interface Loss {
  client: string
  batches: { announced: number; received: number; retries: number; missing: [number, number][] }
  events: {
    received: number
    saved: number
    duplicate: number
    rejected: number
    deferred: number
    lost_at_sender: number
  }
  rejected: Record<string, number>
  silent: [string, string][]
  id_conflicts: number
}

const hourOf = (ms: number): number => Math.floor(ms / 3_600_000)

/** The account of a sensor for the hours from `fromMs` to `toMs`; `db` decides what the asker may see. */
export async function lossOf(
  db: Queryable,
  sensor: { id: number; name: string },
  fromMs: number,
  toMs: number,
): Promise<Loss> {
  const range = [sensor.id, hourOf(fromMs), hourOf(toMs - 1)]
  const { rows: sums } = await db.query<Record<string, number>>(
    `select coalesce(sum(received), 0)::bigint as received, coalesce(sum(stored), 0)::bigint as saved, coalesce(sum(duplicate), 0)::bigint as duplicate,
       coalesce(sum(refused), 0)::bigint as rejected, coalesce(sum(deferred), 0)::bigint as deferred, coalesce(sum(lost), 0)::bigint as lost,
       coalesce(sum(conflict), 0)::bigint as conflict
     from loss where sensor_id = $1 and hour between $2 and $3`,
    range,
  )
  const { rows: reasons } = await db.query<{ code: string; n: number }>(
    `select coalesce(substring(reason from '^\\d{3}'), '460') as code, sum(n)::bigint as n from loss_reasons
     where sensor_id = $1 and hour between $2 and $3 group by 1 order by 1`,
    range,
  )
  const s = sums[0] as Record<string, number>
  return {
    client: sensor.name,
    batches: await batchesOf(db, sensor.id, fromMs, toMs),
    events: {
      received: s.received ?? 0,
      saved: s.saved ?? 0,
      duplicate: s.duplicate ?? 0,
      rejected: s.rejected ?? 0,
      deferred: s.deferred ?? 0,
      lost_at_sender: s.lost ?? 0,
    },
    rejected: Object.fromEntries(reasons.map((r) => [r.code, r.n])),
    silent: await silences(db, sensor.id, fromMs, toMs),
    id_conflicts: s.conflict ?? 0,
  }
}

/** Batches that a sender numbered from 1 in each of its runs, and those that never came among them. */
export async function batchesOf(
  db: Queryable,
  sensor: number,
  fromMs: number,
  toMs: number,
): Promise<Loss['batches']> {
  const { rows } = await db.query<{ seq: number; before: number; tries: number }>(
    `select seq, before, tries from (
       select run, seq, at, tries, coalesce(lag(seq) over (partition by run order by seq), least(seq, 1) - 1) as before
       from sensor_batches where sensor_id = $1) b
     where at >= to_timestamp($2 / 1000.0) and at < to_timestamp($3 / 1000.0) order by run, seq limit 200000`,
    [sensor, fromMs, toMs],
  )
  const missing: [number, number][] = []
  let announced = 0
  let retries = 0
  for (const { seq, before, tries } of rows) {
    announced += seq - before
    retries += tries - 1
    if (seq - before > 1) missing.push([before + 1, seq - 1])
  }
  return { announced, received: rows.length, retries, missing }
}

/** Pauses of more than fifteen minutes between requests. */
async function silences(
  db: Queryable,
  sensor: number,
  fromMs: number,
  toMs: number,
): Promise<[string, string][]> {
  const { rows } = await db.query<{ since: Date; until: Date }>(
    `select since, until from (
       select minute as until, lag(minute) over (order by minute) as since from sensor_minutes
       where sensor_id = $1 and minute >= to_timestamp($2 / 1000.0) and minute < to_timestamp($3 / 1000.0)) g
     where until - since > interval '15 minutes' order by since limit 200`,
    [sensor, fromMs, toMs],
  )
  return rows.map((r) => [r.since.toISOString(), r.until.toISOString()])
}

/** The account as `actor` may see it. */
export const lossFor = (
  context: Context,
  actor: Actor,
  sensor: Sensor,
  fromMs: number,
  toMs: number,
  now: number,
): Promise<Loss> => asActor(context.db, actor, now, (tx) => lossOf(tx, sensor, fromMs, toMs))
