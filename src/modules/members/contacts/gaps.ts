/** What is missing in a contact book, from its entries alone: nothing here reads the database. */
import { DateTime } from 'luxon'
import { homeZone } from '../../../platform/dates.ts'
import type { Entry } from './book.ts'
import { type Purpose, purposes, verifiedMonths } from './words.ts'

const attestMonths = 6
/** Days after the day on which a book was due: then its word no longer counts. */
export const staleDays = 30

const later = (at: number, by: object): number =>
  DateTime.fromMillis(at, { zone: homeZone }).plus(by).toMillis()

/** `old`: proved, but longer ago than may be relied on. */
export type Proof = 'verified' | 'old' | 'unverified'

export function proofOf(verifiedAt: number | null, now: number): Proof {
  if (verifiedAt === null) return 'unverified'
  return now < later(verifiedAt, { months: verifiedMonths }) ? 'verified' : 'old'
}

/** The day (`YYYY-MM-DD`) on which a book is to be attested again: six calendar months on, a missing day becomes the month's last. */
export const dueOn = (attestedAt: number): string =>
  DateTime.fromMillis(attestedAt, { zone: homeZone }).plus({ months: attestMonths }).toISODate() ?? ''

export type Age = 'never' | 'fresh' | 'due' | 'stale'

/** How old the organisation's word for its book is; `today` as `YYYY-MM-DD`. */
export function ageOf(attestedAt: number | null, today: string): Age {
  if (attestedAt === null) return 'never'
  const due = dueOn(attestedAt)
  if (today < due) return 'fresh'
  return today < daysAfter(due, staleDays) ? 'due' : 'stale'
}

export const daysAfter = (day: string, days: number): string =>
  DateTime.fromISO(day, { zone: 'UTC' }).plus({ days }).toISODate() ?? ''

/** The gap of a purpose: nobody there, or nobody proved. */
const gapOf = (purpose: Purpose, entries: Entry[], now: number): string[] => {
  const there = entries.filter((entry) => entry.purpose === purpose)
  if (there.length === 0) return [`nobody.${purpose}`]
  return there.some((entry) => proofOf(entry.verifiedAt, now) === 'verified') ? [] : [`unverified.${purpose}`]
}

/**
 * What is missing, as the last parts of `contacts.gap.…`. What only the organisation itself sees helps nobody who has to reach
 * it, so it closes no gap, and every reader who may see the book finds the same gaps.
 */
export function gapsIn(entries: Entry[], attestedAt: number | null, now: number, today: string): string[] {
  const shared = entries.filter((entry) => entry.visibility !== 'own')
  const works = shared.filter((entry) => proofOf(entry.verifiedAt, now) === 'verified')
  const names = new Set(works.map((entry) => entry.person ?? entry.name))
  const age = ageOf(attestedAt, today)
  return [
    ...(shared.length > 0 && works.length === 0 ? ['nobodyVerified'] : []),
    ...purposes.flatMap((purpose) => gapOf(purpose, shared, now)),
    ...(works.length > 0 && names.size === 1 ? ['onePerson'] : []),
    ...(works.length > 0 && works.every((entry) => entry.channel === 'mail') ? ['onlyMail'] : []),
    ...(age === 'fresh' ? [] : [`attestation.${age}`]),
  ]
}

/** Purposes that would lose their last proved contact if `gone` were no longer there. */
export const lastFor = (entries: Entry[], gone: (entry: Entry) => boolean, now: number): Purpose[] =>
  purposes.filter((purpose) => {
    const works = entries.filter(
      (entry) => entry.purpose === purpose && proofOf(entry.verifiedAt, now) === 'verified',
    )
    return works.length > 0 && works.every(gone)
  })
