/** The doors for machines, apart from the pages: their process then holds nothing that only people need. */
import { type Doors, mountDoors } from './modules/events/machines.ts'
import type { Context } from './platform/context.ts'
import { type App, openApp } from './platform/http.ts'

export async function openMachines(context: Context, doors: Doors): Promise<App> {
  const app = await openApp(context, null)
  await mountDoors(app, doors)
  await app.ready()
  return app
}
