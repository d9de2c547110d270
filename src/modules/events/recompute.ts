/**
 * The slow way to an episode: from the key's detections and the log, whatever the order in which they came. Many keys
 * are computed together, because a sensor that was cut off brings a day of them at once.
 */
import type { Tx } from '../../platform/database.ts'
import { episodesOf, type Span } from './episodes.ts'
import { assign, type Placed, type Stored } from './recompute-assign.ts'
import { contentsOf } from './recompute-contents.ts'
import { given, type Key, keyParams, sameKey } from './recompute-keys.ts'

const keysAtOnce = 2_000

/** The spans that each key's rows make. Exercises share the rows of detections, so theirs are read from the log. */
async function spansOf(tx: Tx, keys: Key[]): Promise<Span[][]> {
  const inFamily =
    'join classes c on c.id = r.class_id join classes f on f.name = c.family and f.id = k.family_id'
  const ms = (value: string): string => `extract(epoch from ${value})::float8 * 1000`
  const { rows } = await tx.query<{ at: number; first: number; last: number }>(
    `select k.at::int, ${ms('min(r.first_at)')} as first, ${ms('max(r.last_at)')} as last
     from ${given} join detections r on r.key_id = k.key_id and r.org_id = k.org_id and r.side = k.side and r.lane = k.lane ${inFamily}
     where k.exercise is null group by k.at, r.hour
     union all
     select k.at::int, ${ms('min(r.detected_at)')}, ${ms('max(r.detected_at)')}
     from ${given} join matches r on r.key_id = k.key_id and r.org_id = k.org_id and r.side = k.side and r.lane = k.lane and r.exercise = k.exercise ${inFamily}
     where k.exercise is not null and k.org_id <> 0 group by k.at, r.hour
     union all
     select k.at::int, ${ms('min(r.detected_at)')}, ${ms('max(r.detected_at)')}
     from ${given} join events r on (r.key_id = k.key_id or r.more_keys @> array[k.key_id]) and r.lane = k.lane and r.exercise = k.exercise ${inFamily}
     where k.exercise is not null and k.org_id = 0 group by k.at, r.hour`,
    keyParams(keys),
  )
  const hours = keys.map((): { first: number; last: number }[] => [])
  for (const row of rows) hours[row.at - 1]?.push(row)
  return keys.map((key, i) => episodesOf(hours[i] ?? [], key.base))
}

async function storedOf(tx: Tx, keys: Key[]): Promise<Stored[][]> {
  const { rows } = await tx.query<Stored & { at: number }>(
    `select k.at::int, e.id, extract(epoch from e.first_at)::float8 * 1000 as first, extract(epoch from e.last_at)::float8 * 1000 as last
     from ${given} join episodes e on ${sameKey('e', 'k')} and e.alias_of is null order by e.id`,
    keyParams(keys),
  )
  const stored = keys.map((): Stored[] => [])
  for (const { at, ...episode } of rows) stored[at - 1]?.push(episode)
  return stored
}

/** Numbers for episodes to come, in order. */
async function newIds(tx: Tx, n: number): Promise<number[]> {
  if (n === 0) return []
  const { rows } = await tx.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('episodes', 'id')) as id from generate_series(1, $1::int)`,
    [n],
  )
  return rows.map((row) => Number(row.id))
}

const plain = [
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

async function write(tx: Tx, placed: Placed[], now: number): Promise<void> {
  const contents = await contentsOf(tx, placed)
  const rows = placed.map(({ key, span, id, isNew, continues }, i) => ({
    ...key,
    ...contents[i],
    id,
    is_new: isNew,
    first_at: span.first,
    last_at: span.last,
    gap: span.gap,
    continues,
  }))
  const from = `jsonb_to_recordset($1::jsonb) as r (id bigint, is_new boolean, org_id int, side smallint, lane smallint, exercise text, family_id int,
      key_id int, first_at float8, last_at float8, gap int, continues bigint, events int, occurrences bigint, dropped int, passed int, partial int,
      share bigint, severity smallint, archive boolean, detectors int[], sensors int[], classes int[], ports int[])`
  const json = JSON.stringify(rows)
  await tx.query(
    `insert into episode_changes (episode_id, key_id, at)
     select id, key_id, to_timestamp($2 / 1000.0) from ${from} order by id on conflict (episode_id) do update set at = excluded.at`,
    [json, now],
  )
  await tx.query(
    `insert into episodes (id, org_id, side, lane, exercise, family_id, key_id, first_at, last_at, gap_hours, changed_at, continues, ${plain.join(', ')})
     overriding system value
     select id, org_id, side, lane, exercise, family_id, key_id, to_timestamp(first_at / 1000), to_timestamp(last_at / 1000), gap,
       to_timestamp($2 / 1000.0), continues, ${plain.join(', ')} from ${from} where is_new order by id`,
    [json, now],
  )
  await tx.query(
    `update episodes e set first_at = to_timestamp(r.first_at / 1000), last_at = to_timestamp(r.last_at / 1000), gap_hours = r.gap,
       changed_at = to_timestamp($2 / 1000.0), continues = r.continues, targets = null,
       ${plain.map((c) => `${c} = r.${c}`).join(', ')}
     from ${from} where not r.is_new and e.id = r.id`,
    [json, now],
  )
}

const unmark = (tx: Tx, ids: number[]): Promise<unknown> =>
  tx.query('delete from episode_changes where episode_id = any ($1::bigint[])', [ids])

async function merge(tx: Tx, merged: { id: number; into: number }[]): Promise<void> {
  if (merged.length === 0) return
  await unmark(
    tx,
    merged.map((m) => m.id),
  )
  const into = `update episodes e set alias_of = u.keeper
    from unnest($1::bigint[], $2::bigint[]) as u (gone, keeper)`
  const params = [merged.map((m) => m.id), merged.map((m) => m.into)]
  await tx.query(`${into} where e.id = u.gone`, params)
  await tx.query(`${into} where e.alias_of = u.gone`, params)
}

/** Recomputes the keys that the fast ways could not place. */
export async function recomputeKeys(tx: Tx, now: number): Promise<void> {
  const { rows } = await tx.query<Key>(
    `select distinct org_id, side, lane, exercise, family_id, key_id, base from touched where way = 'slow' order by 1, 2, 3, 4, 5, 6`,
  )
  for (let i = 0; i < rows.length; i += keysAtOnce) await recompute(tx, rows.slice(i, i + keysAtOnce), now)
  await tellSector(tx, `way = 'slow'`, now)
}

/** Notes which sources met members, for what the sector is told of them. */
export async function tellSector(tx: Tx, which: string, now: number): Promise<void> {
  await tx.query(
    `insert into source_changes (key_id, family_id, at)
     select distinct key_id, family_id, to_timestamp($1 / 1000.0) from touched where ${which} and org_id > 0 and lane = 0`,
    [now],
  )
}

async function recompute(tx: Tx, keys: Key[], now: number): Promise<void> {
  const plans = assign(keys, await spansOf(tx, keys), await storedOf(tx, keys))
  const ids = await newIds(tx, plans.missing)
  await write(tx, plans.placed(ids), now)
  await merge(tx, plans.merged(ids))
  if (plans.empty.length === 0) return
  // An episode whose rows are gone (a corrected register) is kept, empty and over.
  await unmark(tx, plans.empty)
  await tx.query(`update episodes set events = 0, outcome = 'no-match' where id = any ($1::bigint[])`, [
    plans.empty,
  ])
}
