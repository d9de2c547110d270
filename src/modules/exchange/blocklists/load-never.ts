/** The never-list as it stands: of the register, of the coordinators, of the release. */
import type { Queryable } from '../../../platform/database.ts'
import { criticalServices, type NeverList, type NeverParts, neverListOf } from '../../events/index.ts'

type Entry = NeverParts['entries'][number]

/** What the register, the coordinators and the release say now; `now` in ms. */
export async function loadNever(
  db: Queryable,
  { publicLists, production }: Omit<NeverParts, 'entries'>,
  now: number,
): Promise<NeverList> {
  const { rows } = await db.query<Entry & Record<string, unknown>>(
    `select text as value, 'member' as list from networks where valid_from <= $1 and valid_to > $1
     union select domain, 'member' from domains where valid_from <= $1 and valid_to > $1
     union select value, 'coordinator' from blocklist_never where removed_at is null`,
    [new Date(now).toISOString()],
  )
  const curated = criticalServices().map(({ value }) => ({ value, list: 'critical' as const }))
  return neverListOf({ entries: [...rows, ...curated], publicLists, production })
}
