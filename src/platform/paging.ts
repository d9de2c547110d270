/** Lists in pages, newest first: the place after the last row shown stands in the address. */

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
export function nextOf(rows: Cursor[], perPage: number): string | null {
  const last = rows.length > perPage ? rows[perPage - 1] : undefined
  return last ? `${last.at}-${last.id}` : null
}
