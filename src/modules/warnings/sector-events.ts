/** The sector's events of one kind: what stands behind a coordinators' warning that has neither member nor episodes. */
import type { Queryable } from '../../platform/database.ts'
import type { EventRow } from './types.ts'

/** The last event shown, `at` in ms: the next page goes on before it. */
export interface EventCursor {
  at: number
  batch: number
  idx: number
}

/** Where a warning's events lie. `org` 0: the sector; `key` null: all sources; `first` and `last` UTC hours since 1970. */
export interface Span extends Record<string, unknown> {
  org: number
  side: number
  lane: number
  key: number | null
  family: number
  first: number
  last: number
}

/** Newest first; the hour leads the order, so that a page is read from the newest hours alone. Coordinators only. */
export async function sectorEventsOf(
  tx: Queryable,
  { lane, family, first, last }: Span,
  cursor: EventCursor | null,
  limit: number,
): Promise<EventRow[]> {
  const { rows } = await tx.query<EventRow & Record<string, unknown>>(
    `select e.batch_id as batch, e.idx, extract(epoch from e.detected_at)::float8 * 1000 as at, c.name as cls, 2 as side, k.text as source,
       host(e.target) as host, null as peer, e.port, e.verdict, e.severity, e.weight, n.name as sensor, d.name as detector
     from (
       select * from events m where m.hour between $1 and least($2, floor($5::float8 / 3600000)::int) and m.lane = $3
         and m.class_id in (select c.id from classes c join classes f on f.name = c.family where f.id = $4)
         and ($5::float8 is null or (m.detected_at, m.batch_id, m.idx) < (to_timestamp($5 / 1000.0), $6::bigint, $7::int))
       order by m.hour desc, m.detected_at desc, m.batch_id desc, m.idx desc limit $8) e
     join classes c on c.id = e.class_id join source_keys k on k.id = e.key_id
     left join sensors n on n.id = e.sensor_id left join detectors d on d.id = e.detector_id
     order by e.detected_at desc, e.batch_id desc, e.idx desc`,
    [first, last, lane, family, cursor?.at ?? null, cursor?.batch ?? null, cursor?.idx ?? null, limit],
  )
  return rows
}
