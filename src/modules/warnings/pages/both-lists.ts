/** Warnings born of detections and written ones as one list, by when they were opened or published. */
import { type Queryable, together } from '../../../platform/database.ts'
import { countWarnings, listWarnings } from '../queries.ts'
import type { Cursor, Filters, WarningRow } from '../types.ts'
import { countOut, listOut, type OutRow } from '../written/out-list.ts'
import { type Kind, kinds } from '../written/types.ts'

export type BothRow =
  | { from: 'detected'; at: number; row: WarningRow }
  | { from: 'written'; at: number; row: OutRow }

/** What the filter of kinds offers: `detected`, `written`, or one kind of the written. */
export const kindChoices = ['detected', 'written', ...kinds] as const
export type KindChoice = (typeof kindChoices)[number]

export const kindIn = (given: string | undefined): KindChoice | null =>
  kindChoices.find((one) => one === given) ?? null

const writtenKind = (choice: KindChoice | null): Kind | null => kinds.find((one) => one === choice) ?? null

/** Where a page ends. At one moment detected ones stand before written ones. */
interface BothCursor extends Cursor {
  from: BothRow['from']
}

/** `MILLISECONDS-ID`, of a written one `MILLISECONDS-wID`. */
export function cursorIn(given: string | undefined): BothCursor | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)-(w?)(\d{1,15})$/.exec(given ?? '')
  return match
    ? { at: Number(match[1]), from: match[2] ? 'written' : 'detected', id: Number(match[3]) }
    : null
}

export const cursorAfter = ({ at, from, row }: BothRow): string =>
  `${at}-${from === 'written' ? 'w' : ''}${row.id}`

const highest = Number.MAX_SAFE_INTEGER

/** The cursors of both lists: all of the other kind at the same moment come after a detected one, and before a written one. */
function split(cursor: BothCursor | null): { detected: Cursor | null; written: Cursor | null } {
  if (!cursor) return { detected: null, written: null }
  return cursor.from === 'detected'
    ? { detected: cursor, written: { at: cursor.at, id: highest } }
    : { detected: { at: cursor.at, id: 0 }, written: cursor }
}

export async function listBoth(
  tx: Queryable,
  filters: Filters,
  kind: KindChoice | null,
  cursor: BothCursor | null,
  limit: number,
): Promise<{ rows: BothRow[]; total: number }> {
  const after = split(cursor)
  const of = { ...filters, kind: writtenKind(kind) }
  const [some, none] = [kind === null || kind === 'detected', kind === 'detected']
  const { detected, written, detectedTotal, writtenTotal } = await together({
    detected: some ? listWarnings(tx, filters, after.detected, limit) : Promise.resolve([]),
    written: none ? Promise.resolve([]) : listOut(tx, of, after.written, limit),
    detectedTotal: some ? countWarnings(tx, filters) : Promise.resolve(0),
    writtenTotal: none ? Promise.resolve(0) : countOut(tx, of),
  })
  const rows = [
    ...detected.map((row): BothRow => ({ from: 'detected', at: row.openedAt, row })),
    ...written.map((row): BothRow => ({ from: 'written', at: row.publishedAt, row })),
  ]
  // The sort is stable: at one moment each list keeps its order, and detected ones stand first.
  return { rows: rows.sort((a, b) => b.at - a.at).slice(0, limit), total: detectedTotal + writtenTotal }
}
