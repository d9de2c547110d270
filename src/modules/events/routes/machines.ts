/** The doors for machines: Warden 3 and the generic HTTPS door. Mounted by the intake's process and, small, by others. */
import type { App } from '../../../platform/http.ts'
import type { Doors } from '../doors.ts'
import { mountWarden } from '../warden/routes.ts'
import { mountApiDoor } from './api-door.ts'

export async function mountDoors(app: App, doors: Doors): Promise<void> {
  await app.register(async (scope) => mountWarden(scope as unknown as App, doors))
  await app.register(async (scope) => mountApiDoor(scope as unknown as App, doors))
}
