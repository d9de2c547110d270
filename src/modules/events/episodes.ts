/** Episodes as a pure function of a key's hourly detections, so that neither order nor batching of arrival matters. */

/** One hour of one key; several classes of the family are merged by the caller. Times in ms. */
export interface HourRow {
  first: number
  last: number
}

export interface Span {
  first: number
  last: number
  /** Quiet hours after which this episode ends. */
  gap: number
  /** Follows an episode that was cut at its greatest length. */
  continues: boolean
}

const hourMs = 3_600_000
export const longestMs = 7 * 24 * hourMs

/**
 * Quiet hours allowed, by how often the key came back in the seven days before: it is told as one trouble that comes
 * and goes, not as a new one each time. `base` is 2 for classes that can be critical (they stay at 2), else 6.
 */
export function gapHours(base: number, endedInLastWeek: number): number {
  if (base <= 2) return base
  if (endedInLastWeek >= 4) return 24
  return endedInLastWeek >= 2 ? 12 : base
}

/** Rows in any order; answers the episodes in order of time. An hour's row is never split: every gap exceeds an hour. */
export function episodesOf(rows: HourRow[], base: number): Span[] {
  const sorted = [...rows].sort((a, b) => a.first - b.first || a.last - b.last)
  const spans: Span[] = []
  for (const row of sorted) {
    const current = spans.at(-1)
    if (!current || row.first - current.last > current.gap * hourMs) {
      const recent = spans.filter((s) => s.last > row.first - longestMs).length
      spans.push({ first: row.first, last: row.last, gap: gapHours(base, recent), continues: false })
    } else if (Math.max(row.last, current.last) - current.first > longestMs)
      spans.push({ first: row.first, last: row.last, gap: current.gap, continues: true })
    else current.last = Math.max(current.last, row.last)
  }
  return spans
}
