/** Warnings of organisations that have left: nobody of theirs can answer, so coordinators see them, close them with a reason, or hand them over by a merger. */
import { type Actor, asActor, isCoordinator } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Database, Queryable } from '../../platform/database.ts'
import { Forbidden, Invalid, NotFound, WrongState } from '../../platform/errors.ts'
import { log } from './log.ts'

/** A condition on warnings `w`: not closed, and whoever stands for the organisation today has left. */
export const isUnattended = `w.state <> 'closed' and exists (select 1 from organisations was join organisations today on today.id = coalesce(was.present_id, was.id)
  where was.id = w.org_id and today.status = 'left')`

export interface Unattended {
  org: number
  orgName: string
  n: number
  /** The gravest of them. */
  severity: number
  /** When it left (milliseconds since 1970) and why, as far as that was noted. */
  leftAt: number | null
  reason: string | null
}

/** Organisations that left warnings behind, those with the gravest first; exercises aside, as in the list behind the number. */
export async function unattended(tx: Queryable): Promise<Unattended[]> {
  const { rows } = await tx.query<Unattended & Record<string, unknown>>(
    `select today.id as org, today.name as "orgName", count(*)::int as n, max(w.severity) as severity, array_agg(distinct w.org_id) as org_ids,
       (extract(epoch from m.at) * 1000)::float8 as "leftAt", m.reason
     from warnings w join organisations was on was.id = w.org_id join organisations today on today.id = coalesce(was.present_id, was.id)
     left join lateral (
       select at, reason from organisation_moves where org_id = today.id and to_status = 'left' order by at desc, id desc limit 1) m on true
     where w.lane = 0 and ${isUnattended} group by today.id, today.name, m.at, m.reason
     order by max(w.severity) desc, min(w.opened_at), today.id limit 500`,
  )
  return rows
}

/**
 * Closes all that an organisation which has left leaves open, as neither done nor answered: nothing is learned from it.
 * Answers how many. Throws Forbidden (no coordinator), NotFound, Invalid (no reason), WrongState (somebody is there to answer).
 */
export function closeUnattended(
  db: Database,
  actor: Actor,
  { org, reason }: { org: number; reason: string },
  now: number,
): Promise<number> {
  const note = reason.trim()
  return asActor(db, actor, now, async (tx) => {
    if (!isCoordinator(actor)) throw new Forbidden('Only coordinators close what nobody can answer')
    const { rows: known } = await tx.query<{ left: boolean }>(
      `select status = 'left' and merged_into is null as left from organisations where id = $1::bigint`,
      [org],
    )
    if (!known[0]) throw new NotFound('There is no such organisation')
    if (note === '' || note.length > 1_000 || note.includes('\0'))
      throw new Invalid('Say why, in at most 1000 letters.', { reason: 'reason' })
    if (!known[0].left) throw new WrongState('Its people can answer: it has not left')
    const { rows } = await tx.query<{ id: number; org_id: number; readers: number[] }>(
      `update warnings w set state = 'closed', closed_at = to_timestamp($2 / 1000.0), changed_at = to_timestamp($2 / 1000.0), ladder_due_at = null
       where w.lane = 0 and w.org_id = any ((select organisation_with_merged($1))::int[]) and ${isUnattended} returning w.id, w.org_id, w.readers`,
      [org, now],
    )
    for (const { id, org_id, readers } of rows) {
      await log(tx, id, 'closed', now, actor.person, { why: 'left', note })
      await record(tx, {
        at: now,
        actor,
        verb: 'warnings.close',
        object: `warning ${id}`,
        org: org_id,
        detail: { reason: note },
        readers,
      })
      await tx.query(`select announce('warnings', $1)`, [String(id)])
    }
    return rows.length
  })
}
