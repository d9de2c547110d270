/** The scores as they stand: reckoned anew when something of an organisation changed, and once a day in any case. */
import { asEngine, type Database, type Tx } from '../../../platform/database.ts'
import { reachOf } from './gather.ts'
import { type CallOutcome, type LastCall, type Points, pointsOf, scoreOf } from './score.ts'

const mostInOneGo = 50

/** The last test or drill of an organisation, from the module that holds them. */
export type LastCallOf = (tx: Tx, org: number, now: number) => Promise<LastCall>
/** Until then: none was held. */
export const noCalls: LastCallOf = async () => null

/** Answers how many were reckoned. */
export async function reckonDue(
  db: Database,
  zone: string,
  now: number,
  lastCallOf: LastCallOf = noCalls,
): Promise<number> {
  const { rows } = await db.engine.query<{ org: number }>(
    `select o.id as org from organisations o left join reach_scores s on s.org_id = o.id
     where o.status in ('participant', 'signatory') and (s.org_id is null or s.reckoned_at <= to_timestamp($1 / 1000.0) - interval '1 day'
       or exists (select 1 from contact_points c where c.org_id = o.id
         and greatest(c.changed_at, c.verified_at, c.ended_at, c.added_at) >= s.reckoned_at)
       or exists (select 1 from engagements e where e.org_id = o.id and (e.valid_from >= s.reckoned_at or e.valid_to >= s.reckoned_at)
         and (e.valid_from between s.reckoned_at and to_timestamp($1 / 1000.0) or e.valid_to between s.reckoned_at and to_timestamp($1 / 1000.0)))
       or exists (select 1 from contact_attestations a where a.org_id = o.id and a.at >= s.reckoned_at)
       or exists (select 1 from duty_rules r where r.org_id = o.id and greatest(r.added_at, r.ended_at) >= s.reckoned_at)
       or exists (select 1 from duty_changes c where c.org_id = o.id and greatest(c.made_at, c.withdrawn_at) >= s.reckoned_at)
       or exists (select 1 from duty_schedules d where d.org_id = o.id and d.ended_at >= s.reckoned_at)
       or exists (select 1 from duty_simple d where d.org_id = o.id and d.set_at >= s.reckoned_at))
     order by s.reckoned_at nulls first, o.id limit $2`,
    [now, mostInOneGo],
  )
  for (const { org } of rows) await asEngine(db, (tx) => reckon(tx, org, { zone, lastCallOf }, now))
  return rows.length
}

async function reckon(
  tx: Tx,
  org: number,
  { zone, lastCallOf }: { zone: string; lastCallOf: LastCallOf },
  now: number,
): Promise<void> {
  const lastCall = await lastCallOf(tx, org, now)
  const reach = await reachOf(tx, org, { lastCall, zone }, now)
  const points = pointsOf(reach)
  await tx.query(
    `insert into reach_scores (org_id, score, parts, last_call, reckoned_at) values ($1, $2, $3, $4, to_timestamp($5 / 1000.0))
     on conflict (org_id) do update set score = excluded.score, parts = excluded.parts, last_call = excluded.last_call, reckoned_at = excluded.reckoned_at`,
    [org, scoreOf(points), points, lastCall?.outcome ?? null, now],
  )
}

/** Something of these organisations changed that is held elsewhere: their scores are reckoned at the next look. */
export async function reckonAnew(tx: Tx, orgs: number[]): Promise<void> {
  await tx.query(
    'update reach_scores set reckoned_at = to_timestamp(0) where org_id in (select organisation_now(x) from unnest($1::int[]) x)',
    [orgs],
  )
}

export interface ScoreLine {
  org: number
  name: string
  score: number
  parts: Points
  /** Null: it went through no test or drill. */
  lastCall: CallOutcome | null
  /** ms since 1970 */
  at: number
}

/** Those that the reader may see: the own, or for coordinators all; the worst first. */
export async function scores(tx: Tx): Promise<ScoreLine[]> {
  const { rows } = await tx.query<ScoreLine & Record<string, unknown>>(
    `select s.org_id as org, o.name, s.score, s.parts, s.last_call as "lastCall", (extract(epoch from s.reckoned_at) * 1000)::float8 as at
     from reach_scores s join organisations o on o.id = s.org_id where o.status in ('participant', 'signatory')
     order by s.score, o.name collate "cs-x-icu", s.org_id limit 1000`,
  )
  return rows
}

/** How many organisations stand where; a band with fewer than five is left out. */
export async function distribution(tx: Tx): Promise<Map<string, number>> {
  const { rows } = await tx.query<{ band: string; n: number }>('select band, n from reach_distribution()')
  return new Map(rows.map(({ band, n }) => [band, n]))
}
