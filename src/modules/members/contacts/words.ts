/** What a contact is for, how it is reached, and who is shown it. */
import { ANY_MEMBER, COORDINATORS, readersOfOrg } from '../../../values/scopes.ts'

/** In the order of the page: whom to call first on a bad night stands first. */
export const purposes = ['security', 'technical', 'out_of_hours', 'management', 'data_protection'] as const
export type Purpose = (typeof purposes)[number]

export const channels = ['phone', 'mail', 'sms', 'other'] as const
export type Channel = (typeof channels)[number]

export const visibilities = ['own', 'coordinators', 'members'] as const
export type Visibility = (typeof visibilities)[number]

/** What each purpose of a contact point is shown to; null where the point is not for it. */
export type Shown = Record<Purpose, Visibility | null>

export const forNothing: Shown = {
  security: null,
  technical: null,
  out_of_hours: null,
  management: null,
  data_protection: null,
}

/** Months after which a proof that a contact works is too old to be relied on. Source: contacts, re-verification. */
export const verifiedMonths = 12

/**
 * The scopes that may read an entry. What names a person is shown to other members only once the person agreed. No scope of
 * keys: programs read no contacts.
 */
export function readersOfEntry(org: number, visibility: Visibility, agreed: boolean): number[] {
  if (visibility === 'own') return [readersOfOrg(org)]
  const near = [COORDINATORS, readersOfOrg(org)]
  return visibility === 'members' && agreed ? [...near, ANY_MEMBER] : near
}

/** A contact point and the organisation under whose address it was named. */
export interface Which {
  org: number
  point: number
}
