/** The slow way to an episode: from the key's detections and the log, whatever the order in which they came. */
import type { Tx } from '../../platform/database.ts'
import { episodesOf, type Span } from './episodes.ts'

export interface Key {
  org_id: number
  side: number
  lane: number
  exercise: string | null
  family_id: number
  key_id: number
  base: number
}

interface Stored {
  id: number
  first_ms: number
  last_ms: number
}

const values = (key: Key): unknown[] => [
  key.org_id,
  key.side,
  key.lane,
  key.exercise,
  key.family_id,
  key.key_id,
]
const where = `e.org_id = $1 and e.side = $2 and e.lane = $3 and e.exercise is not distinct from $4 and e.family_id = $5 and e.key_id = $6`

/** The spans that a key's rows make. Test and exercise rows of several exercises share detections, so those read the log. */
export async function spansOf(tx: Tx, key: Key): Promise<Span[]> {
  const { rows } = await tx.query<{ first: number; last: number }>(
    key.exercise === null
      ? `select extract(epoch from min(d.first_at))::float8 * 1000 as first, extract(epoch from max(d.last_at))::float8 * 1000 as last
         from detections d join classes c on c.id = d.class_id join classes f on f.name = c.family
         where d.org_id = $1 and d.side = $2 and d.lane = $3 and $4::text is null and f.id = $5 and d.key_id = $6 group by d.hour`
      : `select extract(epoch from min(m.detected_at))::float8 * 1000 as first, extract(epoch from max(m.detected_at))::float8 * 1000 as last
         from matches m join classes c on c.id = m.class_id join classes f on f.name = c.family
         where m.org_id = $1 and m.side = $2 and m.lane = $3 and m.exercise = $4 and f.id = $5 and m.key_id = $6 group by m.hour`,
    values(key),
  )
  return episodesOf(rows, key.base)
}

/** Counts and sets of one span, from the detections (sums) and the log (sets). */
async function contentsOf(tx: Tx, key: Key, span: Span): Promise<Record<string, unknown>> {
  const log = key.org_id === 0 ? 'events' : 'matches'
  const side = key.org_id === 0 ? '$2::int = 0' : 'm.org_id = $1 and m.side = $2'
  const keys = key.org_id === 0 ? '(m.key_id = $6 or $6 = any (m.more_keys))' : 'm.key_id = $6'
  const { rows } = await tx.query(
    `select count(*)::int as events, coalesce(sum(weight), 0)::bigint as occurrences, (count(*) filter (where verdict = 1))::int as dropped,
       (count(*) filter (where verdict = 2))::int as passed, (count(*) filter (where verdict = 3))::int as partial,
       coalesce(sum(share) filter (where verdict = 3), 0)::bigint as share, coalesce(max(severity), 0)::int as severity,
       coalesce(bool_and(archive), false) as archive,
       coalesce((array(select distinct d from unnest(array_agg(distinct detector_id)) d order by d limit 256)), '{}') as detectors,
       coalesce((array(select distinct d from unnest(array_agg(distinct sensor_id)) d order by d limit 256)), '{}') as sensors,
       coalesce((array(select distinct d from unnest(array_agg(distinct class_id)) d order by d limit 256)), '{}') as classes,
       coalesce((array(select distinct d from unnest(array_agg(distinct port)) d where d is not null order by d limit 256)), '{}') as ports
     from ${log} m join classes c on c.id = m.class_id join classes f on f.name = c.family
     where $1::int is not null and ${side} and m.lane = $3 and m.exercise is not distinct from $4 and f.id = $5 and ${keys}
       and m.hour between floor($7::float8 / 3600000)::int and floor($8::float8 / 3600000)::int`,
    [...values(key), span.first, span.last],
  )
  return rows[0] as Record<string, unknown>
}

const columns = [
  'events',
  'occurrences',
  'dropped',
  'passed',
  'partial',
  'share',
  'severity',
  'archive',
  'detectors',
  'sensors',
  'classes',
  'ports',
]

async function write(
  tx: Tx,
  key: Key,
  span: Span,
  id: number | undefined,
  now: number,
  continues: number | null,
): Promise<number> {
  const contents = await contentsOf(tx, key, span)
  const own = [span.first, span.last, span.gap, now, continues, ...columns.map((c) => contents[c])]
  const set = columns.map((c, i) => `${c} = $${i + 7}`).join(', ')
  if (id !== undefined) {
    await tx.query(
      `update episodes set first_at = to_timestamp($2 / 1000.0), last_at = to_timestamp($3 / 1000.0), gap_hours = $4,
         changed_at = to_timestamp($5 / 1000.0), continues = $6, state = 'open', dirty = true, targets = null, ${set} where id = $1`,
      [id, ...own],
    )
    return id
  }
  const { rows } = await tx.query<{ id: number }>(
    `insert into episodes (org_id, side, lane, exercise, family_id, key_id, first_at, last_at, gap_hours, changed_at, continues, ${columns.join(', ')})
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7 / 1000.0), to_timestamp($8 / 1000.0), $9, to_timestamp($10 / 1000.0), $11,
       ${columns.map((_, i) => `$${i + 12}`).join(', ')}) returning id`,
    [...values(key), ...own],
  )
  return rows[0]?.id as number
}

/** Recomputes one key: stored episodes keep their id by overlap, the older one survives a merge, the younger becomes its alias. */
async function recompute(tx: Tx, key: Key, now: number): Promise<void> {
  const spans = await spansOf(tx, key)
  const { rows: stored } = await tx.query<Stored>(
    `select id, extract(epoch from first_at)::float8 * 1000 as first_ms, extract(epoch from last_at)::float8 * 1000 as last_ms
     from episodes e where ${where} and alias_of is null order by id`,
    values(key),
  )
  const free = new Set(stored)
  let before: number | null = null
  for (const span of spans) {
    const overlapping = [...free].filter((e) => e.first_ms <= span.last && e.last_ms >= span.first)
    const [keeper, ...merged] = overlapping
    for (const e of overlapping) free.delete(e)
    const id: number = await write(tx, key, span, keeper?.id, now, span.continues ? before : null)
    if (merged.length > 0)
      await tx.query(
        `update episodes set alias_of = $1, state = 'closed', dirty = false where id = any ($2) or alias_of = any ($2)`,
        [id, merged.map((e) => e.id)],
      )
    before = id
  }
  // An episode whose rows are gone (a corrected register) is kept, closed and empty.
  for (const e of free)
    await tx.query(
      `update episodes set state = 'closed', events = 0, outcome = 'no-match', dirty = false where id = $1`,
      [e.id],
    )
}

/** Recomputes the keys that the fast ways could not place. */
export async function recomputeKeys(tx: Tx, now: number): Promise<void> {
  const { rows } = await tx.query<Key>(
    `select distinct org_id, side, lane, exercise, family_id, key_id, base from touched where way = 'slow' order by 1, 2, 3, 4, 5, 6`,
  )
  for (const key of rows) await recompute(tx, key, now)
}
