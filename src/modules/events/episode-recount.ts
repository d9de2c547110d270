/**
 * Holds the stored episodes against the rows that they are made of. Both are read in the order of their keys, side by
 * side, so that memory does not grow with their number.
 */
import type { Tx } from '../../platform/database.ts'
import { episodesOf } from './episodes.ts'

export interface EpisodeKey {
  org_id: number
  side: number
  lane: number
  exercise: string | null
  family_id: number
  key_id: number
}

interface Sums {
  events: number
  occurrences: number
  dropped: number
  passed: number
  partial: number
  share: number
  severity: number
}

interface Row extends EpisodeKey, Sums {
  first: number
  last: number
}

const keyColumns = ['org_id', 'side', 'lane', 'exercise', 'family_id', 'key_id'] as const
const sumColumns = ['events', 'occurrences', 'dropped', 'passed', 'partial', 'share', 'severity'] as const
const atOnce = 5_000

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`
const inOrder = `order by org_id, side, lane, exercise nulls first, family_id, key_id`

/** Exercises share the rows of detections, so theirs are read from the log. */
const logOf = (keys: string): string => `
  select 0 as org_id, 0::smallint as side, e.lane, e.exercise, e.class_id, k.key_id, e.hour, e.detected_at, e.weight, e.verdict, e.share, e.severity
  from events e cross join lateral unnest(array[e.key_id] || coalesce(e.more_keys, '{}')) k (key_id)
  where e.exercise is not null and k.key_id in (${keys}) and e.batch_id <> all (array(select id from batches where first_serial is null))
  union all
  select m.org_id, m.side, m.lane, m.exercise, m.class_id, m.key_id, m.hour, m.detected_at, m.weight, m.verdict, m.share, m.severity
  from matches m where m.exercise is not null and m.key_id in (${keys}) and m.batch_id <> all (array(select id from batches where first_serial is null))`

const hourRows = (keys: string): string => `
  select org_id, side, lane, exercise collate "C" as exercise, f.id as family_id, key_id, min(f.gap_hours) as base, hour,
    min(first) as first, max(last) as last, sum(events)::float8 as events, sum(occurrences)::float8 as occurrences, sum(dropped)::float8 as dropped,
    sum(passed)::float8 as passed, sum(partial)::float8 as partial, sum(share)::float8 as share, max(severity)::int as severity
  from (
    select org_id, side, lane, null::text as exercise, class_id, key_id, hour, ${ms('first_at')} as first, ${ms('last_at')} as last, events,
      occurrences, dropped, passed, partial, share, severity
    from detections where lane <> 2 and key_id in (${keys})
    union all
    select org_id, side, lane, exercise, class_id, key_id, hour, ${ms('min(detected_at)')}, ${ms('max(detected_at)')}, count(*), sum(weight),
      count(*) filter (where verdict = 1), count(*) filter (where verdict = 2), count(*) filter (where verdict = 3),
      coalesce(sum(share) filter (where verdict = 3), 0), max(severity)
    from (${logOf(keys)}) l group by org_id, side, lane, exercise, class_id, key_id, hour) d
  join classes c on c.id = d.class_id join classes f on f.name = c.family
  group by org_id, side, lane, exercise, f.id, key_id, hour`

const stored = (keys: string): string => `
  select org_id, side, lane, exercise collate "C" as exercise, family_id, key_id, ${ms('first_at')} as first, ${ms('last_at')} as last, events::float8 as events,
    occurrences::float8 as occurrences, dropped::float8 as dropped, passed::float8 as passed, partial::float8 as partial, share::float8 as share,
    severity::int as severity
  from episodes where alias_of is null and events > 0 and key_id in (${keys})`

type HourRow = Row & { base: number; hour: number }

/** Rows of a query, group by group of one episode's key. */
async function* groups<R extends EpisodeKey>(
  tx: Tx,
  name: string,
  sql: string,
): AsyncGenerator<{ key: EpisodeKey; rows: R[] }> {
  await tx.query(`declare ${name} no scroll cursor for ${sql}`)
  let rows: R[] = []
  for (;;) {
    const page = (await tx.query<R & Record<string, unknown>>(`fetch ${atOnce} from ${name}`)).rows
    for (const row of page) {
      if (rows[0] && order(rows[0], row) !== 0) {
        yield { key: rows[0], rows }
        rows = []
      }
      rows.push(row)
    }
    if (page.length < atOnce) break
  }
  if (rows[0]) yield { key: rows[0], rows }
  await tx.query(`close ${name}`)
}

function order(a: EpisodeKey, b: EpisodeKey): number {
  for (const column of keyColumns) {
    const [x, y] = [a[column], b[column]]
    if (x === y) continue
    if (x === null) return -1
    if (y === null) return 1
    if (typeof x === 'string' || typeof y === 'string')
      return Buffer.compare(Buffer.from(String(x)), Buffer.from(String(y)))
    return x - y
  }
  return 0
}

/** Keys in the groups of both sides, of one side alone with nothing from the other. */
async function* sideBySide(
  tx: Tx,
  keys: string,
): AsyncGenerator<{ key: EpisodeKey; hours: HourRow[]; episodes: Row[] }> {
  const left = groups<HourRow>(tx, 'hour_rows', `${hourRows(keys)} ${inOrder}, hour`)
  const right = groups<Row>(tx, 'stored_episodes', `${stored(keys)} ${inOrder}, first`)
  let a = await left.next()
  let b = await right.next()
  while (!a.done || !b.done) {
    const away = a.done ? 1 : b.done ? -1 : order(a.value.key, b.value.key)
    const key = away <= 0 ? (a.value as { key: EpisodeKey }).key : (b.value as { key: EpisodeKey }).key
    yield {
      key,
      hours: away <= 0 && !a.done ? a.value.rows : [],
      episodes: away >= 0 && !b.done ? b.value.rows : [],
    }
    if (away <= 0) a = await left.next()
    if (away >= 0) b = await right.next()
  }
}

function expected(hours: HourRow[]): Row[] {
  return episodesOf(hours, hours[0]?.base ?? 6).map((span) => {
    const inside = hours.filter((row) => row.first >= span.first && row.last <= span.last)
    const total: Sums = {
      events: 0,
      occurrences: 0,
      dropped: 0,
      passed: 0,
      partial: 0,
      share: 0,
      severity: 0,
    }
    for (const row of inside) {
      for (const column of sumColumns) if (column !== 'severity') total[column] += row[column]
      total.severity = Math.max(total.severity, row.severity)
    }
    return { ...(hours[0] as HourRow), ...total, first: span.first, last: span.last }
  })
}

const told = (rows: Row[]): string =>
  rows.map((row) => [row.first, row.last, ...sumColumns.map((column) => row[column])].join(' ')).join('; ')

export interface EpisodeDifference {
  key: EpisodeKey
  stored: string
  counted: string
}

/** An episode of an exercise is made of the log itself: where that was forgotten, nothing can be said of it. */
const isForgotten = (row: Row, without: ReadonlySet<number>): boolean => {
  const last = Math.floor(row.last / 3_600_000)
  for (let hour = Math.floor(row.first / 3_600_000); hour <= last; hour++) if (without.has(hour)) return true
  return false
}

/**
 * Answers how many keys were compared and hands those that differ to `found`. `without` are the hours of forgotten days.
 * `keys` is a query for the source keys to look at, made of numbers of ours alone.
 */
export async function compareEpisodes(
  tx: Tx,
  found: (difference: EpisodeDifference) => void,
  without: ReadonlySet<number>,
  keys = 'select id from source_keys',
): Promise<number> {
  let compared = 0
  for await (const { key, hours, episodes } of sideBySide(tx, keys)) {
    if (key.exercise !== null && [...hours, ...episodes].some((row) => isForgotten(row, without))) continue
    compared++
    const counted = told(expected(hours))
    const held = told(episodes)
    if (counted !== held) found({ key, stored: held, counted })
  }
  return compared
}
