/** What became of episodes: one statement settles the many that say nothing and names the few that need a rule. */
import type { Queryable, Tx } from '../../platform/database.ts'
import { lockNumber } from './condense.ts'
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
  return (await db.query('select 1 from episodes where dirty limit 1')).rowCount === 1
}

/**
 * Takes up to `limit` changed episodes, in a transaction of its own: condensing waits for whoever holds them. What was only dropped, is on trial, archived or of the perimeter gets its
 * outcome at once, unless it could be part of a campaign (weighty kind) or of a slow scan (few events in many hours).
 * Episodes of a source that the labeller has still to look up in the lists wait for it.
 */
export async function takeChanged(
  tx: Tx,
  { weighty, hourly, addresses, ports, days, sectorAddresses }: Bounds,
  limit: number,
): Promise<Taken> {
  // The sums beside `org_id` keep the planner from every index but the key's.
  const { rows } = await tx.query<{ looked: number; settled: number; ids: number[] }>(
    `with taken as materialized (
       select id, org_id, side, lane, exercise, archive, events, dropped, key_id, classes, first_at, last_at, outcome, outcome_detail
       from episodes where dirty and key_id <= coalesce(
         (select u.value::int from settings l join settings u on u.name = 'labelled_key' where l.name = 'labelling' and l.value = 'true'), ${anyKey})
       order by id limit $1 for update skip locked),
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
     settled as (
       update episodes e set dirty = false,
         outcome = case when j.way <> 'perimeter' then j.way
           when exists (select 1 from episodes m where m.key_id = e.key_id and m.org_id + 0 > 0 and m.alias_of is null and m.last_at >= e.first_at) then null
           else 'no-match' end,
         outcome_detail = case j.way
           when 'archive-only' then '{"days": 30}'
           when 'test' then jsonb_build_object('sensor', coalesce((select s.name from sensors s where s.id = e.sensors[1]), ''))
           when 'exercise' then jsonb_build_object('exercise', e.exercise)
           else jsonb_strip_nulls(jsonb_build_object('next', j.outcome_detail->'next')) end
       from judged j where e.id = j.id and j.way is not null returning 1)
     select (select count(*)::int from judged) as looked, (select count(*)::int from settled) as settled,
       coalesce((select array_agg(id order by id) from judged where way is null), '{}') as ids`,
    [limit, hourly, addresses, ports, days, sectorAddresses, weighty],
  )
  const row = rows[0]
  return { looked: row?.looked ?? 0, settled: row?.settled ?? 0, left: (row?.ids ?? []).map(Number) }
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
  await tx.query(
    `update episodes e set dirty = e.dirty and e.changed_at is distinct from u.seen::timestamptz, outcome = u.outcome,
       outcome_detail = u.detail, targets = coalesce(u.targets, e.targets)
     from unnest($1::bigint[], $2::text[], $3::jsonb[], $4::int[], $5::text[]) as u (id, outcome, detail, targets, seen) where e.id = u.id`,
    [
      decisions.map((d) => d.id),
      decisions.map((d) => d.outcome),
      decisions.map((d) => JSON.stringify(d.detail)),
      decisions.map((d) => d.targets),
      decisions.map((d) => seen.get(d.id) ?? null),
    ],
  )
}
