/** Who may do what with an organisation's blocklists, and with everybody's. */
import { type Actor, isCoordinator, organisationsRead, type Role, rolesAt } from '../../../platform/access.ts'
import { Forbidden, NotFound } from '../../../platform/errors.ts'

const rights = {
  /** Choices, exceptions, firewalls and their keys. */
  keep: ['admin', 'security_manager', 'representative'],
  /** Saying that a block broke the care: whoever is on duty at night must not wait for anybody. */
  report: ['admin', 'security_manager', 'representative', 'duty'],
} satisfies Record<string, Role[]>

export type Right = keyof typeof rights

export const may = (actor: Actor, right: Right, org: number): boolean =>
  rolesAt(actor, org).some((role) => (rights[right] as Role[]).includes(role)) // a shorter list of the same words

/** Throws `NotFound` to whoever does not read for the organisation, `Forbidden` to those of its people who only read. */
export function requireRight(actor: Actor, right: Right, org: number): void {
  if (!organisationsRead(actor).includes(org)) throw new NotFound('There is no such blocklist.')
  if (may(actor, right, org)) return
  if (right === 'keep')
    throw new Forbidden('Blocklists are kept by administrators, the security manager and the representative.')
  throw new Forbidden(
    'This is said by administrators, the security manager, the representative and whoever is on duty.',
  )
}

export function requireCoordinator(actor: Actor): void {
  if (!isCoordinator(actor)) throw new Forbidden('Only coordinators decide what everybody blocks.')
}
