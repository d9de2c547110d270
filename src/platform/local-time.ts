/** Times of a form (`datetime-local`) in a zone, to instants and back. */
import { DateTime } from 'luxon'

/**
 * Milliseconds, or null when the text is no time of this century. What the clock skips moves forward by what it skips; of an
 * hour that comes twice it is the first.
 */
export function instantOf(field: string, zone: string): number | null {
  const read = DateTime.fromISO(field, { zone })
  if (!/^20\d\d-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(field) || !read.isValid) return null
  return Math.min(...read.getPossibleOffsets().map((one) => one.toMillis()))
}

/** `2026-11-21T12:30` */
export const fieldOf = (at: number, zone: string): string =>
  DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")
