/** A page of the list with where the next begins: the same for people and programs. */
import { type Queryable, together } from '../../../platform/database.ts'
import { countMatches, cursorOf, listMatches } from '../read.ts'
import type { ListQuery } from '../schema.ts'

const afterIn = (given: ListQuery): number[] | null => given.after?.split('.').map(Number) ?? null

/** A page of the list with where the next begins. */
export async function listed(tx: Queryable, given: ListQuery, limit: number) {
  const { rows, total } = await together({
    rows: listMatches(tx, given, afterIn(given), limit + 1),
    total: countMatches(tx, given),
  })
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, total, next: rows.length > limit && last ? cursorOf(last).join('.') : null }
}
