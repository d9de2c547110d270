/** Doors of this module. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountData } from './pages/data-routes.ts'
import { mountPeriods } from './pages/periods-routes.ts'
import { mountRequests } from './pages/requests-routes.ts'

export function mountPrivacy(app: App, context: Context): void {
  mountPeriods(app, context)
  mountData(app, context)
  mountRequests(app, context)
}
