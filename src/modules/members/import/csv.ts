/** CSV with comma or semicolon. The heading decides which; a row's line is where it begins. */
import { CsvError, parse } from 'csv-parse/sync'
import type { Faults } from './faults.ts'
import { refuse, remark } from './faults.ts'
import type { Heading } from './heading.ts'
import { headingAmong, knownTitles, readHeading } from './heading.ts'
import { longestCell, mostRows } from './limits.ts'
import type { Cell, Column, RawTable } from './types.ts'
import { columns } from './types.ts'

interface CsvLine {
  line: number
  fields: string[]
}

/** Characters; every column may be as long as the longest cell. */
const longestRecord = columns.length * longestCell

const separators = [',', ';'] as const

/** Splits the text into rows; null (with errors) when that is not possible. */
export function readCsv(text: string, faults: Faults): RawTable | null {
  const declared = /^\uFEFF?sep=([,;])\r?\n/i.exec(text)
  const body = declared ? text.slice(declared[0].length) : text
  const separator = declared?.[1] ?? separatorOf(body, faults)
  if (separator === null) return null
  const records = split(body, separator, declared ? 1 : 0, faults)
  if (records === null) return null
  const top = headingAmong(records.map(({ fields }) => fields))
  const [first, ...rest] = records.slice(top)
  if (!first) {
    refuse(faults, { line: 0 }, 'empty')
    return null
  }
  if (top > 0) remark(faults, { line: first.line }, 'aboveHeading')
  const heading = readHeading(first.fields, first.line, faults)
  if (heading === null) return null
  const endsOpen = !/[\r\n]\s*$/.test(body)
  const table: RawTable = { titles: heading.titles, rows: [] }
  for (const [index, record] of rest.entries()) {
    if (!fits(record, heading, endsOpen && index === rest.length - 1, faults)) continue
    table.rows.push({ line: record.line, isBroken: false, cells: cellsOf(record.fields, heading) })
  }
  return table
}

function separatorOf(text: string, faults: Faults): string | null {
  const firstLine = headingLine(text.replace(/^[\uFEFF\s]+/, ''))
  if (firstLine.length > longestCell) {
    refuse(faults, { line: 1 }, 'noHeading', { found: firstLine.slice(0, 100) })
    return null
  }
  const scores = separators.map((separator) => knownTitles(firstLine.replaceAll('"', '').split(separator)))
  const best = Math.max(...scores)
  if (scores.filter((score) => score === best).length === 1) return separators[scores.indexOf(best)] ?? null
  const present = separators.filter((separator) => firstLine.includes(separator))
  if (present.length < 2) return present[0] ?? ','
  refuse(faults, { line: 1, value: firstLine }, 'twoSeparators')
  return null
}

/** The line whose cells, by either separator, make it the heading; else the first. */
function headingLine(text: string): string {
  const lines = text.slice(0, 2 * longestCell).split(/[\r\n]+/)
  const cells = lines.map((line) => line.replaceAll('"', '').split(/[,;]/))
  return lines[headingAmong(cells)] ?? ''
}

function split(text: string, separator: string, linesBefore: number, faults: Faults): CsvLine[] | null {
  try {
    const found = parse(text, {
      bom: true,
      delimiter: separator,
      info: true,
      max_record_size: longestRecord,
      relax_column_count: true,
      skip_records_with_empty_values: true,
      to: mostRows + 2,
      trim: true,
    }) as unknown as { record: string[]; info: { lines: number } }[] // the types do not know `info`
    return found.map(({ record, info }) => {
      const within = record.join('').match(/\r\n|\r|\n/g)?.length ?? 0
      return { line: info.lines - within + linesBefore, fields: record }
    })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = Number((error as { lines?: number }).lines ?? 0) + linesBefore // CsvError's context is untyped
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') refuse(faults, { line }, 'openQuote')
    else if (error.code === 'CSV_MAX_RECORD_SIZE')
      refuse(faults, { line }, 'lineTooLong', { limit: longestRecord })
    else refuse(faults, { line }, 'csv')
    return null
  }
}

/** A row may leave out empty columns at its end, but a last line that stops short speaks of half a file. */
function fits(record: CsvLine, heading: Heading, isOpenEnd: boolean, faults: Faults): boolean {
  const have = record.fields.length
  const want = heading.meanings.length
  if (have === want) return true
  if (have > want) {
    if (record.fields.slice(want).every((field) => field === '')) return true
    refuse(faults, { line: record.line, value: record.fields[want] ?? '' }, 'longLine', { have, want })
    return false
  }
  if (isOpenEnd) {
    refuse(faults, { line: record.line }, 'cutLine', { have, want })
    return false
  }
  remark(faults, { line: record.line }, 'shortLine', { have, want })
  return true
}

function cellsOf(fields: readonly string[], heading: Heading): Map<Column, Cell> {
  const cells = new Map<Column, Cell>()
  for (const [index, column] of heading.meanings.entries()) {
    if (column !== null) cells.set(column, { text: fields[index] ?? '' })
  }
  return cells
}
