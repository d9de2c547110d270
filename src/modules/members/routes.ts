/** What people reach of this module: sessions and passwords, the own account, the register, API keys. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { openDoors } from './federation/doors.ts'
import { mountAccount } from './routes/account.ts'
import { mountAddresses } from './routes/addresses.ts'
import { mountAgain } from './routes/again.ts'
import { mountClaim } from './routes/claim.ts'
import { mountContactPoints } from './routes/contact-points.ts'
import { mountContacts } from './routes/contacts.ts'
import { mountContactsSector } from './routes/contacts-sector.ts'
import { mountDoubles } from './routes/doubles.ts'
import { mountFindPeople } from './routes/find-people.ts'
import { mountInvitation } from './routes/invitation.ts'
import { mountKeys } from './routes/keys.ts'
import { mountLists } from './routes/lists.ts'
import { mountMeans } from './routes/means.ts'
import { mountMemorandum } from './routes/memorandum.ts'
import { mountMerger } from './routes/merger.ts'
import { mountOrganisations } from './routes/organisations.ts'
import { mountPasskeys } from './routes/passkeys.ts'
import { mountPasswords } from './routes/passwords.ts'
import { mountPeople } from './routes/people.ts'
import { mountProviders } from './routes/providers.ts'
import { mountRecover } from './routes/recover.ts'
import { mountRecoveries } from './routes/recoveries.ts'
import { mountRegister } from './routes/register.ts'
import { mountSecond } from './routes/second.ts'
import { mountSessions } from './routes/sessions.ts'
import { mountSharingRules } from './routes/sharing-rules.ts'
import { mountTotp } from './routes/totp.ts'
import type { AccountSlots } from './slots.ts'

/** `slots` is what higher modules add to the account page. */
export function mountMembers(app: App, context: Context, slots: AccountSlots = {}): void {
  const doors = openDoors(context)
  mountSessions(app, context, doors)
  mountProviders(app, context, doors)
  mountSecond(app, context)
  mountAgain(app, context)
  mountPasswords(app, context)
  mountAccount(app, context, slots)
  mountMeans(app, context)
  mountTotp(app, context)
  mountPasskeys(app, context)
  mountRecoveries(app, context)
  mountRecover(app, context)
  mountRegister(app, context)
  mountPeople(app, context)
  mountDoubles(app, context)
  mountFindPeople(app, context)
  mountInvitation(app, context)
  mountContacts(app, context)
  mountContactsSector(app, context)
  mountContactPoints(app, context)
  mountOrganisations(app, context)
  mountMerger(app, context)
  mountMemorandum(app, context)
  mountSharingRules(app, context)
  // Its forms carry files, which the others do not take.
  app.register(async (scope) => mountLists(scope, context))
  mountKeys(app, context)
  mountAddresses(app, context)
  mountClaim(app, context)
}
