/** Which figures of a breakdown may be told, so that none of them concerns one to four organisations, not even by subtraction. */
import { least } from './bands.ts'

/** One figure of a breakdown, with the organisations it concerns. */
export interface Cell {
  item: string
  events: number
  orgs: readonly number[]
}

/**
 * Which cells of a breakdown may be published beside the published total. First those of one to four organisations are
 * hidden; then, as long as what is hidden could be had from the total and says something of fewer than five, the next
 * smallest too.
 */
export function publishable(cells: readonly Cell[]): Set<string> {
  const few = (orgs: ReadonlySet<number>): boolean => orgs.size > 0 && orgs.size < least
  const bySize = [...cells].sort(
    (a, b) => a.orgs.length - b.orgs.length || a.events - b.events || (a.item < b.item ? -1 : 1),
  )
  const hidden = bySize.filter((cell) => few(new Set(cell.orgs)))
  const rest = bySize.filter((cell) => !hidden.includes(cell))
  const union = (): Set<number> => new Set(hidden.flatMap((cell) => [...cell.orgs]))
  while (hidden.length > 0 && rest.length > 0 && (hidden.length === 1 || few(union())))
    hidden.push(rest.shift() as Cell)
  return new Set(rest.map((cell) => cell.item))
}
