/** What the splitter of JSON bodies found so far, and on which line it stands. */
import { isUtf8 } from 'node:buffer'
import { deeperThan, isBlank, jsonByte } from './json-scan.ts'
import { copyOf, lineEnd, lineEnds, type Pending, withoutBlanks } from './pending.ts'
import type { RecordItem } from './record.ts'

export interface Ledger {
  /** True when the bytes are one JSON value (a record, or an error if it is one we refuse), false when they are none. */
  good(from: number, to: number): boolean
  /** A line that is one object, perhaps with a comma or the end of the array: where the object ends, or -1. */
  goodLine(from: number, to: number): number
  /** Notes an error; gives the span without blanks and a comma around it. */
  bad(from: number, to: number, why: string): [number, number]
  blank(): void
  /** Uses up the bytes before `to`; false when there were none, so that a caller's loop ends. */
  drop(to: number): boolean
  /** Everything found since the last time. */
  take(): RecordItem[]
  /** Number of the line on which the unused bytes begin. */
  line(): number
  /** How far in that line an offset lies. */
  columnOf(at: number): number
  /** The line begins at this offset, and so do the unused bytes. */
  lineBegins(at: number): void
  /** All offsets moved down by this. */
  moved(by: number): void
  tooLarge: string
  tooDeep: string
  /** Why a span of right structure is no JSON. */
  unparsed(from: number, to: number): string
}

export interface JsonLimits {
  maxRecordBytes: number
  /** Levels of objects and arrays in one record. */
  maxDepth: number
}

/** So much is kept of what cannot be read. */
export const sampleBytes = 500

export function newLedger(pending: Pending, limits: JsonLimits): Ledger {
  const { maxRecordBytes, maxDepth } = limits
  const tooLarge = `longer than ${maxRecordBytes} bytes`
  const tooDeep = `nested deeper than ${maxDepth} levels`
  let items: RecordItem[] = []
  let line = 1
  /** May lie before the kept bytes. */
  let lineStart = 0

  function good(from: number, to: number): boolean {
    if (from >= to) return false
    let value: unknown
    try {
      value = JSON.parse(pending.bytes.toString('utf8', from, to))
    } catch {
      return false
    }
    const bytes = copyOf(pending, from, to)
    const at = lineOf(from)
    if (!isUtf8(bytes)) items.push({ line: at, bytes, error: 'not UTF-8 text' })
    else if (deeperThan(value, maxDepth)) items.push({ line: at, bytes, error: tooDeep })
    else items.push({ line: at, bytes, value })
    return true
  }

  function goodLine(from: number, to: number): number {
    const { bytes } = pending
    let [a, b] = withoutBlanks(pending, from, to)
    const sign = bytes[b - 1]
    if (sign === jsonByte.comma || sign === jsonByte.closeArray) [a, b] = withoutBlanks(pending, a, b - 1)
    if (b - a < 2 || b - a > maxRecordBytes) return -1
    return bytes[a] === jsonByte.open && bytes[b - 1] === jsonByte.close && good(a, b) ? b : -1
  }

  function bad(from: number, to: number, why: string): [number, number] {
    let [a, b] = withoutBlanks(pending, from, to)
    if (pending.bytes[b - 1] === jsonByte.comma) [a, b] = withoutBlanks(pending, a, b - 1)
    const shown = b - a > maxRecordBytes ? a + sampleBytes : b
    items.push({ line: lineOf(a), bytes: copyOf(pending, a, shown), error: why })
    return [a, b]
  }

  function lineOf(at: number): number {
    return at === pending.start ? line : line + lineEnds(pending, pending.start, at)
  }

  function drop(to: number): boolean {
    const from = pending.start
    for (let at = lineEnd(pending, from, to); at >= 0; at = lineEnd(pending, at + 1, to)) {
      line += 1
      lineStart = at + 1
    }
    pending.start = to
    return to > from
  }

  function take(): RecordItem[] {
    const taken = items
    items = []
    return taken
  }

  return {
    good,
    goodLine,
    bad,
    drop,
    take,
    tooLarge,
    tooDeep,
    blank: () => items.push({ line, blank: true }),
    line: () => line,
    columnOf: (at) => at - lineStart,
    lineBegins: (at) => {
      pending.start = at
      lineStart = at
    },
    moved: (by) => {
      lineStart -= by
    },
    unparsed: (from, to) => (isUtf8(pending.bytes.subarray(from, to)) ? 'not JSON' : 'not UTF-8 text'),
  }
}

/**
 * Begin of the first line behind `from` and up to `at` that looks like the start of another record: a bracket no
 * further in than `column`, or the end of the array just where the record broke. -1 when there is none.
 */
export function laterStart(
  pending: Pending,
  { from, at, column, array }: { from: number; at: number; column: number; array: boolean },
): number {
  const { bytes } = pending
  for (let end = lineEnd(pending, from, at); end >= 0; end = lineEnd(pending, end + 1, at)) {
    let first = end + 1
    while (first < at && bytes[first] !== 0x0a && isBlank(bytes[first] ?? 0)) first += 1
    if (first >= pending.end || first - end - 1 > column) continue
    const ends = array && first === at && bytes[first] === jsonByte.closeArray
    if (ends || bytes[first] === jsonByte.open) return end + 1
  }
  return -1
}
