/** Who keeps a duty: of an organisation its representative, security manager and administrators; of the coordinators each of them. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'

const keepers: Role[] = ['representative', 'security_manager', 'admin']

export const mayKeep = (actor: Actor, org: number | null): boolean =>
  org === null ? isCoordinator(actor) : rolesAt(actor, org).some((role) => keepers.includes(role))

/** For whom the actor may begin a duty; null is the coordinators' own. */
export const keptBy = (actor: Actor): (number | null)[] => {
  const orgs = new Set(actor.engagements.filter((e) => e.through == null).map((e) => e.org))
  return [...orgs].filter((org) => mayKeep(actor, org))
}
