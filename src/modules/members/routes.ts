/** What people reach of this module: sessions and passwords, the own account, the register, API keys. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountAccount } from './routes/account.ts'
import { mountInvitation } from './routes/invitation.ts'
import { mountKeys } from './routes/keys.ts'
import { mountLists } from './routes/lists.ts'
import { mountMemorandum } from './routes/memorandum.ts'
import { mountOrganisations } from './routes/organisations.ts'
import { mountPasswords } from './routes/passwords.ts'
import { mountPeople } from './routes/people.ts'
import { mountRegister } from './routes/register.ts'
import { mountSessions } from './routes/sessions.ts'
import type { AccountSlots } from './slots.ts'

/** `slots` is what higher modules add to the account page. */
export function mountMembers(app: App, context: Context, slots: AccountSlots = {}): void {
  mountSessions(app, context)
  mountPasswords(app, context)
  mountAccount(app, context, slots)
  mountRegister(app, context)
  mountPeople(app, context)
  mountInvitation(app, context)
  mountOrganisations(app, context)
  mountMemorandum(app, context)
  // Its forms carry files, which the others do not take.
  app.register(async (scope) => mountLists(scope as unknown as App, context))
  mountKeys(app, context)
}
