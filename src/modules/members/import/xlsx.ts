/** Excel workbooks (.xlsx): the one visible sheet whose heading names organisations. */

import type { CellValue, Worksheet } from 'exceljs'
import type { Faults } from './faults.ts'
import { refuse, remark } from './faults.ts'
import type { Heading } from './heading.ts'
import { headingAmong, isHeading, mostAbove, readHeading } from './heading.ts'
import { mostRows, mostUnpackedBytes, widestSheet } from './limits.ts'
import type { RawRow, RawTable } from './types.ts'
import { pack, unpack } from './zip.ts'

/** Parts of a workbook that hold values; pictures, comments, macros and links are never read. */
const neededPart =
  /^(_rels\/\.rels|\[Content_Types\]\.xml|xl\/(workbook\.xml|_rels\/workbook\.xml\.rels|sharedStrings\.xml|styles\.xml|worksheets\/[^/]+\.xml))$/

/** Parts of a sheet that say nothing of values, and of which a hostile file can have billions. */
const uselessNodes = [
  'autoFilter',
  'cols',
  'conditionalFormatting',
  'dataValidations',
  'drawing',
  'extLst',
  'hyperlinks',
  'mergeCells',
  'picture',
  'rowBreaks',
  'tableParts',
]

/** Rows of empty formatting below the table are common, so more rows are allowed than organisations. */
const lastRow = 10 * mostRows

/** Reads a workbook; null (with errors) when it cannot be read or does not say clearly which sheet is meant. */
export async function readXlsx(bytes: Buffer, faults: Faults): Promise<RawTable | null> {
  const sheets = await openWorkbook(bytes, faults)
  const sheet = sheets && chooseSheet(sheets, faults)
  return sheet ? readSheet(sheet, faults) : null
}

export interface SheetLine {
  line: number
  cells: string[]
  /** Places of cells whose text a formula gave. */
  computed?: number[]
}

/** The rows of the only visible sheet that holds anything, as texts; whatever they mean. `computed`: what Excel stored of a formula counts. */
export async function readXlsxGrid(
  bytes: Buffer,
  faults: Faults,
  computed: boolean,
): Promise<SheetLine[] | null> {
  const sheets = await openWorkbook(bytes, faults)
  if (sheets === null || faults.errors.length > 0) return null
  const filled = sheets.filter((sheet) => headingRow(sheet) !== null)
  if (filled.length > 1)
    refuse(faults, { line: 0 }, 'manySheets', { sheets: filled.map((sheet) => sheet.name).join(', ') })
  const [sheet] = filled
  if (!sheet || filled.length > 1) return filled.length > 1 ? null : []
  const width = Math.min(widestSheet, sheet.columnCount)
  const lines = Array.from({ length: Math.min(sheet.rowCount, mostRows) }, (_, index) => index + 1)
  return lines
    .map((line) => gridLine(sheet, line, width, faults, computed))
    .filter((row) => row.cells.some((cell) => cell !== ''))
}

function gridLine(
  sheet: Worksheet,
  line: number,
  width: number,
  faults: Faults,
  computed: boolean,
): SheetLine {
  const row = sheet.findRow(line)
  const from: number[] = []
  const cells = Array.from({ length: row ? width : 0 }, (_, index) => {
    const cell = row?.findCell(index + 1)?.value ?? null
    const result = computed ? resultOf(cell) : undefined
    if (result !== undefined) from.push(index)
    const value = textOf(result ?? cell)
    if (typeof value === 'string') return value.replace(/\s+/g, ' ').trim()
    refuse(faults, { line }, value.fault)
    return ''
  })
  return { line, cells, ...(from.length > 0 ? { computed: from } : {}) }
}

/** What Excel last made of a formula; undefined for any other cell, and where it stored nothing. */
function resultOf(value: CellValue): CellValue | undefined {
  const isFormula =
    typeof value === 'object' && value !== null && ('formula' in value || 'sharedFormula' in value)
  return isFormula && 'result' in value ? value.result : undefined
}

async function openWorkbook(bytes: Buffer, faults: Faults): Promise<Worksheet[] | null> {
  const unpacked = unpack(bytes, mostUnpackedBytes)
  if (!unpacked.ok) {
    if (unpacked.why === 'too-large') refuse(faults, { line: 0 }, 'zipTooLarge', { limit: mostUnpackedBytes })
    else refuse(faults, { line: 0 }, 'notExcel')
    return null
  }
  const parts = new Map([...unpacked.entries].filter(([name]) => neededPart.test(name)))
  if (!parts.has('xl/workbook.xml')) {
    refuse(faults, { line: 0 }, 'notExcel')
    return null
  }
  const sheets = [...parts].filter(([name]) => name.startsWith('xl/worksheets/'))
  if (sheets.some(([, content]) => !isWithinBounds(content.toString('latin1')))) {
    refuse(faults, { line: 0 }, 'sheetTooLarge', { rows: lastRow, columns: widestSheet })
    return null
  }
  return open(parts, faults)
}

/** Whether no row or cell claims a place so far away that merely walking there would take long. */
function isWithinBounds(xml: string): boolean {
  for (const tag of xml.matchAll(/<(?:\w+:)?(?:row|c)\s([^<]*)/g)) {
    for (const place of tag[1]?.matchAll(/\br\s*=\s*["']([A-Za-z]*)(\d*)/g) ?? []) {
      if (Number(place[2] ?? 0) > lastRow || columnNumber(place[1] ?? '') > widestSheet) return false
    }
  }
  return true
}

function columnNumber(letters: string): number {
  if (letters.length > 3) return Number.POSITIVE_INFINITY
  return [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

async function open(parts: Map<string, Buffer>, faults: Faults): Promise<Worksheet[]> {
  try {
    // Read when a workbook comes, which is seldom: it takes 40 MB in each process.
    const { default: excel } = await import('exceljs')
    const workbook = new excel.Workbook()
    const packed = pack(parts)
    const content = packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.length) as ArrayBuffer // never shared
    await workbook.xlsx.load(content, { ignoreNodes: uselessNodes })
    return workbook.worksheets.filter((sheet) => sheet.state === 'visible')
  } catch {
    refuse(faults, { line: 0 }, 'brokenExcel')
    return []
  }
}

function chooseSheet(sheets: Worksheet[], faults: Faults): Worksheet | null {
  if (faults.errors.length > 0) return null
  const ours = sheets.filter((sheet) => isHeading(headingRow(sheet)?.texts ?? []))
  const [only] = ours
  // With a single sheet its own heading is the better thing to complain about.
  if (ours.length === 0 && sheets.length === 1) return sheets[0] ?? null
  if (only && ours.length === 1) return only
  if (only) refuse(faults, { line: 0 }, 'manySheets', { sheets: ours.map((sheet) => sheet.name).join(', ') })
  else refuse(faults, { line: 0 }, 'noSheet')
  return null
}

interface TopRow {
  line: number
  texts: string[]
  /** Of the rows with anything in them it is not the first. */
  isBelow: boolean
}

function headingRow(sheet: Worksheet): TopRow | null {
  const rows: Omit<TopRow, 'isBelow'>[] = []
  for (let line = 1; line <= sheet.rowCount && rows.length <= mostAbove; line += 1) {
    const texts = textsOf(sheet, line, widestSheet)
    while (texts.at(-1) === '') texts.pop()
    if (texts.length > 0) rows.push({ line, texts })
  }
  const top = headingAmong(rows.map(({ texts }) => texts))
  const row = rows[top]
  return row ? { ...row, isBelow: top > 0 } : null
}

function textsOf(sheet: Worksheet, line: number, width: number): string[] {
  const row = sheet.findRow(line)
  if (!row) return []
  return Array.from({ length: width }, (_, index) => {
    const value = textOf(row.findCell(index + 1)?.value ?? null)
    return typeof value === 'string' ? value : ''
  })
}

function readSheet(sheet: Worksheet, faults: Faults): RawTable | null {
  const first = headingRow(sheet)
  if (!first) {
    refuse(faults, { line: 0 }, 'empty')
    return null
  }
  if (first.isBelow) remark(faults, { line: first.line }, 'aboveHeading')
  const heading = readHeading(first.texts, first.line, faults)
  if (heading === null) return null
  const table: RawTable = { titles: heading.titles, rows: [] }
  for (let line = first.line + 1; line <= sheet.rowCount && table.rows.length <= mostRows; line += 1) {
    const row = readSheetRow(sheet, line, heading, faults)
    if (row.isBroken || [...row.cells.values()].some((cell) => cell.text !== '')) table.rows.push(row)
  }
  return table
}

function readSheetRow(sheet: Worksheet, line: number, heading: Heading, faults: Faults): RawRow {
  const row: RawRow = { line, isBroken: false, cells: new Map() }
  for (const [index, column] of heading.meanings.entries()) {
    if (column === null) continue
    const value = textOf(sheet.findRow(line)?.findCell(index + 1)?.value ?? null)
    if (typeof value === 'string') row.cells.set(column, { text: value })
    else {
      row.isBroken = true
      refuse(faults, { line, column: heading.titles.get(column) ?? '' }, value.fault)
    }
  }
  return row
}

/** What a reader sees in the cell; formulas and spreadsheet errors are faults, as their value is not the file's. */
function textOf(value: CellValue): string | { fault: 'formula' | 'cellError' } {
  if (value === null || value === undefined) return ''
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace('T00:00:00.000Z', '')
  if (typeof value !== 'object') return String(value).trim()
  if ('formula' in value || 'sharedFormula' in value) return { fault: 'formula' }
  if ('richText' in value)
    return value.richText
      .map((run) => run.text)
      .join('')
      .trim()
  if ('text' in value) return textOf(value.text)
  return { fault: 'cellError' }
}
