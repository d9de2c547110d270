/** What became of episodes: one statement settles the many that say nothing and names the few that need a rule. */
import type { Queryable, Tx } from '../../platform/database.ts'
import { lockNumber, onlyThese } from './condense.ts'
import { maybeSlowScan } from './slow-keys.ts'

const anyKey = 2_147_483_647

/** What keeps an episode for the rules. */
export interface Bounds {
  /** Classes weighty enough for a campaign. */
  weighty: number[]
  /** A slow scan: at most so many events an hour, to so many addresses or ports, in so many days. */
  hourly: number
  addresses: number
  ports: number
  days: number
  /** The same over the whole sector. */
  sectorAddresses: number
}

export interface Taken {
  looked: number
  settled: number
  /** Episodes left to the rules, still marked as changed. */
  left: number[]
}

const limits = { hourly: '$2', addresses: '$3', ports: '$4', days: '$5' }
/** Of the sector only addresses make a slow scan. */
const slowScan = {
  member: maybeSlowScan('t', limits),
  sector: maybeSlowScan('t', { ...limits, addresses: '$6', ports: 'null' }),
}

/** Whether any episode waits to be looked at; asked all the time, so it is the cheapest question there is. */
export async function anyChanged(db: Queryable): Promise<boolean> {
  return (await db.query('select 1 from episode_changes limit 1')).rowCount === 1
}

/**
 * Takes up to `limit` changed episodes (their numbers are given once more where they are written, else the planner walks through
 * all that were ever stored), in a transaction of its own: condensing waits for whoever holds them. What was only dropped, is on trial, archived or of the perimeter gets its
 * outcome at once, unless it could be part of a campaign (weighty kind) or of a slow scan (few events in many hours).
 * Episodes of a source that the labeller has still to look up in the lists wait for it.
 */
export async function takeChanged(
  tx: Tx,
  { weighty, hourly, addresses, ports, days, sectorAddresses }: Bounds,
  limit: number,
): Promise<Taken> {
  await tx.query(onlyThese)
  const ids = await lockMarks(tx, limit)
  if (ids.length === 0) return { looked: 0, settled: 0, left: [] }
  const { rows } = await tx.query<{ looked: number; settled: number; ids: number[] }>(
    `with due as materialized (select unnest($1::bigint[]) as episode_id),
     taken as materialized (
       select id, org_id, side, lane, exercise, archive, events, dropped, key_id, classes, sensors, first_at, last_at, outcome, outcome_detail
       from due cross join lateral (select * from episodes e where e.id = due.episode_id offset 0) e),
     judged as materialized (
       select t.*, case
         when archive then 'archive-only'
         when lane = 1 then 'test'
         when org_id = 0 then case when ${slowScan.sector} then null else 'perimeter' end
         when side <> 2 or outcome = 'warning' or dropped < events or classes && $7::int[] then null
         when ${slowScan.member} then null
         when lane = 2 then 'exercise'
         else 'dropped-only' end as way
       from taken t),
     told as materialized (
       select j.id, j.outcome, j.outcome_detail,
         case when j.way <> 'perimeter' then j.way
           when exists (select 1 from episodes m where m.key_id = j.key_id and m.org_id > 0 and m.alias_of is null and m.last_at >= j.first_at) then null
           else 'no-match' end as fresh,
         case j.way
           when 'archive-only' then '{"days": 30}'
           when 'test' then jsonb_build_object('sensor', coalesce((select s.name from sensors s where s.id = j.sensors[1]), ''))
           when 'exercise' then jsonb_build_object('exercise', j.exercise)
           else jsonb_strip_nulls(jsonb_build_object('next', j.outcome_detail->'next')) end as detail
       from judged j where j.way is not null),
     settled as (
       delete from episode_changes c using told where c.episode_id = told.id returning 1),
     written as (
       update episodes e set outcome = told.fresh, outcome_detail = told.detail
       from told where e.id = told.id and e.id = any ($1) and (told.outcome, told.outcome_detail) is distinct from (told.fresh, told.detail))
     select (select count(*)::int from judged) as looked, (select count(*)::int from settled) as settled,
       coalesce((select array_agg(id order by id) from judged where way is null), '{}') as ids`,
    [ids, hourly, addresses, ports, days, sectorAddresses, weighty],
  )
  const row = rows[0]
  return { looked: row?.looked ?? 0, settled: row?.settled ?? 0, left: (row?.ids ?? []).map(Number) }
}

/**
 * The marks come first, in a statement of their own: what reads the episodes then begins after the last change of each,
 * and whoever wants to change one waits at its mark.
 */
async function lockMarks(tx: Tx, limit: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select episode_id as id from episode_changes where key_id <= coalesce(
       (select u.value::int from settings l join settings u on u.name = 'labelled_key' where l.name = 'labelling' and l.value = 'true'), ${anyKey})
     order by episode_id limit $1 for update skip locked`,
    [limit],
  )
  return rows.map((row) => row.id)
}

/** What became of an episode. */
export interface Decision {
  id: number
  outcome: string | null
  detail: Record<string, unknown>
  targets: number | null
}

/**
 * Writes the outcomes of the episodes that rules were asked about. `seen` says when each episode that was taken had
 * changed (as loaded): one that has changed since, or was not taken, stays to be looked at.
 */
export async function decide(tx: Tx, decisions: Decision[], seen: Map<number, string>): Promise<void> {
  if (decisions.length === 0) return
  // Condensing changes the same rows in an order of its own: one of the two waits here, neither in the middle.
  await tx.query(`select pg_advisory_xact_lock(${lockNumber})`)
  const ids = decisions.map((d) => d.id)
  await tx.query(
    `delete from episode_changes c using unnest($1::bigint[], $2::text[]) as u (id, seen)
     where c.episode_id = u.id and c.at = u.seen::timestamptz`,
    [ids, decisions.map((d) => seen.get(d.id) ?? null)],
  )
  // In the order in which another node's look writes them.
  await tx.query('select 1 from episodes where id = any ($1) order by id for update', [ids])
  await tx.query(
    `update episodes e set outcome = u.outcome, outcome_detail = u.detail, targets = coalesce(u.targets, e.targets)
     from unnest($1::bigint[], $2::text[], $3::jsonb[], $4::int[]) as u (id, outcome, detail, targets) where e.id = u.id`,
    [
      ids,
      decisions.map((d) => d.outcome),
      decisions.map((d) => JSON.stringify(d.detail)),
      decisions.map((d) => d.targets),
    ],
  )
}
