/** That the watching works: the last event and the health of the sensors the reader may see. */
import type { Queryable } from '../../platform/database.ts'

export interface SensorHealth {
  id: number
  name: string
  orgName: string | null
  lastSeenAt: number | null
  newestEventAt: number | null
  /** Sends dumps of past days: its silence means nothing. */
  batch: boolean
  /** A warning about its silence or losses is open. */
  troubled: boolean
  health: 'healthy' | 'silent' | 'troubled' | 'batch' | 'never'
}

export interface Watching {
  /** ms; null when nothing was ever seen. */
  lastEventAt: number | null
  sensors: SensorHealth[]
  healthy: number
}

/** Older than this without a word, a sensor is shown as silent; the rule for warnings knows each one's habit. */
const quietMs = 3_600_000

type Row = Omit<SensorHealth, 'health'>

/** `orgs`: whose events count for the last one; null for the whole perimeter. */
export async function watching(tx: Queryable, orgs: number[] | null, now: number): Promise<Watching> {
  const { rows } = await tx.query<Row & Record<string, unknown>>(
    `select s.id, s.name, o.name as "orgName", extract(epoch from s.last_seen_at)::float8 * 1000 as "lastSeenAt",
       extract(epoch from s.newest_event_at)::float8 * 1000 as "newestEventAt", s.batch,
       exists (select 1 from warnings w where w.sensor_id = s.id and w.rule = 'W5' and w.state <> 'closed') as troubled
     from sensors s left join organisations o on o.id = s.org_id
     where s.disabled_at is null and s.can_write and ($1::int[] is null or s.org_id = any ($1)) order by s.name`,
    [orgs],
  )
  const sensors = rows.map((row): SensorHealth => ({ ...row, health: healthOf(row, now) }))
  const { rows: last } = await tx.query<{ at: number | null }>(
    `select extract(epoch from max(l.last_at))::float8 * 1000 as at from unnest($1::int[]) o (id)
     cross join lateral (select e.last_at from episodes e where e.org_id = o.id and e.alias_of is null order by e.last_at desc, e.id desc limit 1) l`,
    [orgs ?? [0]],
  )
  const known = [last[0]?.at ?? null, ...sensors.map((one) => one.newestEventAt)].filter((at) => at !== null)
  return {
    lastEventAt: known.length > 0 ? Math.min(now, Math.max(...known)) : null,
    sensors,
    healthy: sensors.filter((one) => one.health === 'healthy').length,
  }
}

function healthOf(row: Row, now: number): SensorHealth['health'] {
  if (row.troubled) return 'troubled'
  if (row.lastSeenAt === null) return 'never'
  if (row.batch) return 'batch'
  return now - row.lastSeenAt > quietMs ? 'silent' : 'healthy'
}
