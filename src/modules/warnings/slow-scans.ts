/** Slow scans (W7): what one source reached in days, counted from the log for the few candidates. */
import type { Queryable } from '../../platform/database.ts'
import { maybeSlowScan } from '../events/index.ts'
import type { Episode } from './gather.ts'
import { researchList } from './gather.ts'
import type { SlowScan } from './rules/w7.ts'
import type { Params } from './rules.ts'

const hourMs = 3_600_000

/** Members' episodes whose source did enough there, and slowly, that counting its addresses and ports is worth it. */
export async function slowCandidates(
  tx: Queryable,
  episodes: Episode[],
  { hourly = 5, addresses = 20, ports = 10, days = 7 }: Params,
): Promise<Set<number>> {
  const ids = episodes.filter((e) => e.org > 0 && e.side === 2).map((e) => e.id)
  if (ids.length === 0) return new Set()
  const slow = maybeSlowScan('e', { hourly: '$2', addresses: '$3', ports: '$4', days: '$5' })
  const { rows } = await tx.query<{ id: number }>(
    `select e.id from episodes e where e.id = any ($1) and ${slow}`,
    [ids, hourly, addresses, ports, days],
  )
  return new Set(rows.map((row) => row.id))
}

/** At how many events of the episode the next look is worth it: each can bring one more address or port, no more. */
export function nextLook(episode: Episode, seen: SlowScan, missing: number, { hourly = 5 }: Params): number {
  const waits = seen.busiest > hourly || seen.research !== null
  return episode.events + Math.max(1, missing, waits ? hourly : 0)
}

/**
 * What one source reached at one member in the days before its last event. Its busiest hour is that of the whole
 * perimeter: who is loud elsewhere goes unnoticed nowhere. Answers `followed`: an attempt came from it too.
 */
export async function slowScanOf(
  tx: Queryable,
  episode: Episode,
  days: number,
): Promise<SlowScan & { followed: boolean }> {
  const to = Math.floor(episode.last / hourMs)
  const { rows } = await tx.query<{
    addresses: number
    ports: number
    host: string | null
    busiest: number
    followed: boolean
  }>(
    `with m as (select host, port, hour, class_id from matches where org_id = $1 and key_id = $2 and side = 2 and lane = $3
         and exercise is not distinct from $4 and not archive and hour between $5 and $6),
     hosts as (select host, count(distinct port) as ports from m where host is not null group by host)
     select (select count(*)::int from hosts) as addresses, coalesce((select max(ports)::int from hosts), 0) as ports,
       (select host(host) from hosts order by ports desc, host limit 1) as host,
       greatest((select max(n) from (select count(*) as n from m group by hour) h),
         (select max(n) from (select sum(events) as n from detections where key_id = $2 and org_id = 0 and lane = $3
           and hour between $5 and $6 group by hour) p), 0)::int as busiest,
       exists (select 1 from m join classes c on c.id = m.class_id where c.name like 'attempt%') as followed`,
    [episode.org, episode.key, episode.lane, episode.exercise, to - days * 24, to],
  )
  const found = rows[0] ?? { addresses: 0, ports: 0, host: null, busiest: 0, followed: false }
  return { ...found, members: 0, research: researchList(episode.labels) }
}

/** The same over the whole sector, for a perimeter episode; only addresses of members count. */
export async function sectorScanOf(tx: Queryable, episode: Episode, days: number): Promise<SlowScan> {
  const to = Math.floor(episode.last / hourMs)
  const { rows } = await tx.query<{ addresses: number; members: number; busiest: number }>(
    `with d as (select distinct org_id from detections where key_id = $1 and org_id > 0 and side = 2 and lane = $2 and hour between $4 and $5),
     m as (select m.host, m.org_id from d join matches m on m.org_id = d.org_id and m.key_id = $1 and m.side = 2 and m.lane = $2
       and m.exercise is not distinct from $3 and not m.archive and m.hour between $4 and $5)
     select count(distinct host)::int as addresses, count(distinct org_id)::int as members,
       coalesce((select max(n)::int from (select sum(events) as n from detections where key_id = $1 and org_id = 0 and lane = $2
         and hour between $4 and $5 group by hour) h), 0) as busiest
     from m`,
    [episode.key, episode.lane, episode.exercise, to - days * 24, to],
  )
  const found = rows[0] ?? { addresses: 0, members: 0, busiest: 0 }
  return { ...found, ports: 0, host: null, research: researchList(episode.labels) }
}
