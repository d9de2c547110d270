/** The table of contents: which modules serve people and machines, and what the program does by itself. */

import { apiPage } from './api-page.tsx'
import { mountAdvisories } from './modules/advisories/pages.ts'
import { mountAssets } from './modules/assets/pages.ts'
import { accountSlots, mountChannels, mountSmsBack } from './modules/channels/pages.ts'
import { mountDuty } from './modules/duty/pages.ts'
import { callSteps } from './modules/emergency/index.ts'
import { mountEmergency, watchCalls } from './modules/emergency/pages.ts'
import { mountEvents } from './modules/events/pages.ts'
import { mountExchange, serveByName } from './modules/exchange/pages.ts'
import { mountGroups } from './modules/groups/pages.ts'
import { mountHome } from './modules/home/pages.ts'
import { mountJoining } from './modules/joining/pages.ts'
import { advisorySlots, mountMatches } from './modules/matches/pages.ts'
import { registerSearch } from './modules/members/index.ts'
import { mountMembers } from './modules/members/pages.ts'
import { dataSlot, mountPrivacy } from './modules/privacy/pages.ts'
import { mountSite, openKeeper, visitorsHome, watchChanges } from './modules/site/pages.ts'
import { mountTrail, watchReads } from './modules/trail/pages.ts'
import { mountWarnings, warningSlots } from './modules/warnings/pages.ts'
import type { Context } from './platform/context.ts'
import { mountFrame } from './platform/frame-routes.ts'
import { type App, openApp } from './platform/http.ts'
import { errorPage } from './refusals.tsx'
import { understanding } from './understanding.ts'

/** Pages and API for people. */
export async function openPages(context: Context): Promise<App> {
  const app = await openApp(context, errorPage)
  watchReads(app, context)
  serveByName(app, context)
  watchCalls(app, context)
  const keeper = openKeeper(context.bus)
  watchChanges(app, keeper)
  await mountFrame(app, context, apiPage)
  await app.register(async (scope) => mountMembers(scope, context, { ...accountSlots, ...dataSlot }))
  const search = [...(warningSlots.search ?? []), ...registerSearch]
  await app.register(async (scope) => mountEvents(scope, context, { ...warningSlots, search }))
  await app.register(async (scope) => mountChannels(scope, context))
  await mountSmsBack(app, context, understanding(context.db))
  await app.register(async (scope) => mountGroups(scope, context))
  await app.register(async (scope) => mountDuty(scope, context, callSteps))
  await app.register(async (scope) => mountAssets(scope, context))
  await app.register(async (scope) => mountWarnings(scope, context))
  await app.register(async (scope) => mountEmergency(scope, context))
  await app.register(async (scope) => mountAdvisories(scope, context, advisorySlots))
  await app.register(async (scope) => mountMatches(scope, context))
  await app.register(async (scope) => mountExchange(scope, context))
  await app.register(async (scope) => mountTrail(scope, context))
  await app.register(async (scope) => mountPrivacy(scope, context))
  await app.register(async (scope) => mountJoining(scope, context))
  await app.register(async (scope) => mountSite(scope, context, keeper))
  await app.register(async (scope) => mountHome(scope, context, visitorsHome(context, keeper)))
  await app.ready()
  return app
}
