/** SQL condition, always true, that lets the index by organisation and hour of the last event serve a list of episodes `e`. */
export const byRecency = (e: string): string => `${e}.last_hour > '-infinity'`

/**
 * SQL condition: the last event of the episode `e` lies in [from, to). The bounds are SQL in ms since 1970, null for none.
 * Said by the hour as well, as the index holds that alone.
 */
export function lastBetween(e: string, from: string | null, to: string | null): string {
  const time = (ms: string): string => `to_timestamp(${ms} / 1000.0)`
  const parts = [byRecency(e)]
  if (from !== null)
    parts.push(`${e}.last_at >= ${time(from)}`, `${e}.last_hour > ${time(from)} - interval '1 hour'`)
  if (to !== null) parts.push(`${e}.last_at < ${time(to)}`, `${e}.last_hour < ${time(to)}`)
  return parts.join(' and ')
}

/** SQL: whether an episode still goes on. Empty ones, and those that became part of another, are over. */
export const going = (e: string): string =>
  `(${e}.alias_of is null and ${e}.events > 0 and ${e}.last_at + make_interval(hours => ${e}.gap_hours) >= (select closed_before()))`
