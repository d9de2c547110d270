/** The doors for machines, apart from the pages: their process then holds nothing that only people need. */
import { type Doors, mountDoors } from './modules/events/index.ts'
import type { Context } from './platform/context.ts'
import { type App, openApp } from './platform/http.ts'
import { errorPage } from './refusals.tsx'

export async function openMachines(context: Context, doors: Doors): Promise<App> {
  const app = await openApp(context, errorPage)
  await mountDoors(app, doors)
  await app.ready()
  return app
}
