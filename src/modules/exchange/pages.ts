/** What the exchange module mounts. */
import type { Context } from '../../platform/context.ts'
import type { App } from '../../platform/http.ts'
import { mountFeeds } from './atom/routes.ts'
import { mountBlocklists } from './blocklists/routes.ts'
import { mountCsaf } from './csaf/routes.ts'
import { mountGroupKeys } from './routes/group-keys.ts'

export { serveByName } from './csaf/routes.ts'

export function mountExchange(app: App, context: Context): void {
  mountCsaf(app, context)
  mountBlocklists(app, context)
  mountFeeds(app, context)
  mountGroupKeys(app, context)
}
