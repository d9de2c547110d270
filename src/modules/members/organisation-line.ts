/** A line of the trail about an organisation, which its own people and coordinators read. */
import type { Actor } from '../../platform/access.ts'
import { record } from '../../platform/audit.ts'
import type { Tx } from '../../platform/database.ts'
import { COORDINATORS, readersOfOrg } from '../../values/scopes.ts'

export const organisationLine = (
  tx: Tx,
  verb: string,
  org: number,
  detail: object,
  by: Actor | null,
  now: number,
): Promise<void> =>
  record(tx, {
    at: now,
    actor: by,
    verb,
    object: `organisation ${org}`,
    org,
    detail,
    readers: [COORDINATORS, readersOfOrg(org)],
  })
