/** The doors of blocklists: firewalls, the pages of an organisation, those of coordinators. */
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { mountDevices } from './routes/devices.ts'
import { mountEdl } from './routes/edl.ts'
import { mountOwn } from './routes/own.ts'
import { mountReview } from './routes/review.ts'

export function mountBlocklists(app: App, context: Context): void {
  mountEdl(app, context)
  mountOwn(app, context)
  mountDevices(app, context)
  mountReview(app, context)
}
