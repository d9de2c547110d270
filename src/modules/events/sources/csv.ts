/**
 * Generic CSV: a header with names of columns in any order, commas, semicolons or tabs, quotes as in RFC 4180, UTF-8
 * with or without a byte order mark. Lines are grouped into records here, by their quotes, so that one broken line
 * cannot swallow the rest of a body; the fields are read by csv-parse.
 */
import { isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import { append, copyOf, lineEnd, markOf, newPending } from './pending.ts'
import type { RecordItem, Splitter } from './record.ts'

const quote = 0x22
/** A quoted field may hold line ends; a record over more lines or bytes than this has a quote that never closes. */
const maxLines = 100
const maxGroupBytes = 64 * 1024
const sampleBytes = 500
/** A first line by which spreadsheets are told the separator. */
const excelHint = /^sep=.$/i
const noSource = 'the first line must name the columns, among them src'

interface Header {
  bytes: Buffer
  names: string[]
  delimiter: string
}

interface Group {
  line: number
  bytes: Buffer
}

export function csvSplitter({ maxRecordBytes }: { maxRecordBytes: number }): Splitter {
  const pending = newPending()
  let items: RecordItem[] = []
  /** Complete one-line records not given out yet: read together, as that is much quicker. */
  let batch: Group[] = []
  let header: Header | undefined
  let begun = false
  let line = 1
  /** The line of `pending.start` is longer than allowed and was reported. */
  let dropping = false
  /** Bytes before this were searched for a line end. */
  let seen = 0

  return {
    push(chunk) {
      seen -= append(pending, chunk)
      return drain(false)
    },
    end: () => drain(true),
  }

  function drain(final: boolean): RecordItem[] {
    items = []
    if (skipMark(final)) while (step(final));
    flush()
    return items
  }

  function skipMark(final: boolean): boolean {
    if (begun) return true
    if (pending.end - pending.start < 3 && !final) return false
    if (markOf(pending) === 'UTF-8') pending.start += 3
    begun = true
    return true
  }

  function step(final: boolean): boolean {
    const { start, end } = pending
    const found = lineEnd(pending, Math.max(seen, start))
    if (found < 0 && !final) {
      seen = end
      if (end - start > maxRecordBytes) tooLarge()
      return false
    }
    if (start === end) return false
    const to = found < 0 ? end : found
    if (dropping) {
      dropping = false
      return drop(to + 1)
    }
    if (to - start > maxRecordBytes) {
      tooLarge()
      dropping = false
      return drop(to + 1)
    }
    if (!isOpen(start, to)) return oneLine(start, to)
    return severalLines(start, to, final)
  }

  function tooLarge(): void {
    if (!dropping) {
      flush()
      const bytes = copyOf(pending, pending.start, pending.start + sampleBytes)
      items.push({ line, bytes, error: `longer than ${maxRecordBytes} bytes` })
    }
    dropping = true
    pending.start = pending.end
  }

  function oneLine(from: number, to: number): boolean {
    const group = groupOf(from, to)
    if (group.bytes.length === 0) {
      flush()
      items.push({ line, blank: true })
    } else if (header) batch.push(group)
    else if (!excelHint.test(group.bytes.toString('latin1'))) header = headerOf(group)
    return drop(to + 1)
  }

  /** A line whose quotes do not close: with the lines up to the closing quote, if that gives a record. */
  function severalLines(from: number, firstEnd: number, final: boolean): boolean {
    let open = true
    let to = firstEnd
    for (let lines = 1; open && lines < maxLines && to - from < maxGroupBytes; lines += 1) {
      const found = lineEnd(pending, to + 1)
      if (found < 0 && !final) {
        // the closing quote may still come, but not behind more than a record may hold
        if (pending.end - from > maxGroupBytes) break
        seen = firstEnd
        return false
      }
      if (to + 1 >= pending.end) break
      const next = found < 0 ? pending.end : found
      open = isOpen(to + 1, next) ? !open : open
      to = next
    }
    flush()
    const group = groupOf(from, to)
    const value = open || !header ? null : recordOf(group.bytes, header)
    if (header && value !== null && typeof value !== 'string') {
      items.push({ ...group, header: header.bytes, value })
      return drop(to + 1)
    }
    items.push({ ...groupOf(from, firstEnd), error: 'a quote is not closed' })
    header ??= { bytes: group.bytes, names: [], delimiter: ',' }
    return drop(firstEnd + 1)
  }

  /** An odd number of quotes. */
  function isOpen(from: number, to: number): boolean {
    const bytes = pending.bytes.subarray(from, to)
    let open = false
    for (let at = bytes.indexOf(quote); at >= 0; at = bytes.indexOf(quote, at + 1)) open = !open
    return open
  }

  function groupOf(from: number, to: number): Group {
    let b = to
    while (b > from && (pending.bytes[b - 1] === 0x0d || pending.bytes[b - 1] === 0x20)) b -= 1
    return { line, bytes: copyOf(pending, from, b) }
  }

  function drop(to: number): boolean {
    const next = Math.min(to, pending.end)
    for (let nl = lineEnd(pending, pending.start, next); nl >= 0; nl = lineEnd(pending, nl + 1, next))
      line += 1
    pending.start = next
    return true
  }

  function flush(): void {
    const groups = batch
    batch = []
    if (!header || groups.length === 0) return
    const { bytes, names, delimiter } = header
    const all = names.includes('src')
      ? rowsOf(Buffer.concat(groups.flatMap(({ bytes }) => [bytes, lineFeed])), delimiter)
      : null
    const whole = all?.length === groups.length
    groups.forEach((group, index) => {
      const row = whole ? all[index] : undefined
      const value =
        row && isUtf8(group.bytes) ? named(row, names) : recordOf(group.bytes, { bytes, names, delimiter })
      if (typeof value === 'string') items.push({ ...group, error: value })
      else if (Object.keys(value).length > 0) items.push({ ...group, header: bytes, value })
      else items.push({ line: group.line, blank: true })
    })
  }
}

const lineFeed = Buffer.from('\n')

function headerOf({ bytes }: Group): Header {
  const text = bytes.toString('utf8')
  const count = (sign: string) => text.split(sign).length
  const delimiter = [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
  const names = rowsOf(bytes, delimiter)?.[0] ?? []
  return { bytes, names: names.map((name) => name.trim().toLowerCase()), delimiter }
}

/** The record by the names of its columns, or the reason why it is none. */
function recordOf(bytes: Buffer, { names, delimiter }: Header): Record<string, string> | string {
  if (!names.includes('src')) return noSource
  if (!isUtf8(bytes)) return 'not UTF-8 text'
  const rows = rowsOf(bytes, delimiter)
  if (rows?.length !== 1 || !rows[0]) return 'quotes are not as CSV has them'
  return named(rows[0], names)
}

function named(row: string[], names: string[]): Record<string, string> | string {
  const last = row.findLastIndex((cell) => cell.trim() !== '')
  if (last >= names.length) return `more fields than the ${names.length} columns of the header`
  const cells = names.map((name, index): [string, string] => [name, (row[index] ?? '').trim()])
  // of two columns with one name the first counts
  return Object.fromEntries(cells.filter(([name, cell]) => name !== '' && cell !== '').reverse())
}

function rowsOf(bytes: Buffer, delimiter: string): string[][] | null {
  try {
    return parse(bytes, { delimiter, record_delimiter: '\n', relax_column_count: true })
  } catch {
    return null
  }
}
