/** Times of a form (`datetime-local`) in a zone, to instants and back. */
import { DateTime } from 'luxon'

/** Milliseconds, or null when the text is no time. An hour that the clock change skips moves forward. */
export function instantOf(text: string, zone: string): number | null {
  const read = DateTime.fromISO(text, { zone })
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && read.isValid ? read.toMillis() : null
}

/** `2026-11-21T12:30` */
export const fieldOf = (at: number, zone: string): string =>
  DateTime.fromMillis(at, { zone }).toFormat("yyyy-MM-dd'T'HH:mm")
