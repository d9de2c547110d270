/** Who may open the pages of this module, and small helpers that its forms share. */
import { type Actor, isCoordinator, type Role, roles, rolesAt } from '../../../platform/access.ts'

export { text } from '../../../platform/page-routes.ts'

/** Everybody but operators, who run the servers and see no content. */
export const readers: Role[] = roles.filter((role) => role !== 'operator')
export const coordinators: Role[] = ['coordinator']
/** Those who act for a member. */
export const atWork: Role[] = ['representative', 'security_manager', 'admin', 'duty']

/** At this member the actor has no role but that of management: he reads the version for managers. */
export function isManagerOnly(actor: Actor, org: number | null): boolean {
  if (isCoordinator(actor)) return false
  const own = org === null ? actor.engagements.map((e) => e.role) : rolesAt(actor, org)
  return own.length > 0 && own.every((role) => role === 'manager')
}

/** A path of ours to return to, else `otherwise`. Another site's address is never followed. */
export function backTo(given: unknown, otherwise: string): string {
  return typeof given === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(given) && given.length < 500
    ? given
    : otherwise
}

/** The id in a path; what is no number names nothing, so that it is refused as not found. */
export const idOf = (given: unknown): number => (/^\d{1,15}$/.test(String(given)) ? Number(given) : -1)

/** The same for rows that are numbered up to 2^31 alone. */
export const smallIdOf = (given: unknown): number => {
  const id = idOf(given)
  return id > 2_147_483_647 ? -1 : id
}

/** Query of a page with `extra` put in; empty values leave. Always begins with `?` or is empty. */
export function queryWith(
  given: Record<string, string | undefined>,
  extra: Record<string, string | number | null> = {},
): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...given, ...extra }))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  const text = query.toString()
  return text ? `?${text}` : ''
}
