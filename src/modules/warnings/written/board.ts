/** The board of a warning: which organisations it reached, who is asked, and where each stands. */
import type { Tx } from '../../../platform/database.ts'
import { namesProducts } from './exposure.ts'
import type { ReachedOrg } from './reach.ts'
import type { Version } from './types.ts'

/**
 * Enters the organisations that a version reaches; `anew`: everybody is asked again, and how they answered before is kept for the
 * sector's times. What earlier versions reached and this one does not stays on the board, with since when.
 */
export async function board(
  tx: Tx,
  version: Pick<Version, 'warning' | 'no' | 'rules'>,
  orgs: ReachedOrg[],
  anew: boolean,
  now: number,
): Promise<void> {
  await tx.query(
    `insert into written_asked as a (warning_id, org_id, version, asked, reasons, asked_at)
     select $1, r.org, $2, r.asked, r.reasons, to_timestamp($4 / 1000.0)
     from jsonb_to_recordset($3::jsonb) as r (org int, asked boolean, reasons jsonb)
     -- Who was asked because of what it runs, and has answered, stays in sight.
     on conflict (warning_id, org_id) do update set asked = excluded.asked or not $5 and $6 and a.asked and a.answer <> 'pending', reasons = excluded.reasons, out_at = null,
       rounds = case when $5 and a.asked and a.out_at is null then a.rounds || jsonb_build_object('version', a.version,
         'asked_at', a.asked_at, 'first_answer_at', a.first_answer_at, 'done_at', a.done_at) else a.rounds end,
       version = case when $5 then excluded.version else a.version end,
       asked_at = case when $5 or excluded.asked and not a.asked then excluded.asked_at else a.asked_at end,
       ladder_step = case when $5 or excluded.asked and not a.asked then 0 else a.ladder_step end,
       deadline_on = case when $5 then null else a.deadline_on end, deadline_step = case when $5 then 0 else a.deadline_step end,
       answer = case when $5 then 'pending' else a.answer end, planned_on = case when $5 then null else a.planned_on end,
       affected = case when $5 then null else a.affected end, conflict = not $5 and a.conflict,
       answered_at = case when $5 then null else a.answered_at end, first_answer_at = case when $5 then null else a.first_answer_at end,
       done_at = case when $5 then null else a.done_at end, reminded_at = case when $5 then null else a.reminded_at end`,
    [version.warning, version.no, JSON.stringify(orgs), now, anew, namesProducts(version.rules)],
  )
  await tx.query(
    `update written_asked set out_at = to_timestamp($3 / 1000.0) where warning_id = $1 and out_at is null and org_id <> all ($2::int[])`,
    [version.warning, orgs.map((one) => one.org), now],
  )
}
