/** The address line cut where any list begins or ends, so that one binary search finds all lists at once. */

export interface Segments<T extends number | bigint> {
  /** Ascending; segment i reaches from starts[i] to just before starts[i + 1]. */
  starts: T[]
  /** The lists in force in each segment, ascending; equal sets share one array. */
  lists: (readonly number[])[]
}

/** Lays spans (`end` exclusive) out as segments; spans of one list may overlap or repeat. */
export function layOut<T extends number | bigint>(
  spans: readonly { lo: T; end: T; list: number }[],
): Segments<T> {
  const cuts = spans
    .flatMap(({ lo, end, list }) => [
      { at: lo, list, step: 1 },
      { at: end, list, step: -1 },
    ])
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const segments: Segments<T> = { starts: [], lists: [] }
  const open = new Map<number, number>()
  const known = new Map<string, readonly number[]>()
  for (const [index, { at, list, step }] of cuts.entries()) {
    const depth = (open.get(list) ?? 0) + step
    if (depth === 0) open.delete(list)
    else open.set(list, depth)
    if (cuts[index + 1]?.at === at) continue
    segments.starts.push(at)
    segments.lists.push(shared(known, open))
  }
  return segments
}

function shared(known: Map<string, readonly number[]>, open: Map<number, number>): readonly number[] {
  const lists = [...open.keys()].sort((a, b) => a - b)
  const key = lists.join()
  const same = known.get(key)
  if (same) return same
  known.set(key, lists)
  return lists
}

/** The lists that hold every address from `lo` to `hi` (inclusive). */
export function findWhole<T extends number | bigint>(segments: Segments<T>, lo: T, hi: T): number[] {
  let index = lastAtOrBefore(segments.starts, lo)
  let found = [...(segments.lists[index] ?? [])]
  for (index += 1; found.length > 0; index += 1) {
    const start = segments.starts[index]
    if (start === undefined || start > hi) break
    const here = segments.lists[index] ?? []
    found = found.filter((list) => here.includes(list))
  }
  return found
}

/** The lists that hold any address from `lo` to `hi` (inclusive). */
export function findAny<T extends number | bigint>(segments: Segments<T>, lo: T, hi: T): number[] {
  let index = lastAtOrBefore(segments.starts, lo)
  const found = new Set(segments.lists[index])
  for (index += 1; ; index += 1) {
    const start = segments.starts[index]
    if (start === undefined || start > hi) break
    for (const list of segments.lists[index] ?? []) found.add(list)
  }
  return [...found]
}

function lastAtOrBefore<T extends number | bigint>(starts: readonly T[], value: T): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const start = starts[middle]
    if (start !== undefined && start <= value) low = middle + 1
    else high = middle
  }
  return low - 1
}
