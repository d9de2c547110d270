/** A list of signatories as it came: which columns mean what, and each line as read. Nothing is corrected here. */

import { readIco } from '../ico.ts'
import { errorCount, type Faults, listed, noFaults, refuse, remark } from '../import/faults.ts'
import { hasBrokenAccents } from '../import/mojibake.ts'
import { fold } from '../import/names.ts'
import type { Lang, LineError } from '../import/types.ts'
import { readEmail } from '../import/values.ts'
import { readSigned } from './days.ts'
import { type GridRow, readGrid } from './grid.ts'

export interface ListLine {
  /** Line of the file, from 1 (in Excel the row). */
  line: number
  number: string
  institution: string
  /** Eight digits, or empty. */
  ico: string
  signatory: string
  /** The date as written. */
  day: string
  /** Lower case; empty where there is none or none that could be read. */
  email: string
}

type Field = Exclude<keyof ListLine, 'line'>

const titles = {
  number: ['c', 'cislo', 'poradi', 'por c', 'p c', 'no', 'nr', 'number', '#', 'id'],
  institution: [
    ...['instituce', 'organizace', 'nazev', 'nazev instituce', 'nazev organizace', 'subjekt', 'nemocnice'],
    ...['institution', 'organisation', 'organization', 'name of institution', 'member', 'company'],
  ],
  ico: ['ico', 'ic', 'identifikacni cislo', 'registration number'],
  signatory: [
    ...[
      'signatar',
      'jmeno',
      'jmeno a prijmeni',
      'podepsal',
      'podepsala',
      'podepisujici',
      'zastupce',
      'osoba',
    ],
    ...['signatory', 'name', 'signed by', 'representative', 'person'],
  ],
  day: ['datum', 'datum podpisu', 'den', 'podepsano', 'date', 'date of signature', 'signed', 'signed on'],
  email: [
    'e mail',
    'email',
    'mail',
    'adresa',
    'kontakt',
    'e mailova adresa',
    'contact',
    'address',
    'e mail address',
  ],
} satisfies Record<Field, string[]>

/** The field that a heading means. */
function fieldNamed(title: string): Field | null {
  const folded = fold(title).replaceAll('.', '').replace(/\s+/g, ' ').trim()
  const entries = Object.entries(titles) as [Field, string[]][] // Object.entries forgets the key type
  return entries.find(([, names]) => names.includes(folded))?.[0] ?? null
}

type Columns = Partial<Record<Field, number>>

/** Null when the row is no heading of such a list. */
function headingIn(cells: readonly string[]): Columns | null {
  const columns: Columns = {}
  for (const [index, cell] of cells.entries()) {
    const field = fieldNamed(cell)
    if (field && columns[field] === undefined) columns[field] = index
  }
  return columns.institution !== undefined && columns.signatory !== undefined ? columns : null
}

/** Whether a table is a list of signatories; what it is otherwise is for others to say. */
export const isList = (rows: readonly GridRow[]): boolean =>
  rows.slice(0, 20).some((row) => headingIn(row.cells) !== null)

export interface ListFile {
  lines: ListLine[]
  errors: LineError[]
  notes: LineError[]
}

/** Reads the bytes of a list; with any error nothing of it should be taken. Never throws for bad input. */
export async function readList(bytes: Buffer, filename: string, lang: Lang): Promise<ListFile> {
  const faults = noFaults(lang)
  const rows = await readGrid(bytes, filename, faults)
  const lines = rows === null ? [] : readLines(rows, faults)
  return { lines: errorCount(faults) > 0 ? [] : lines, ...listed(faults) }
}

/** Two blocks side by side: reading one of them alone would lose the other in silence. */
function refuseTwice(row: GridRow, faults: Faults): void {
  const seen = new Map<Field, string>()
  for (const cell of row.cells) {
    const field = fieldNamed(cell)
    const other = field && seen.get(field)
    if (other) refuse(faults, { line: row.line, value: cell }, 'sameColumn', { column: cell, other })
    if (field) seen.set(field, cell)
  }
}

/** A heading may come again in the middle, where a second block was printed below the first. */
function readLines(rows: readonly GridRow[], faults: Faults): ListLine[] {
  let columns: Columns | null = null
  const lines: ListLine[] = []
  for (const row of rows) {
    const heading = headingIn(row.cells)
    if (heading) {
      columns = heading
      refuseTwice(row, faults)
    } else if (columns) {
      const line = readLine(row, columns, faults)
      if (line) lines.push(line)
    }
  }
  if (columns === null)
    refuse(faults, { line: rows[0]?.line ?? 0 }, rows.length === 0 ? 'listEmpty' : 'listHeading')
  else if (lines.length === 0) refuse(faults, { line: 0 }, 'noRows')
  return lines
}

const invisible = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/

function readLine(row: GridRow, columns: Columns, faults: Faults): ListLine | null {
  const cell = (field: Field): string => {
    const index = columns[field]
    const text = (index === undefined ? '' : (row.cells[index] ?? ''))
      .replace(/\s+/g, ' ')
      .trim()
      .normalize('NFC')
    if (invisible.test(text)) refuse(faults, { line: row.line, value: text }, 'control')
    if (text.length > 200)
      refuse(faults, { line: row.line, value: text }, 'cellTooLong', { length: text.length, limit: 200 })
    if (hasBrokenAccents(text)) remark(faults, { line: row.line, value: text }, 'mojibake')
    return text
  }
  const read = {
    number: cell('number'),
    institution: cell('institution'),
    signatory: cell('signatory'),
    day: cell('day'),
  }
  const address = cell('email')
  if (read.institution === '' && read.signatory === '') {
    remark(faults, { line: row.line, value: row.cells.join(' ') }, 'ignored')
    return null
  }
  if (read.institution === '' || read.signatory === '') {
    refuse(faults, { line: row.line, value: read.institution + read.signatory }, 'listHalf')
    return null
  }
  if (readSigned(read.day).kind === 'unread') remark(faults, { line: row.line, value: read.day }, 'listDay')
  const email = address === '' ? null : readEmail(address)
  if (email && !email.ok) remark(faults, { line: row.line, value: address }, 'listAddress')
  const ico = readIco(cell('ico')) ?? ''
  return { line: row.line, ...read, ico, email: email?.ok ? email.value.toLowerCase() : '' }
}
