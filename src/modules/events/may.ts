/** Who manages a sensor: its certificates and the tokens for them. The record itself is changed at the terminal. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'

/** Roles at the sensor's organisation. */
export const managers = ['representative', 'security_manager', 'admin'] as const satisfies Role[]

/** Coordinators manage every sensor, and alone those of no organisation. Operators run the servers and give no access. */
export const mayManage = (actor: Actor, sensor: { org: number | null }): boolean =>
  isCoordinator(actor) ||
  (sensor.org !== null &&
    rolesAt(actor, sensor.org).some((role) => (managers as readonly Role[]).includes(role)))
