/**
 * How strongly somebody has proved who they are, how strongly their roles ask for it, and so how far their session
 * reaches. Tables; sessions look them up with every request.
 */
import { type Role, roles } from './access.ts'

/**
 * What a session can be proved with. A passkey is the device and its PIN or finger at once; a code is what a password lacks.
 * A provider's word counts as a password does, `provider-mfa` is one that also says, and is trusted to say, that it asked for two.
 */
const strengthOf = {
  password: 'weak',
  provider: 'weak',
  totp: 'strong',
  recovery: 'strong',
  passkey: 'strong',
  'provider-mfa': 'strong',
} as const
export type Proof = keyof typeof strengthOf

/** `strong`: a password alone is not enough for this role. */
const asked = {
  coordinator: 'strong',
  operator: 'strong',
  representative: 'weak',
  security_manager: 'weak',
  admin: 'weak',
  duty: 'weak',
  dpo: 'weak',
  manager: 'weak',
} satisfies Record<Role, 'weak' | 'strong'>

/** The roles for which a password alone is not enough. */
export const strongRoles: Role[] = roles.filter((role) => asked[role] === 'strong')

/** `full`; `second`: the second factor has yet to be given; `enrol`: one has to be set up before anything else. */
export type Reach = 'full' | 'second' | 'enrol'

/** Whether the installation asks for it at all (HSOC_SECOND_FACTOR). */
export interface Policy {
  secondFactor?: 'required' | 'off'
}

/** Whether one of the roles needs more than a password. */
export const needsStrong = (roles: Role[], policy: Policy): boolean =>
  policy.secondFactor !== 'off' && roles.some((role) => asked[role] === 'strong')

export const isStrong = (ways: Proof[]): boolean => ways.some((way) => strengthOf[way] === 'strong')

/** Whoever has a second factor is always asked for it, whatever the role. */
export function reachOf(proved: { ways: Proof[]; hasSecond: boolean; roles: Role[] }, policy: Policy): Reach {
  if (isStrong(proved.ways)) return 'full'
  if (proved.hasSecond) return 'second'
  return needsStrong(proved.roles, policy) ? 'enrol' : 'full'
}

/** A dangerous act asks for a proof not older than this. */
export const freshMs = 15 * 60_000
