/** The doors for machines: Warden 3, the generic HTTPS door, and certificates. Mounted by the intake's process. */
import type { App } from '../../../platform/http.ts'
import type { Doors } from '../doors.ts'
import { mountWarden } from '../warden/routes.ts'
import { mountApiDoor } from './api-door.ts'
import { mountEnrolmentDoor } from './enrolment-door.ts'

export async function mountDoors(app: App, doors: Doors): Promise<void> {
  await app.register(async (scope) => mountWarden(scope, doors))
  await app.register(async (scope) => mountApiDoor(scope, doors))
  await app.register(async (scope) => mountEnrolmentDoor(scope, doors))
}
