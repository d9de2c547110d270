/** What waits for an organisation's people: for pages that gather what concerns them today. */
import type { Queryable } from '../../platform/database.ts'
import type { Day } from '../../platform/dates.ts'
import type { MatchLine } from './read.ts'

export interface OpenMatch
  extends Pick<
    MatchLine,
    'id' | 'org' | 'orgName' | 'title' | 'severity' | 'patientSafety' | 'exploited' | 'pieces' | 'departments'
  > {
  answer: Exclude<MatchLine['answer'], 'not_affected' | 'done'>
  plannedOn: Day | null
  /** Milliseconds since 1970. */
  since: number
}

/**
 * Matches of these organisations that nobody has dealt with, the most urgent first, what was merged into them under the successor;
 * what is planned for a later day than today is left to that day. As the actor.
 */
export async function openMatches(
  tx: Queryable,
  orgs: number[],
  today: Day,
  most = 200,
): Promise<OpenMatch[]> {
  const { rows } = await tx.query<OpenMatch & Record<string, unknown>>(
    `select i.id, o.id as org, o.name as "orgName", a.title, i.severity, i.patient_safety as "patientSafety", i.exploited, i.pieces, i.departments,
       i.answer, i.planned_on as "plannedOn", (extract(epoch from i.opened_at) * 1000)::float8 as since
     from match_items i join advisories a on a.id = i.advisory_id join organisations o on o.id = organisation_now(i.org_id)
     where o.id = any ($1) and i.state in ('open', 'confirmed') and (i.planned_on is null or i.planned_on <= $2::date)
     order by i.patient_safety desc, i.exploited desc, i.severity desc, i.sure desc, i.id desc limit $3`,
    [orgs, today, most],
  )
  return rows
}
