/** Pages of a hundred, newest first, and days as the installation counts them. */
import { dayBounds } from '../../../platform/dates.ts'

export const perPage = 100

export interface Cursor {
  /** Milliseconds since 1970, with parts. */
  at: number
  id: number
}

/** `MILLISECONDS-ID` of the last row of the page before. */
export function cursorOf(after: string | undefined): Cursor | null {
  if (!after) return null
  const [at, id] = after.split('-').map(Number)
  return { at: at ?? 0, id: id ?? 0 }
}

/** Null when the rows asked for, one more than a page holds, did not fill it. */
export function nextOf(rows: Cursor[]): string | null {
  const last = rows.length > perPage ? rows[perPage - 1] : undefined
  return last ? `${last.at}-${last.id}` : null
}

/** From the beginning of the first day meant to the end of the last. */
export const periodOf = (
  { from, to }: { from?: string | undefined; to?: string | undefined },
  zone: string,
): { from: number | undefined; to: number | undefined } => ({
  from: from === undefined ? undefined : dayBounds(from, zone).from,
  to: to === undefined ? undefined : dayBounds(to, zone).to,
})
