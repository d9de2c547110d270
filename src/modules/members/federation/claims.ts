/** What a provider says of somebody, read with suspicion: it decides about its own people only. */
import type { Provider } from '../../../platform/providers.ts'

export interface Said {
  issuer: string
  subject: string
  email: string | null
  /** The provider vouches for the e-mail. */
  isVerified: boolean
  name: string | null
  /** Null: it says that there are too many to say. */
  groups: string[] | null
  /** It asked for two factors, and may say so. */
  isStrong: boolean
  sid: string | null
  /** When its bearer last proved there who they are, ms since 1970; null: it does not say. */
  authAt: number | null
  idToken: string
}

export type Claims = Readonly<Record<string, unknown>>

const mostGroups = 1_000

const textIn = (claims: Claims, name: string, most: number): string | null => {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  if (typeof value !== 'string') return null
  const plain = value.replace(/\p{C}/gu, '').trim()
  return plain !== '' && plain.length <= most ? plain : null
}

/** By its whole name, or by a way into objects: `realm_access.roles`. */
function valueAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let at: unknown = claims
  for (const step of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step] // an object that has it
  }
  return at
}

/** Whether the claims hold the groups themselves; else the provider may have them elsewhere. */
export const hasGroups = (claims: Claims, name: string): boolean => valueAt(claims, name) !== undefined

function groupsIn(claims: Claims, name: string): string[] | null {
  const value = valueAt(claims, name)
  // OpenID Connect Core 5.6.2: a claim that is elsewhere is named here. Microsoft Entra ID does so past 200 groups.
  if (value === undefined && valueAt(claims, `_claim_names.${name}`) !== undefined) return null
  const groups = [value].flat().filter((one): one is string => typeof one === 'string')
  return groups.length > mostGroups ? null : groups
}

function isStrong(claims: Claims, asked: Provider['secondFactor']): boolean {
  if (!asked) return false
  const amr = [claims.amr].flat()
  return asked.amr.some((word) => amr.includes(word)) || asked.acr.some((word) => claims.acr === word)
}

/** Null when the subject is missing or longer than OpenID Connect Core 2 allows. */
export function read(provider: Provider, issuer: string, idToken: string, claims: Claims): Said | null {
  const { sub, sid } = claims
  if (typeof sub !== 'string' || sub === '' || sub.length > 255 || sub.includes('\0')) return null
  return {
    issuer,
    subject: sub,
    email: textIn(claims, 'email', 254),
    // Some providers write the word.
    isVerified: claims.email_verified === true || claims.email_verified === 'true',
    name: textIn(claims, 'name', 100),
    groups: groupsIn(claims, provider.groupsClaim),
    isStrong: isStrong(claims, provider.secondFactor),
    sid: typeof sid === 'string' && sid.length <= 255 && !sid.includes('\0') ? sid : null,
    authAt: typeof claims.auth_time === 'number' ? claims.auth_time * 1_000 : null,
    idToken,
  }
}
