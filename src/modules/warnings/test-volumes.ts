/** How much of an hour's volume belongs to tests that the member announced. */
import type { Queryable } from '../../platform/database.ts'
import { bounds } from '../../values/inet.ts'
import type { Running } from './announced-match.ts'

export interface Announced {
  events: number
  /** Episodes of these events that led to no warning. */
  episodes: number[]
  test: Running
}

const hourMs = 3_600_000

/**
 * Events of one member and kind in one hour that come from an announced tester, or were meant for hosts announced as
 * tested while nobody knows the tester: of these only what did not get through, and nothing that threatens operation.
 * Null when there are none.
 */
export async function announcedIn(
  tx: Queryable,
  tests: Running[],
  volume: { org: number; family: number; name: string },
  hour: number,
): Promise<Announced | null> {
  const start = hour * hourMs
  const own = tests.filter((t) => t.org === volume.org && t.from < start + hourMs && start < t.to)
  if (own.length === 0) return null
  const hosts = !volume.name.startsWith('availability')
  const { rows } = await tx.query<{ test: number; events: number; episodes: number[] }>(
    `with met as materialized (
       select distinct on (m.batch_id, m.idx) m.batch_id, m.idx, m.side, m.key_id, t.test
       from matches m join source_keys k on k.id = m.key_id
       join unnest($4::inet[], $5::inet[], $6::float8[], $7::float8[], $8::bool[]) with ordinality as t (lo, hi, since, until, tested, test)
         on m.detected_at >= to_timestamp(t.since / 1000.0) and m.detected_at < to_timestamp(t.until / 1000.0)
         and (k.addr between t.lo and t.hi and m.side = 2 or m.host between t.lo and t.hi and t.tested and m.verdict not in (2, 3))
       where m.org_id = $1 and m.hour = $2 and m.lane = 0 and not m.archive
         and m.class_id in (select c.id from classes c join classes f on f.name = c.family where f.id = $3)
       order by m.batch_id, m.idx, t.test)
     select test::int, count(*)::int as events,
       array(select e.id from episodes e where (e.key_id, e.side) in (select o.key_id, o.side from met o where o.test = met.test) and e.org_id = $1
         and e.family_id = $3 and e.lane = 0 and e.alias_of is null and e.outcome is distinct from 'warning'
         and e.first_at < to_timestamp(($2 + 1) * 3600.0) and e.last_at >= to_timestamp($2 * 3600.0)) as episodes
     from met group by test order by test`,
    [
      volume.org,
      hour,
      volume.family,
      ...[0, 1].map((end) => own.map((t) => bounds(t.net)[end])),
      own.map((t) => t.from),
      own.map((t) => Math.min(t.to, start + hourMs)),
      own.map((t) => hosts && t.targetsOnly),
    ],
  )
  const test = own[(rows[0]?.test ?? 0) - 1]
  if (!test) return null
  return {
    events: rows.reduce((sum, row) => sum + row.events, 0),
    episodes: [...new Set(rows.flatMap((row) => row.episodes.map(Number)))],
    test,
  }
}
