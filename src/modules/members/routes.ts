/** What people reach of this module: sessions and passwords, the own account, the register. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountAccount } from './routes/account.ts'
import { mountPasswords } from './routes/passwords.ts'
import { mountRegister } from './routes/register.ts'
import { mountSessions } from './routes/sessions.ts'

export function mountMembers(app: App, context: Context): void {
  mountSessions(app, context)
  mountPasswords(app, context)
  mountAccount(app, context)
  mountRegister(app, context)
}
