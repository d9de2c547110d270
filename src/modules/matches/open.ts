/** What waits for an organisation's people: for pages that gather what concerns them today. */
import type { Queryable } from '../../platform/database.ts'

export interface OpenMatch {
  href: string
  title: string
  /** 0 to 4. */
  severity: number
  patientSafety: boolean
  /** Milliseconds since 1970. */
  since: number
}

/** Matches that nobody has dealt with, the most urgent first; of what was merged into it too. As the actor. */
export async function openMatches(tx: Queryable, org: number, most = 100): Promise<OpenMatch[]> {
  const { rows } = await tx.query<Omit<OpenMatch, 'href'> & { id: number }>(
    `select i.id, a.title, i.severity, i.patient_safety as "patientSafety", (extract(epoch from i.opened_at) * 1000)::float8 as since
     from match_items i join advisories a on a.id = i.advisory_id
     where i.org_id = any ((select organisation_with_merged($1))::int[]) and i.state in ('open', 'confirmed') and i.answer <> 'mitigated'
     order by i.patient_safety desc, i.exploited desc, i.severity desc, i.sure desc, i.id desc limit $2`,
    [org, most],
  )
  return rows.map(({ id, ...row }) => ({ href: `/matches/${id}`, ...row }))
}
