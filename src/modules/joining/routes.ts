/** The way in: the public application, its judges' pages, and a new member's first steps. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountApplications } from './routes/applications.ts'
import { mountApply } from './routes/apply.ts'
import { mountFirstHour } from './routes/first-hour.ts'

export function mountJoining(app: App, context: Context): void {
  mountApply(app, context)
  mountApplications(app, context)
  mountFirstHour(app, context)
}
