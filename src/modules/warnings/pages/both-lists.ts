/** Warnings born of detections, written ones, and what is left of revoked ones as one list, by when they were opened, published or revoked. */
import { type Queryable, together } from '../../../platform/database.ts'
import { countWarnings, listWarnings } from '../queries.ts'
import type { Cursor, Filters, WarningRow } from '../types.ts'
import { countGone, countOut, listGone, listOut, type OutRow } from '../written/out-list.ts'
import type { Tombstone } from '../written/tombstones.ts'
import { type Kind, kinds } from '../written/types.ts'

export type BothRow =
  | { from: 'detected'; at: number; row: WarningRow }
  | { from: 'written'; at: number; row: OutRow }
  | { from: 'gone'; at: number; row: Tombstone }

/** What the filter of kinds offers: `detected`, `written`, or one kind of the written. */
export const kindChoices = ['detected', 'written', ...kinds] as const
export type KindChoice = (typeof kindChoices)[number]

export const kindIn = (given: string | undefined): KindChoice | null =>
  kindChoices.find((one) => one === given) ?? null

const writtenKind = (choice: KindChoice | null): Kind | null => kinds.find((one) => one === choice) ?? null

/** At one moment they stand in this order; in an address each has its letter. */
const order = ['detected', 'written', 'gone'] as const
const letters = { detected: '', written: 'w', gone: 'r' } satisfies Record<BothRow['from'], string>

/** Where a page ends. */
interface BothCursor extends Cursor {
  from: BothRow['from']
}

/** `MILLISECONDS-ID`, of a written one `MILLISECONDS-wID`, of a revoked one `MILLISECONDS-rID`. */
export function cursorIn(given: string | undefined): BothCursor | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)-([wr]?)(\d{1,15})$/.exec(given ?? '')
  const from = order.find((one) => letters[one] === match?.[2])
  return match && from ? { at: Number(match[1]), from, id: Number(match[3]) } : null
}

export const cursorAfter = ({ at, from, row }: BothRow): string => `${at}-${letters[from]}${row.id}`

const highest = Number.MAX_SAFE_INTEGER

/** Where each list goes on: at the cursor's moment those before its own kind are through, and those after it not begun. */
const after = (cursor: BothCursor | null, list: BothRow['from']): Cursor | null => {
  if (!cursor || list === cursor.from) return cursor
  return { at: cursor.at, id: order.indexOf(list) < order.indexOf(cursor.from) ? 0 : highest }
}

export async function listBoth(
  tx: Queryable,
  filters: Filters,
  kind: KindChoice | null,
  cursor: BothCursor | null,
  limit: number,
): Promise<{ rows: BothRow[]; total: number }> {
  const of = { ...filters, kind: writtenKind(kind) }
  const [some, none] = [kind === null || kind === 'detected', kind === 'detected']
  const { detected, written, gone, detectedTotal, writtenTotal, goneTotal } = await together({
    detected: some ? listWarnings(tx, filters, after(cursor, 'detected'), limit) : Promise.resolve([]),
    written: none ? Promise.resolve([]) : listOut(tx, of, after(cursor, 'written'), limit),
    gone: none ? Promise.resolve([]) : listGone(tx, of, after(cursor, 'gone'), limit),
    detectedTotal: some ? countWarnings(tx, filters) : Promise.resolve(0),
    writtenTotal: none ? Promise.resolve(0) : countOut(tx, of),
    goneTotal: none ? Promise.resolve(0) : countGone(tx, of),
  })
  const rows = [
    ...detected.map((row): BothRow => ({ from: 'detected', at: row.openedAt, row })),
    ...written.map((row): BothRow => ({ from: 'written', at: row.publishedAt, row })),
    ...gone.map((row): BothRow => ({ from: 'gone', at: row.revokedAt, row })),
  ]
  // The sort is stable: at one moment each list keeps its order, and the lists stand in theirs.
  return {
    rows: rows.sort((a, b) => b.at - a.at).slice(0, limit),
    total: detectedTotal + writtenTotal + goneTotal,
  }
}
