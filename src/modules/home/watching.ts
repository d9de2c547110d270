/** That the watching works: the last event and the health of the sensors the reader may see, judged as on their own page. */
import { type Tx, together } from '../../platform/database.ts'
import { type Outage, outagesSince } from '../channels/index.ts'
import { byRecency, sensorHealth } from '../events/index.ts'

export interface SensorHealth {
  id: number
  name: string
  orgName: string | null
  lastSeenAt: number | null
  newestEventAt: number | null
  /** Sends dumps of past days: its silence means nothing. */
  batch: boolean
  /** `troubled`: refused or lost records in the last hours. */
  health: 'healthy' | 'silent' | 'troubled' | 'batch' | 'never'
}

export interface Watching {
  /** ms; null when nothing was ever seen. */
  lastEventAt: number | null
  sensors: SensorHealth[]
  healthy: number
  /** Times of the last day in which hSOC itself was down, the newest first. */
  outages: Outage[]
}

const dayMs = 86_400_000

const words = { waiting: 'never', silent: 'silent', losing: 'troubled', well: 'healthy' } as const

/** `orgs`: whose events count for the last one; null for the whole perimeter. */
export async function watching(tx: Tx, orgs: number[] | null, now: number): Promise<Watching> {
  const { known, last, outages } = await together({
    known: sensorHealth(tx, { now }),
    last: orgs === null ? null : lastEvent(tx, orgs),
    outages: outagesSince(tx, now - dayMs),
  })
  const sensors = known
    .filter((one) => one.rights.includes('write') && (orgs === null || orgs.includes(one.org ?? 0)))
    .flatMap((one): SensorHealth[] => {
      if (one.health === 'disabled') return []
      const { id, name, batch, organisation: orgName } = one
      const times = { lastSeenAt: timeOf(one.last_seen_at), newestEventAt: timeOf(one.newest_event_at) }
      const health = batch && one.health === 'well' ? 'batch' : words[one.health]
      return [{ id, name, orgName, batch, ...times, health }]
    })
    .sort((a, b) => a.name.localeCompare(b.name))
  const seen = [last, ...sensors.map((one) => one.newestEventAt)].filter((at) => at !== null)
  return {
    lastEventAt: seen.length > 0 ? Math.min(now, Math.max(...seen)) : null,
    sensors,
    healthy: sensors.filter((one) => one.health === 'healthy').length,
    outages,
  }
}

/** When the newest event of some organisations happened, ms; of the perimeter the sensors tell it. */
async function lastEvent(tx: Tx, orgs: number[]): Promise<number | null> {
  const { rows } = await tx.query<{ at: number | null }>(
    `select extract(epoch from max(l.last_at))::float8 * 1000 as at from unnest($1::int[]) o (id)
     cross join lateral (select e.last_at from episodes e where e.org_id = o.id and e.alias_of is null and ${byRecency('e')} order by e.last_hour desc, e.last_at desc limit 1) l`,
    [orgs],
  )
  return rows[0]?.at ?? null
}

const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text))
