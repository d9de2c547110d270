/** Who may give and take which role: nobody raises a right that they do not hold themselves. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'

export const memberRoles = [
  'representative',
  'security_manager',
  'admin',
  'duty',
  'dpo',
  'manager',
] as const satisfies Role[]
export type MemberRole = (typeof memberRoles)[number]

type Right = 'read' | 'work' | 'manage'

/** What a role brings: reading, answering and announcing, managing people and letting others manage them. */
const brings = {
  representative: ['read', 'work', 'manage'],
  security_manager: ['read', 'work'],
  admin: ['read', 'work'],
  duty: ['read', 'work'],
  dpo: ['read'],
  manager: ['read'],
} satisfies Record<MemberRole, Right[]>

/** The roles that somebody who manages people may give at the organisation, and take again. */
export function givable(actor: Actor, org: number): MemberRole[] {
  if (isCoordinator(actor)) return [...memberRoles]
  const held = new Set(rolesAt(actor, org).flatMap((role): Right[] => brings[role as MemberRole] ?? []))
  return memberRoles.filter((role) => brings[role].every((right) => held.has(right)))
}

/** Only who manages by the own role lets others manage. */
export const mayDelegate = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) || rolesAt(actor, org).includes('representative')

/** Claims addresses for the organisation, gives and ends them: they say whom warnings reach. */
export const mayClaim = (actor: Actor, org: number): boolean =>
  isCoordinator(actor) || rolesAt(actor, org).some((role) => role === 'representative' || role === 'admin')
