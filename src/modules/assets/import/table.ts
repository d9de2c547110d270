/** A table of assets: CSV by any separator in UTF-8 or windows-1250, or Excel. The heading says what its columns mean. */

import { fold } from '../../members/index.ts'
import type { Given } from '../understand.ts'
import { kindFor } from './kind.ts'
import { mostLines, type Read, take, Unreadable } from './line.ts'
import { kindNamed, rankOf, type Title, titleNamed } from './titles.ts'

/** What clears a field; an empty cell says nothing. */
const none = '-'

interface Row {
  line: number
  cells: string[]
  /** Places of cells whose text a formula gave. */
  computed?: number[]
}

/** Rows above the heading: the name of the table, who made it and when. */
const mostAbove = 20

/** The rows of a table as lines. `fallback` is the kind of lines that do not say one. Throws Unreadable. */
export function linesOfTable(rows: readonly Row[], fallback: string): Read {
  const top = rows
    .slice(0, mostAbove + 1)
    .findIndex((row) => row.cells.some((one) => titleNamed(one) === 'product'))
  const heading = rows[top]
  if (!heading) throw new Unreadable(rows.length === 0 ? 'empty' : 'noHeading')
  const columns = columnsOf(heading.cells)
  if (rows.length - top - 1 > mostLines) throw new Unreadable('tooMany')
  if (rows.length === top + 1) throw new Unreadable('noRows')
  const read: Read = { format: 'table', lines: [], refused: [] }
  for (const row of rows.slice(top + 1)) takeRow(read, row, columns, fallback)
  return read
}

interface Column {
  at: number
  title: Title
  heading: string
}

/** Those that mean something, of several with one meaning the one that says it best first. Throws Unreadable where two are called the same. */
function columnsOf(cells: readonly string[]): Column[] {
  const found = cells.flatMap((heading, at): Column[] => {
    const title = titleNamed(heading)
    return title === null ? [] : [{ at, title, heading: heading.trim() }]
  })
  const twice = found.find((one, i) =>
    found.some((other, j) => j < i && fold(other.heading) === fold(one.heading)),
  )
  if (twice) throw new Unreadable('sameColumn', twice.heading)
  return found.sort((a, b) => rankOf(a.heading, a.title) - rankOf(b.heading, b.title))
}

/** What a row says, the first of several that mean the same; what the others say besides goes to the note, so that nothing is lost. */
function cellsOf(
  row: Row,
  columns: readonly Column[],
): { cells: Map<Title, string>; from: Map<Title, number> } {
  const [cells, from] = [new Map<Title, string>(), new Map<Title, number>()]
  const besides: string[] = []
  for (const { at, title, heading } of columns) {
    // Our own download keeps spreadsheets from running a text by an apostrophe before it.
    const text = (row.cells[at]?.trim() ?? '').replace(/^'(?=[=+\-@])/, '')
    if (text === '') continue
    if (!cells.has(title)) {
      cells.set(title, text === none ? '' : text)
      from.set(title, at)
    } else if (text !== none && text !== cells.get(title)) besides.push(`${heading}: ${text}`)
  }
  if (besides.length > 0) cells.set('note', [cells.get('note') ?? '', ...besides].filter(Boolean).join('; '))
  return { cells, from }
}

function takeRow(read: Read, row: Row, columns: readonly Column[], fallback: string): void {
  const { cells, from } = cellsOf(row, columns)
  const given: Given = {}
  for (const [title, text] of cells) if (title !== 'id') given[title] = text
  // A word that is no kind stays as it is, and is refused as one.
  if (given.kind !== undefined) given.kind = kindNamed(given.kind) ?? given.kind
  const id = cells.get('id') ?? ''
  const isKnown = /^\d{1,9}$/.test(id)
  if (id !== '' && !isKnown) {
    read.refused.push({ line: row.line, what: id.slice(0, 200), field: null, why: 'number' })
    return
  }
  const computed = [...from].flatMap(([title, at]) =>
    title !== 'id' && row.computed?.includes(at) ? [title] : [],
  )
  take(read, {
    ...(computed.length > 0 ? { computed } : {}),
    line: row.line,
    id: isKnown ? Number(id) : null,
    given,
    fresh: given.kind === undefined ? { kind: kindFor(given, fallback) } : {},
  })
}
