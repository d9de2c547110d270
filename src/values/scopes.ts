/**
 * Scopes: the numbers that say who may read a row. A row carries the scopes that may read it, a transaction the scopes it
 * reads as; the database compares them (migrations/0001-platform.sql). Positive numbers are fixed parties and
 * organisations, negative ones are persons.
 */
import type { Tlp } from './tlp.ts'

export const PUBLIC = 1
export const COORDINATORS = 2
export const OPERATORS = 3
export const ANY_MEMBER = 4
export const ANY_MEMBER_KEY = 5
export const ANY_MEMBER_STRICT_KEY = 6
/** Machines that may read what may be told of the whole sector's events. */
export const SECTOR_READERS = 7

export const readersOfOrg = (org: number): number => 1000 + 4 * org
export const keyOfOrg = (org: number): number => 1000 + 4 * org + 1
export const strictKeyOfOrg = (org: number): number => 1000 + 4 * org + 2
/** Opened by break-glass access to the organisation: no actor carries it, the database finds it (glass_scopes). */
export const glassOfOrg = (org: number): number => 1000 + 4 * org + 3
export const person = (id: number): number => -id
/** A seat in a working group, held for a member: no actor carries it, the database finds it (actor_seats). */
export const seatOfGroup = (group: number): number => 1_000_000_000 + group
/** A written warning that was passed on: no actor carries it, the database finds who got it (actor_passed). */
export const passedOn = (warning: number): number => 1_100_000_000 + warning
/** Keys of a group, made by who leads it. */
export const keyOfGroup = (group: number): number => 1_500_000_000 + group

export type Audience =
  | { kind: 'coordinators' }
  | { kind: 'organisations'; orgs: number[] }
  | { kind: 'group'; group: number }
  | { kind: 'all_members' }
  | { kind: 'public' }

/**
 * The scopes that may read a released item of `source` (null: the coordinators' own) for an audience and a label.
 * TLP:RED reaches only the persons named. `warning`: one of the audience may pass it on where `refusedPassing` has nothing against it.
 * Source: the sharing rule's oracle, rows "released".
 */
export function readersOf(
  audience: Audience,
  tlp: Tlp,
  source: number | null,
  named: number[] = [],
  warning: number | null = null,
): number[] {
  if (tlp === 'RED') return named.map(person)
  if (audience.kind === 'public') {
    if (tlp !== 'CLEAR') throw new RangeError('Only TLP:CLEAR can be shared publicly')
    return [PUBLIC]
  }
  const readers = new Set<number>(source === null ? [] : [readersOfOrg(source)])
  for (const id of named) readers.add(person(id))
  if (audience.kind === 'coordinators') return [COORDINATORS, ...readers]
  // An empty list means nobody but the source, not even the coordinators.
  if (audience.kind === 'organisations' && audience.orgs.length === 0) return [...readers]
  if (warning !== null && refusedPassing(audience.kind, tlp) === null) readers.add(passedOn(warning))
  const strict = tlp === 'AMBER+STRICT'
  // No keys of organisations: an item of a group needs a key of the group, and none of those is strict.
  if (audience.kind === 'group') {
    const keys = strict ? [] : [keyOfGroup(audience.group)]
    return [COORDINATORS, seatOfGroup(audience.group), ...keys, ...readers]
  }
  if (audience.kind === 'all_members') {
    for (const scope of strict
      ? [ANY_MEMBER, ANY_MEMBER_STRICT_KEY]
      : [ANY_MEMBER, ANY_MEMBER_KEY, ANY_MEMBER_STRICT_KEY])
      readers.add(scope)
    return [COORDINATORS, ...readers]
  }
  for (const org of audience.orgs) {
    readers.add(readersOfOrg(org))
    if (!strict) readers.add(keyOfOrg(org))
    readers.add(strictKeyOfOrg(org))
  }
  return [COORDINATORS, ...readers]
}

/** Why nobody may pass an item on, as a key of words; null where one of its audience may (sharing.md 3 and 5, step 11). */
export function refusedPassing(
  audience: Audience['kind'],
  tlp: Tlp,
): 'RED' | 'STRICT' | 'coordinators' | 'public' | null {
  if (tlp === 'RED') return 'RED'
  if (tlp === 'AMBER+STRICT') return 'STRICT'
  return audience === 'coordinators' || audience === 'public' ? audience : null
}

/** The three things that a state means for who may read: being written, out, or expired or withdrawn. */
export type Phase = 'draft' | 'released' | 'over'

export interface Involved {
  author: number
  /** TLP:RED: the persons for whom it is. */
  named: number[]
  /** Those of them who are coordinators, and may see it before it is out. */
  coordinators: number[]
  /** The warning, where its row is there already. */
  warning?: number
}

/** The scopes that may read a warning that somebody writes. Source: sharing.md 5, steps 1, 2 and 5. */
export function readersIn(
  phase: Phase,
  audience: Audience,
  tlp: Tlp,
  source: number | null,
  involved: Involved,
): number[] {
  const { author, named, coordinators, warning } = involved
  if (phase === 'released')
    return readersOf(audience, tlp, source, [author, ...(tlp === 'RED' ? named : [])], warning)
  if (tlp === 'RED') return [author, ...(phase === 'draft' ? coordinators : [])].map(person)
  const own = phase === 'over' && source !== null ? [readersOfOrg(source)] : []
  return [COORDINATORS, ...own, person(author)]
}
