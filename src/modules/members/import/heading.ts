/** Reads a heading: which column of a table means what. */

import type { Faults } from './faults.ts'
import { refuse, remark } from './faults.ts'
import { hasBrokenAccents } from './mojibake.ts'
import { columnNamed, nearestTitle } from './names.ts'
import type { Column } from './types.ts'

export interface Heading {
  /** For each column of the table its meaning, null where it is not read. */
  meanings: (Column | null)[]
  titles: Map<Column, string>
}

/** Understands the titles; null (with errors) when the file cannot be read with them. */
export function readHeading(cells: readonly string[], line: number, faults: Faults): Heading | null {
  const titles = new Map<Column, string>()
  const before = faults.errors.length
  const meanings = cells.map((cell) => readTitle(cell.trim(), line, titles, faults))
  if (!titles.has('name')) {
    const found = cells.join(', ').slice(0, 100)
    refuse(faults, { line }, 'noHeading', { found })
    if (hasBrokenAccents(found)) remark(faults, { line, value: found }, 'mojibake')
  }
  return faults.errors.length > before ? null : { meanings, titles }
}

/** Whether a row could be a heading of ours. */
export function isHeading(cells: readonly string[]): boolean {
  return cells.some((cell) => columnNamed(cell) === 'name')
}

/** Rows that may stand above the heading: the name of the table, who made it and when. */
export const mostAbove = 20

/** Which of the first rows is the heading: the first that knows any title, if that has a name; else the very first, to complain about. */
export function headingAmong(rows: readonly (readonly string[])[]): number {
  const known = rows.slice(0, mostAbove + 1).findIndex((cells) => knownTitles(cells) > 0)
  return known > 0 && isHeading(rows[known] ?? []) ? known : 0
}

/** How many titles of a row are known; used to choose between separators. */
export function knownTitles(cells: readonly string[]): number {
  return cells.filter((cell) => columnNamed(cell) !== null).length
}

function readTitle(title: string, line: number, titles: Map<Column, string>, faults: Faults): Column | null {
  if (title === '') return null
  const column = columnNamed(title)
  if (column === null) {
    const guess = nearestTitle(title)
    if (guess !== null) refuse(faults, { line, column: title, value: title }, 'misspelt', { guess })
    else remark(faults, { line, column: title, value: title }, 'ignored')
    return null
  }
  const other = titles.get(column)
  if (other !== undefined) {
    refuse(faults, { line, column: title, value: title }, 'sameColumn', { column, other })
    return null
  }
  titles.set(column, title)
  return column
}
