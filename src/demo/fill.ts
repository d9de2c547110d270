/** Everything that the demonstration has before its sensors begin. Doing it twice changes nothing. */
import type { Context } from '../platform/context.ts'
import { createAdvisories } from './advisories.ts'
import { createBlocklists } from './blocklists.ts'
import { createCalls } from './calls.ts'
import { createCommunity, demoCommunity } from './community.ts'
import { createContacts } from './contacts.ts'
import { createDuties } from './duties.ts'
import { createInventories } from './inventories.ts'
import { createMatches } from './matches.ts'
import { createPublicWeb } from './public-web.ts'
import { createSector, createSensors } from './sector.ts'
import { createWarnings } from './warnings.ts'

/** `password` is that of the ready sign-ins; `secret` hashes what sensors prove themselves with. */
export async function fill(
  context: Context,
  { password, secret }: { password: string | null; secret: string },
  now: number,
): Promise<void> {
  await createSector(context.db, password, now, demoCommunity().people)
  await createContacts(context, now)
  await createCommunity(context, now)
  await createDuties(context, now)
  await createInventories(context, now)
  await createPublicWeb(context.db, now)
  await createAdvisories(context, now)
  await createMatches(context, now)
  await createBlocklists(context, now)
  await createWarnings(context, now)
  await createCalls(context, now)
  await createSensors(context.db, secret, now)
}
