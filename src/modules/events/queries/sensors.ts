/** Sensors: whether they are well, and what became of everything they sent. Accounting only; content is asked elsewhere. */
import type { Tx } from '../../../platform/database.ts'
import { hourOf, hourStart } from './scope.ts'

/** In order of worry. */
export const healthStates = ['silent', 'losing', 'waiting', 'well', 'disabled'] as const
export type Health = (typeof healthStates)[number]

export interface Account {
  received: number
  stored: number
  duplicate: number
  refused: number
  deferred: number
  conflict: number
  late: number
  future: number
  repaired: number
  /** What the sender says it threw away itself. */
  lost: number
  requests: number
}

export interface SensorHealth {
  id: number
  name: string
  org: number | null
  organisation: string | null
  rights: ('read' | 'write' | 'test' | 'exercise')[]
  batch: boolean
  cert_cn: string | null
  created_at: string
  disabled_at: string | null
  last_seen_at: string | null
  newest_event_at: string | null
  health: Health
  /** Minutes of quiet after which this sensor counts as silent; null while it sends as usual. */
  quiet_after: number | null
  /** The last 24 hours. */
  day: Account
  /** Events stored in each of the last 24 hours, oldest first. */
  hours: number[]
}

const sums = [
  'received',
  'stored',
  'duplicate',
  'refused',
  'deferred',
  'conflict',
  'late',
  'future',
  'repaired',
  'lost',
  'requests',
] as const
const sumList = (prefix = ''): string =>
  sums.map((name) => `coalesce(sum(${prefix}${name}), 0)::bigint as ${name}`).join(', ')

/** Quiet that never counts as silence, minutes. */
const shortest = 15

interface Row {
  id: number
  name: string
  org_id: number | null
  org_name: string | null
  can_read: boolean
  can_write: boolean
  can_test: boolean
  can_exercise: boolean
  batch: boolean
  cert_cn: string | null
  created_at: Date
  disabled_at: Date | null
  last_seen_at: Date | null
  newest_event_at: Date | null
}

/** All sensors that the actor may see, or the one of `id`, those to worry about first. */
export async function sensorHealth(
  tx: Tx,
  { now, id }: { now: number; id?: number },
): Promise<SensorHealth[]> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    `select s.id, s.name, s.org_id, o.name as org_name, s.can_read, s.can_write, s.can_test, s.can_exercise, s.batch, s.cert_cn, s.created_at,
       s.disabled_at, s.last_seen_at, s.newest_event_at
     from sensors s left join organisations o on o.id = s.org_id where $1::int is null or s.id = $1 order by s.name`,
    [id ?? null],
  )
  const ids = rows.map((row) => row.id)
  const last = hourOf(now)
  const { rows: hours } = await tx.query<
    Account & { sensor_id: number; hour: number } & Record<string, unknown>
  >(`select sensor_id, hour, ${sums.join(', ')} from loss where sensor_id = any ($1) and hour > $2`, [
    ids,
    last - 24,
  ])
  const quiet = await habits(
    tx,
    rows
      .filter((row) => row.last_seen_at && row.last_seen_at.getTime() < now - shortest * 60_000)
      .map((row) => row.id),
    now,
  )
  const bySensor = Map.groupBy(hours, (row) => row.sensor_id)
  return rows
    .map((row) => {
      const own = bySensor.get(row.id) ?? []
      const recent = total(own.filter((hour) => hour.hour >= last - 1))
      return {
        id: row.id,
        name: row.name,
        org: row.org_id,
        organisation: row.org_name,
        rights: rightsOf(row),
        batch: row.batch,
        cert_cn: row.cert_cn,
        created_at: row.created_at.toISOString(),
        disabled_at: row.disabled_at?.toISOString() ?? null,
        last_seen_at: row.last_seen_at?.toISOString() ?? null,
        newest_event_at: row.newest_event_at?.toISOString() ?? null,
        health: healthOf(row, recent, quiet.get(row.id) ?? shortest, now),
        quiet_after: quiet.get(row.id) ?? null,
        day: total(own),
        hours: Array.from(
          { length: 24 },
          (_, i) => own.find((hour) => hour.hour === last - 23 + i)?.stored ?? 0,
        ),
      }
    })
    .sort(
      (a, b) =>
        healthStates.indexOf(a.health) - healthStates.indexOf(b.health) || a.name.localeCompare(b.name),
    )
}

function rightsOf(row: Row): SensorHealth['rights'] {
  const rights = { read: row.can_read, write: row.can_write, test: row.can_test, exercise: row.can_exercise }
  return (Object.keys(rights) as (keyof typeof rights)[]).filter((right) => rights[right])
}

const total = (rows: Account[]): Account =>
  Object.fromEntries(
    sums.map((name) => [name, rows.reduce((sum, row) => sum + Number(row[name]), 0)]),
  ) as Record<(typeof sums)[number], number> // each of the sums under its name

function healthOf(row: Row, recent: Account, quietMinutes: number, now: number): Health {
  if (row.disabled_at) return 'disabled'
  if (!row.last_seen_at) return 'waiting'
  if (!row.batch && row.last_seen_at.getTime() < now - quietMinutes * 60_000) return 'silent'
  return recent.refused > recent.received / 100 || recent.lost > 0 ? 'losing' : 'well'
}

/** Minutes of quiet that are unlike each sensor: three times the 99th percentile of its pauses in seven days, at least 15. */
async function habits(tx: Tx, ids: number[], now: number): Promise<Map<number, number>> {
  if (ids.length === 0) return new Map()
  const { rows } = await tx.query<{ sensor_id: number; p99: number }>(
    `select sensor_id, percentile_disc(0.99) within group (order by gap) as p99 from (
       select sensor_id, extract(epoch from minute - lag(minute) over (partition by sensor_id order by minute))::float8 / 60 as gap
       from sensor_minutes where sensor_id = any ($1) and minute > to_timestamp($2 / 1000.0) - interval '7 days') g
     where gap is not null group by sensor_id`,
    [ids, now],
  )
  return new Map(rows.map((row) => [row.sensor_id, Math.max(3 * row.p99, shortest)]))
}

export interface SensorHour extends Account {
  at: string
}

/** The account hour by hour between two instants, newest first; hours without a request are missing. */
export async function accountOf(tx: Tx, sensor: number, fromMs: number, toMs: number): Promise<SensorHour[]> {
  const { rows } = await tx.query<Account & { hour: number } & Record<string, unknown>>(
    `select hour, ${sumList()} from loss where sensor_id = $1 and hour between $2 and $3 group by hour order by hour desc`,
    [sensor, hourOf(fromMs), hourOf(toMs - 1)],
  )
  return rows.map(({ hour, ...account }) => ({ ...account, at: new Date(hourStart(hour)).toISOString() }))
}

/** Why records were refused, most frequent first. */
export async function refusalsOf(
  tx: Tx,
  sensor: number,
  fromMs: number,
  toMs: number,
): Promise<{ reason: string; n: number }[]> {
  const { rows } = await tx.query<{ reason: string; n: number }>(
    'select reason, sum(n)::bigint as n from loss_reasons where sensor_id = $1 and hour between $2 and $3 group by 1 order by 2 desc, 1 limit 50',
    [sensor, hourOf(fromMs), hourOf(toMs - 1)],
  )
  return rows
}

export interface RejectSample {
  id: number
  at: string
  format: string
  line: number
  event_id: string | null
  reason: string
  /** The first bytes as text; odd ones replaced. */
  sample: string
}

/** The newest samples of what was refused; operators see none. */
export async function rejectsOf(tx: Tx, sensor: number, limit = 20): Promise<RejectSample[]> {
  const { rows } = await tx.query<Omit<RejectSample, 'at' | 'sample'> & { at: Date; sample: Buffer }>(
    'select id, at, format, line, event_id, reason, sample from rejects where sensor_id = $1 order by at desc, id desc limit $2',
    [sensor, limit],
  )
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), sample: row.sample.toString('utf8') }))
}
