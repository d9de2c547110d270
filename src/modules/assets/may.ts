/** Who may change what an organisation runs, and who lets it count in the sector's sums. The policies say the same (migrations/0064). */
import { type Actor, organisationsRead, type Role, rolesAt } from '../../platform/access.ts'
import { Forbidden, NotFound } from '../../platform/errors.ts'

const rights = {
  keep: ['admin', 'security_manager'],
  share: ['representative', 'security_manager'],
} satisfies Record<string, Role[]>

/** Coordinators may neither: an inventory is its organisation's own. */
export const may = (actor: Actor, right: keyof typeof rights, org: number): boolean =>
  rolesAt(actor, org).some((role) => (rights[right] as Role[]).includes(role))

/** Throws `NotFound` to whoever does not read the organisation's inventory. */
export function requireReader(actor: Actor, org: number): void {
  if (!organisationsRead(actor).includes(org)) throw new NotFound('There is no such inventory')
}

/** Throws as `requireReader`, and `Forbidden` to those of its people who only read. */
export function requireRight(actor: Actor, right: keyof typeof rights, org: number): void {
  requireReader(actor, org)
  if (!may(actor, right, org))
    throw new Forbidden(
      right === 'keep'
        ? 'The inventory is changed by administrators and the security manager of the organisation'
        : 'The representative or the security manager of the organisation decides this',
    )
}
