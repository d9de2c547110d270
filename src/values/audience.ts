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

/**
 * The widest audience within both, as one choice (sharing.md 8): what cannot be said so, two groups or a group and organisations, is for
 * coordinators.
 */
export function intersect(a: Audience, b: Audience): Audience {
  if (a.kind === 'public') return b
  if (b.kind === 'public') return a
  if (a.kind === 'all_members') return b
  if (b.kind === 'all_members') return a
  if (a.kind === 'group' && b.kind === 'group' && a.group === b.group) return a
  if (a.kind === 'organisations' && b.kind === 'organisations') {
    const orgs = a.orgs.filter((org) => b.orgs.includes(org))
    if (orgs.length > 0) return { kind: 'organisations', orgs }
  }
  return { kind: 'coordinators' }
}

/** How wide something may be: a label, an audience, and of TLP:RED the persons. */
export interface Limit {
  tlp: Tlp
  audience: Audience
  /** Null where the label is wider than TLP:RED. */
  named: number[] | null
}

/** What several inputs allow together (sharing.md 8). */
export function narrowest([first, ...rest]: [Limit, ...Limit[]]): Limit {
  return rest.reduce((a, b): Limit => {
    const named = a.named && b.named ? a.named.filter((one) => b.named?.includes(one)) : (a.named ?? b.named)
    return {
      tlp: isNarrowOr(a.tlp, b.tlp) ? a.tlp : b.tlp,
      audience: intersect(a.audience, b.audience),
      named,
    }
  }, first)
}

/** Which of its choices are wider than the limit. */
export function widerThan(
  given: { tlp: Tlp; audience: Audience; named: number[] },
  limit: Limit,
): ('tlp' | 'audience' | 'named')[] {
  const { named } = limit
  return [
    ...(isNarrowOr(given.tlp, limit.tlp) ? [] : ['tlp' as const]),
    ...(isWithin(given.audience, limit.audience) ? [] : ['audience' as const]),
    ...(given.tlp === 'RED' && named !== null && given.named.some((one) => !named.includes(one))
      ? ['named' as const]
      : []),
  ]
}
