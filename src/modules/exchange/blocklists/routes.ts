/** The doors of blocklists: firewalls, the pages of an organisation, those of coordinators. */
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { mountEdl } from './routes/edl.ts'

export function mountBlocklists(app: App, context: Context): void {
  mountEdl(app, context)
}
