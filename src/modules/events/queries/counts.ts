/** What every sum is made of, and the two shares that people read from it. */

/** Sums of events by verdict, as the database answers them. `share`: dropped part of the partial ones, in millionths. */
export interface Sums {
  events: number
  occurrences: number
  dropped: number
  passed: number
  partial: number
  share: number
}

export interface Counts {
  events: number
  /** Elementary hits inside the events; never added to them. */
  occurrences: number
  dropped: number
  passed: number
  partial: number
  unknown: number
  /** Passed or partial. */
  got_through: number
  /** Dropped and the dropped parts of the partial ones, of the events with a known verdict; 0 to 1, null when none is known. */
  dropped_share: number | null
  /** Events with a known verdict, of all events; 0 to 1, null when there are no events. */
  dropped_known_share: number | null
}

/** The select list of `Sums` over rows of totals or detections. */
export const sumColumns = `coalesce(sum(events), 0)::bigint as events, coalesce(sum(occurrences), 0)::bigint as occurrences,
  coalesce(sum(dropped), 0)::bigint as dropped, coalesce(sum(passed), 0)::bigint as passed, coalesce(sum(partial), 0)::bigint as partial,
  coalesce(sum(share), 0)::bigint as share`

export const noSums: Sums = { events: 0, occurrences: 0, dropped: 0, passed: 0, partial: 0, share: 0 }

export function countsOf(sums: Sums): Counts {
  const known = sums.dropped + sums.passed + sums.partial
  return {
    events: sums.events,
    occurrences: sums.occurrences,
    dropped: sums.dropped,
    passed: sums.passed,
    partial: sums.partial,
    unknown: sums.events - known,
    got_through: sums.passed + sums.partial,
    dropped_share: known === 0 ? null : (sums.dropped + sums.share / 1_000_000) / known,
    dropped_known_share: sums.events === 0 ? null : known / sums.events,
  }
}

/** What a page may be narrowed to by verdict; `through` is passed or partial, `known` anything but unknown. */
export const verdictFilters = ['dropped', 'passed', 'partial', 'unknown', 'through', 'known'] as const
export type VerdictFilter = (typeof verdictFilters)[number]

/** How many events of a sum a verdict filter leaves. */
export const filteredCount = (sums: Sums, verdict: VerdictFilter | null): number => {
  const counts = countsOf(sums)
  switch (verdict) {
    case null:
      return counts.events
    case 'through':
      return counts.got_through
    case 'known':
      return counts.events - counts.unknown
    default:
      return counts[verdict]
  }
}

/** The numbers of `events.verdict` that a filter keeps. */
export const verdictCodes: Record<VerdictFilter, number[]> = {
  dropped: [1],
  passed: [2],
  partial: [3],
  unknown: [0],
  through: [2, 3],
  known: [1, 2, 3],
}
