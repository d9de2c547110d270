/** How organisations came out of drills and tests; real calls are counted elsewhere. */
import type { Queryable } from '../../platform/database.ts'
import { type CallOutcome, type LastCallOf, monthsSince } from '../duty/index.ts'

export interface Drill {
  broadcast: number
  kind: 'test' | 'drill'
  /** Milliseconds since 1970. */
  at: number
  outcome: 'in_time' | 'late' | 'silent' | 'excused'
}

/** The last drill or test that ended, for the organisation as it is now; null before the first. */
export async function lastDrill(tx: Queryable, org: number): Promise<Drill | null> {
  const { rows } = await tx.query<Drill & Record<string, unknown>>(
    `select broadcast_id as broadcast, kind, extract(epoch from at)::float8 * 1000 as at, outcome from drill_results
     where org_id = any ((select organisation_with_merged($1))::int[]) order by at desc, broadcast_id desc limit 1`,
    [org],
  )
  return rows[0] ?? null
}

const outcomes: Record<Drill['outcome'], CallOutcome> = {
  in_time: 'in-time',
  late: 'late',
  silent: 'silent',
  excused: 'excused',
}

/** The same for the score of how an organisation can be reached; months are those of the zone. */
export const lastCallOf =
  (zone: string): LastCallOf =>
  async (tx, org, now) => {
    const last = await lastDrill(tx, org)
    return last && { outcome: outcomes[last.outcome], monthsAgo: monthsSince(last.at, now, zone) }
  }
