/** Audience and label together: which pairs there are, and what is narrower than what (sharing.md 4 and 8). */
import type { Audience } from './scopes.ts'
import { type Tlp, tlps } from './tlp.ts'

export const audiences = ['coordinators', 'organisations', 'group', 'all_members', 'public'] as const
export type AudienceKind = (typeof audiences)[number]

/** Why an audience cannot have the label, as a key of words; null for the twenty pairs that can be. */
export function refusedPair(audience: AudienceKind, tlp: Tlp): 'red' | 'public' | null {
  if (audience === 'public') return tlp === 'CLEAR' ? null : 'public'
  return audience === 'all_members' && tlp === 'RED' ? 'red' : null
}

/** Is everybody of `inner` in `outer` by the choice alone? Coordinators are in every audience; groups and organisations are not compared. */
export function isWithin(inner: Audience, outer: Audience): boolean {
  if (inner.kind === 'coordinators' || outer.kind === 'public') return true
  if (outer.kind === 'all_members') return inner.kind !== 'public'
  if (inner.kind === 'group') return outer.kind === 'group' && inner.group === outer.group
  if (inner.kind === 'organisations')
    return outer.kind === 'organisations' && inner.orgs.every((org) => outer.orgs.includes(org))
  return false
}

/** Is the first label the same or narrower? */
export const isNarrowOr = (tlp: Tlp, than: Tlp): boolean => tlps.indexOf(tlp) <= tlps.indexOf(than)
