/** What is done to contact books, told to the organisation and to the coordinators. */
import type { Actor } from '../../../platform/access.ts'
import { record } from '../../../platform/audit.ts'
import type { Tx } from '../../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'

/** The trail names no values: a line may be read by who is not shown the entry. */
export const note = (
  tx: Tx,
  verb: string,
  { org, point }: { org: number; point?: number },
  detail: object,
  by: Actor | null,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb: `members.${verb}`,
    object: point === undefined ? `contacts ${org}` : `contact ${point}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })
