/** How old a list is, and whether it is still fresh enough to soften a judgement. */

const dayMs = 86_400_000

/** A list older than this many days still labels, but never lowers a severity. */
export const demotionLimitDays = 180

/**
 * Reads a list's version as a date where it is one: `20260811`, `2026081110` (with the hour) or `26081110`
 * (two-digit year and hour). Small serial numbers and impossible dates give null.
 */
export function dateOfVersion(version: number | string): Date | null {
  const text = String(version)
  if (/^20\d{6}$/.test(text)) return utcDate(text.slice(0, 4), text.slice(4, 6), text.slice(6, 8), '00')
  if (/^20\d{8}$/.test(text))
    return utcDate(text.slice(0, 4), text.slice(4, 6), text.slice(6, 8), text.slice(8, 10))
  if (/^\d{8}$/.test(text))
    return utcDate(`20${text.slice(0, 2)}`, text.slice(2, 4), text.slice(4, 6), text.slice(6, 8))
  return null
}

function utcDate(year: string, month: string, day: string, hour: string): Date | null {
  const date = new Date(`${year}-${month}-${day}T${hour}:00:00Z`)
  if (Number.isNaN(date.getTime())) return null
  return date.getUTCDate() === Number(day) && date.getUTCHours() === Number(hour) ? date : null
}

/** Whole days since the list's date (or its collection's), never negative; null when nothing tells it. */
export function ageDays(list: { asOf: Date | null }, now: Date): number | null {
  if (list.asOf === null) return null
  return Math.max(0, Math.floor((now.getTime() - list.asOf.getTime()) / dayMs))
}

/** Whether a list may turn a scan into mere information: its group says so and its age is known and small. */
export function mayDemote(list: { asOf: Date | null; effect: string }, now: Date): boolean {
  const age = ageDays(list, now)
  return list.effect === 'recon-to-info' && age !== null && age <= demotionLimitDays
}
