/** Lists by key: quick at any depth, steady while rows arrive, and the same row never twice. */

export interface Listed<Row> {
  rows: Row[]
  /** How many rows the whole list has; null where counting would cost more than it tells. */
  total: number | null
  /** What to ask for next; null at the end of the list. */
  older: string | null
  newer: string | null
}

/** Where a page begins: after (older than) or before (newer than) a row that was shown. */
export interface Place {
  older?: string | undefined
  newer?: string | undefined
}

export const pageSize = 100

/** A cursor is the row's key; text without a dot in any part. */
export const cursorOf = (...key: (string | number)[]): string => key.join('~')

/** The parts of a cursor, or null when it has been tampered with. */
export function readCursor(text: string | undefined, parts: number): string[] | null {
  const found = text?.split('~')
  return found?.length === parts && found.every((part) => /^[\w.:+ -]{1,40}$/.test(part)) ? found : null
}

export const wholeNumber = (text: string | undefined): number => {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : 0
}

/**
 * A page from rows read in the direction of `place`, one more than fits: cut, turned back to newest first, and with the
 * cursors of its ends.
 */
export function paged<Row>(
  found: Row[],
  place: Place,
  limit: number,
  key: (row: Row) => string,
  total: number | null,
): Listed<Row> {
  const more = found.length > limit
  const rows = found.slice(0, limit)
  const backwards = place.newer !== undefined
  if (backwards) rows.reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows,
    total,
    older: last && (backwards || more) ? key(last) : null,
    newer: first && (backwards ? more : place.older !== undefined) ? key(first) : null,
  }
}
