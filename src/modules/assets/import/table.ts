/** A table of assets: CSV by any separator in UTF-8 or windows-1250, or Excel. The heading says what its columns mean. */
import type { Given } from '../understand.ts'
import { kindFor } from './kind.ts'
import { mostLines, type Read, take, Unreadable } from './line.ts'
import { kindNamed, type Title, titleNamed } from './titles.ts'

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
  const meanings = heading.cells.map(titleNamed)
  const named = meanings.filter((one) => one !== null)
  if (new Set(named).size < named.length) throw new Unreadable('sameColumn')
  if (rows.length - top - 1 > mostLines) throw new Unreadable('tooMany')
  if (rows.length === top + 1) throw new Unreadable('noRows')
  const read: Read = { format: 'table', lines: [], refused: [] }
  for (const row of rows.slice(top + 1)) takeRow(read, row, meanings, fallback)
  return read
}

function takeRow(read: Read, row: Row, meanings: (Title | null)[], fallback: string): void {
  const cells = new Map<Title, string>()
  for (const [at, title] of meanings.entries()) {
    // Our own download keeps spreadsheets from running a text by an apostrophe before it.
    const text = (row.cells[at]?.trim() ?? '').replace(/^'(?=[=+\-@])/, '')
    if (title !== null && text !== '') cells.set(title, text === none ? '' : text)
  }
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
  const computed = (row.computed ?? []).flatMap((at) => {
    const title = meanings[at] ?? null
    return title === null || title === 'id' || given[title] === undefined ? [] : [title]
  })
  take(read, {
    ...(computed.length > 0 ? { computed } : {}),
    line: row.line,
    id: isKnown ? Number(id) : null,
    given,
    fresh: given.kind === undefined ? { kind: kindFor(given, fallback) } : {},
  })
}
