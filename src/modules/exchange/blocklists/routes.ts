/** The doors of blocklists: firewalls, the pages of an organisation, those of coordinators. */
import type { Context } from '../../../platform/context.ts'
import type { App } from '../../../platform/http.ts'
import { mountBlocklistApi } from '../routes/blocklists/api.ts'
import { mountDevices } from '../routes/blocklists/devices.ts'
import { mountEdl } from '../routes/blocklists/edl.ts'
import { mountOwn } from '../routes/blocklists/own.ts'
import { mountReview } from '../routes/blocklists/review.ts'

export function mountBlocklists(app: App, context: Context): void {
  mountEdl(app, context)
  mountOwn(app, context)
  mountDevices(app, context)
  mountReview(app, context)
  mountBlocklistApi(app, context)
}
