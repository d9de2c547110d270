/** Any table as rows of texts with their line numbers: CSV, Excel, or what was copied out of a page or a mail. */
import { extname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { decode } from '../import/decode.ts'
import { type Faults, refuse, remark } from '../import/faults.ts'
import { readXlsxGrid, type SheetLine } from '../import/xlsx.ts'

export type GridRow = SheetLine

/** Bytes; a list of signatories has a few dozen lines. */
export const mostListBytes = 1_048_576
const longestCell = 2_000

/** How large a table may be. */
interface Limits {
  bytes: number
  lines: number
  /** What Excel stored as the value of a formula counts; else a formula is refused. */
  computed?: boolean
}
const ofSignatories: Limits = { bytes: mostListBytes, lines: 500 }

/** Rows that hold anything; null (with errors) when the file cannot be read at all. Never throws for bad input. */
export async function readGrid(
  bytes: Buffer,
  filename: string,
  faults: Faults,
  limits: Limits = ofSignatories,
): Promise<GridRow[] | null> {
  const rows = await readRows(bytes, filename, faults, limits)
  if (rows === null || faults.errors.length > 0) return null
  if (rows.length > limits.lines) {
    refuse(faults, { line: 0 }, 'listTooLong', { limit: limits.lines })
    return null
  }
  const long = rows.find((row) => row.cells.some((cell) => cell.length > longestCell))
  if (long) {
    refuse(faults, { line: long.line }, 'lineTooLong', { limit: longestCell })
    return null
  }
  return rows
}

async function readRows(
  bytes: Buffer,
  filename: string,
  faults: Faults,
  limits: Limits,
): Promise<GridRow[] | null> {
  if (bytes.length > limits.bytes) {
    refuse(faults, { line: 0 }, 'tooLarge', { bytes: bytes.length, limit: limits.bytes })
    return null
  }
  if (bytes.length === 0) {
    refuse(faults, { line: 0 }, 'listEmpty')
    return null
  }
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xd0cf11e0) {
    refuse(faults, { line: 0 }, 'oldExcel')
    return null
  }
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04')
    return readXlsxGrid(bytes, faults, limits.computed === true)
  if (extname(filename).toLowerCase() === '.xlsx') {
    refuse(faults, { line: 0 }, 'notExcel')
    return null
  }
  const decoded = decode(bytes)
  if (!decoded.ok) {
    refuse(faults, { line: 0 }, decoded.sentence)
    return null
  }
  if (decoded.as1250) remark(faults, { line: 0 }, 'readAs1250')
  return split(decoded.text, faults, limits)
}

const separators = [';', '\t', ',', '|'] as const

/** The separator that stands on most lines; a name may hold a comma, so others go first where they are as frequent. */
function separatorOf(text: string): string {
  const lines = text.split(/\r\n|\r|\n/, 200)
  const scores = separators.map((one) => lines.filter((line) => line.split(one).length > 2).length)
  return separators[scores.indexOf(Math.max(...scores))] ?? ';'
}

function split(text: string, faults: Faults, limits: Limits): GridRow[] | null {
  try {
    const found = parse(text, {
      bom: true,
      delimiter: separatorOf(text),
      info: true,
      max_record_size: 20 * longestCell,
      relax_column_count: true,
      relax_quotes: true,
      skip_records_with_empty_values: true,
      to: limits.lines + 1,
    }) as unknown as { record: string[]; info: { lines: number } }[] // the types do not know `info`
    return found.map(({ record, info }) => {
      const within = record.join('').match(/\r\n|\r|\n/g)?.length ?? 0
      return { line: info.lines - within, cells: record.map((cell) => cell.replace(/\s+/g, ' ').trim()) }
    })
  } catch (error) {
    const line = Number((error as { lines?: number }).lines ?? 0) // csv-parse's context is untyped
    refuse(faults, { line }, 'csv')
    return null
  }
}
