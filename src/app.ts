/** The table of contents: which modules serve people and machines, and what the program does by itself. */

import { accountSlots, mountChannels } from './modules/channels/index.ts'
import { mountEvents } from './modules/events/index.ts'
import { mountGroups } from './modules/groups/index.ts'
import { mountHome } from './modules/home/index.ts'
import { mountJoining } from './modules/joining/index.ts'
import { mountMembers, registerSearch } from './modules/members/index.ts'
import { dataSlot, mountPrivacy } from './modules/privacy/index.ts'
import { mountSite, openKeeper, visitorsHome, watchChanges } from './modules/site/index.ts'
import { mountTrail, watchReads } from './modules/trail/index.ts'
import { mountWarnings, warningSlots } from './modules/warnings/index.ts'
import type { Context } from './platform/context.ts'
import { mountFrame } from './platform/frame-routes.ts'
import { type App, openApp } from './platform/http.ts'
import { errorPage } from './refusals.tsx'

/** Pages and API for people. */
export async function openPages(context: Context): Promise<App> {
  const app = await openApp(context, errorPage)
  watchReads(app, context)
  const keeper = openKeeper(context.bus)
  watchChanges(app, keeper)
  await mountFrame(app, context)
  await app.register(async (scope) =>
    mountMembers(scope as unknown as App, context, { ...accountSlots, ...dataSlot }),
  )
  const search = [...(warningSlots.search ?? []), ...registerSearch]
  await app.register(async (scope) =>
    mountEvents(scope as unknown as App, context, { ...warningSlots, search }),
  )
  await app.register(async (scope) => mountChannels(scope as unknown as App, context))
  await app.register(async (scope) => mountGroups(scope as unknown as App, context))
  await app.register(async (scope) => mountWarnings(scope as unknown as App, context))
  await app.register(async (scope) => mountTrail(scope as unknown as App, context))
  await app.register(async (scope) => mountPrivacy(scope as unknown as App, context))
  await app.register(async (scope) => mountJoining(scope as unknown as App, context))
  await app.register(async (scope) => mountSite(scope as unknown as App, context, keeper))
  await app.register(async (scope) =>
    mountHome(scope as unknown as App, context, visitorsHome(context, keeper)),
  )
  await app.ready()
  return app
}
