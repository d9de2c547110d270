/**
 * Folds freshly condensed rows into episodes. The usual cases (an episode goes on, a key is new, a key comes back) are
 * three set-based statements; whatever arrives out of order is computed anew from the key's detections.
 */
import type { Queryable, Tx } from '../../platform/database.ts'
import * as settings from '../../platform/settings.ts'
import { recomputeKeys, tellSector } from './recompute.ts'
import { sameKey } from './recompute-keys.ts'

const newestEvent = 'newest_event'

async function touch(tx: Tx): Promise<void> {
  await tx.query(`create temp table if not exists touched (org_id int, side smallint, lane smallint, exercise text, family_id int, key_id int, base int,
    first_at timestamptz, last_at timestamptz, events int, occurrences bigint, dropped int, passed int, partial int, share bigint, severity smallint,
    archive boolean, detectors int[], sensors int[], ports int[], classes int[], episode_id bigint, way text, gap int) on commit delete rows`)
  await tx.query('truncate touched')
  await tx.query(
    `insert into touched
     select t.*, e.id, case
         when e.id is null and t.last_at - t.first_at <= make_interval(hours => t.base) then 'new'
         when e.id is null then 'slow'
         when t.first_at >= e.first_at and t.last_at <= e.last_at + make_interval(hours => e.gap_hours)
           and t.last_at - e.first_at <= interval '7 days' then 'on'
         when not e.others and t.first_at < e.first_at and t.last_at >= e.first_at - make_interval(hours => t.base) and e.gap_hours = t.base
           and t.last_at - t.first_at <= make_interval(hours => t.base) and greatest(t.last_at, e.last_at) - t.first_at <= interval '7 days'
           and t.last_at <= e.last_at + make_interval(hours => t.base) then 'on'
         when t.first_at > e.last_at + make_interval(hours => e.gap_hours) and t.last_at - t.first_at <= make_interval(hours => t.base) then 'back'
         else 'slow' end,
       case when t.base <= 2 or e.id is null then t.base else (
         select case when count(*) >= 4 then 24 when count(*) >= 2 then 12 else t.base end from episodes o
         where ${sameKey('o', 't')} and o.alias_of is null and o.last_at > t.first_at - interval '7 days') end
     from (
       select f.org_id, f.side, f.lane, f.exercise, fam.id as family_id, f.key_id, min(fam.gap_hours) as base, min(f.first_at) as first_at,
         max(f.last_at) as last_at, sum(f.events)::int as events, sum(f.occurrences)::bigint as occurrences, sum(f.dropped)::int as dropped, sum(f.passed)::int as passed,
         sum(f.partial)::int as partial, sum(f.share)::bigint as share, max(f.severity) as severity, bool_and(f.archive) as archive,
         int_union(f.detectors) as detectors, int_union(f.sensors) as sensors, int_union(f.ports) as ports, array_agg(distinct f.class_id) as classes
       from fresh f join classes c on c.id = f.class_id join classes fam on fam.name = c.family
       group by f.org_id, f.side, f.lane, f.exercise, fam.id, f.key_id) t
     left join lateral (select id, first_at, last_at, gap_hours, count(*) over () > 1 as others from episodes e
       where ${sameKey('e', 't')} and e.alias_of is null order by extract(epoch from e.last_at) desc limit 1) e on true`,
  )
}

/** Marks first, then the episodes themselves: whoever looks at changed episodes takes both in this order. */
async function extend(tx: Tx, now: number): Promise<void> {
  await tx.query(
    `insert into episode_changes (episode_id, key_id, at)
     select episode_id, key_id, to_timestamp($1 / 1000.0) from touched where way = 'on' order by episode_id
     on conflict (episode_id) do update set at = excluded.at`,
    [now],
  )
  await tx.query(
    `update episodes e set first_at = least(e.first_at, t.first_at), last_at = greatest(e.last_at, t.last_at), events = e.events + t.events, occurrences = e.occurrences + t.occurrences,
       dropped = e.dropped + t.dropped, passed = e.passed + t.passed, partial = e.partial + t.partial, share = e.share + t.share,
       severity = greatest(e.severity, t.severity),
       severities = case when t.severity > e.severity then e.severities || jsonb_build_array(jsonb_build_array(t.first_at, t.severity)) else e.severities end,
       detectors = int_union_step(e.detectors, t.detectors), sensors = int_union_step(e.sensors, t.sensors),
       classes = int_union_step(e.classes, t.classes), ports = int_union_step(e.ports, t.ports), archive = e.archive and t.archive,
       changed_at = to_timestamp($1 / 1000.0)
     from touched t where t.way = 'on' and e.id = t.episode_id`,
    [now],
  )
}

async function begin(tx: Tx, now: number): Promise<void> {
  await tx.query(
    `with begun as (insert into episodes (org_id, side, lane, exercise, family_id, key_id, gap_hours, first_at, last_at, events, occurrences,
       dropped, passed, partial, share, severity, severities, detectors, sensors, classes, ports, archive, changed_at)
     select org_id, side, lane, exercise, family_id, key_id, gap, first_at, last_at, events, occurrences, dropped, passed, partial, share, severity,
       jsonb_build_array(jsonb_build_array(first_at, severity)), detectors, sensors, classes, ports, archive, to_timestamp($1 / 1000.0)
     from touched where way in ('new', 'back') returning id, key_id, changed_at)
     insert into episode_changes (episode_id, key_id, at) select id, key_id, changed_at from begun`,
    [now],
  )
}

/** Answers how many episodes' keys were touched. */
export async function foldIntoEpisodes(tx: Tx, now: number): Promise<number> {
  await touch(tx)
  await extend(tx, now)
  await begin(tx, now)
  const { rows } = await tx.query<{ n: number; newest: number | null }>(
    'select count(*)::int as n, extract(epoch from max(last_at))::float8 * 1000 as newest from touched',
  )
  await recomputeKeys(tx, now)
  await tellSector(tx, `way <> 'slow'`, now)
  const { newest, n } = rows[0] ?? { newest: null, n: 0 }
  if (newest !== null) await settings.raise(tx, newestEvent, newest, now)
  return n
}

/** Event time up to which nothing more is expected: 15 minutes behind the newest event, at most a day behind the clock. */
export async function watermark(db: Queryable, now: number): Promise<number> {
  const newest = Number((await settings.read(db, newestEvent)) ?? 0)
  return Math.max(Math.min(newest, now) - 900_000, now - 86_400_000)
}

/** Says from when on an episode whose gap has passed is over (`going`). Nothing of what was seen changes by that, so no rule looks again. */
export async function closeEpisodes(db: Queryable, now: number): Promise<void> {
  await settings.raise(db, 'closed_before', await watermark(db, now), now)
}
