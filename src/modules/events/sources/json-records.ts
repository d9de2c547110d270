/**
 * Splits JSON bodies into records: NDJSON, arrays in any layout, objects over several lines. Lines that parse alone
 * go the quick way; everything else through the scanner. After a broken record reading goes on at the next line that
 * looks like the start of a record, never in the middle of a line, where an attacker's text could pose as one.
 */
import { isUtf8 } from 'node:buffer'
import { deeperThan, isBlank, newScan, resetScan, scanJson } from './json-scan.ts'
import { append, copyOf, lineEnd, lineEnds, newPending, withoutBlanks } from './pending.ts'
import type { RecordItem, Splitter } from './records.ts'

export interface JsonLimits {
  maxRecordBytes: number
  /** Levels of objects and arrays in one record. */
  maxDepth?: number
}

const comma = 0x2c
const open = 0x7b
const close = 0x7d
const openArray = 0x5b
const closeArray = 0x5d
const sampleBytes = 500

type Mode = 'begin' | 'detect' | 'lines' | 'array' | 'unreadable'
/**
 * between: before a record · inside: the scanner is in one · broken: waiting for the end of a broken line ·
 * overflow: inside a record too large to keep · dropping: to the end of the line · resync: looking for a record
 */
type Phase = 'between' | 'inside' | 'broken' | 'overflow' | 'dropping' | 'resync'

export function jsonSplitter({ maxRecordBytes, maxDepth = 32 }: JsonLimits): Splitter {
  const pending = newPending()
  const scan = newScan(maxDepth)
  let items: RecordItem[] = []
  let mode: Mode = 'begin'
  let phase: Phase = 'between'
  let line = 1
  /** Where the line of `pending.start` begins; may lie before the kept bytes. */
  let lineStart = 0
  /** Bytes before this were looked at already. */
  let seen = 0
  let column = 0
  let reason = ''
  /** A line too long in NDJSON ends with the line; a record over several lines must be left by looking for the next. */
  let afterDropping: 'between' | 'resync' = 'resync'
  /** The element of an array before this place on the line, until a comma separates it from the next. */
  let last: 'none' | 'good' | 'bad' = 'none'
  /** On the line of an array's last bracket: its end is no blank line. */
  let behindArray = false
  /** An array element began on this line, so trying the rest of the line as one record is useless. */
  let lineTried = false

  return {
    push(chunk) {
      const moved = append(pending, chunk)
      seen -= moved
      lineStart -= moved
      return drain(false)
    },
    end: () => drain(true),
  }

  function drain(final: boolean): RecordItem[] {
    items = []
    while (step(final));
    return items
  }

  /** One step; false when it cannot go on without more bytes. */
  function step(final: boolean): boolean {
    if (mode === 'begin') return begin(final)
    if (mode === 'unreadable') return drop(pending.end)
    if (phase === 'inside' || phase === 'overflow') return inside(final)
    if (phase === 'broken') return finishBroken(final)
    if (phase === 'dropping') return dropLine()
    if (phase === 'resync') return resync(final)
    if (mode === 'lines') return takeLine(final)
    return mode === 'array' ? takeElement(final) : detect()
  }

  /** The byte order mark tells the encoding; UTF-8 is the only one JSON has. */
  function begin(final: boolean): boolean {
    const { bytes, start, end } = pending
    if (end - start < 3 && !final) return false
    const [first, second, third] = bytes.subarray(start, end)
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
      bad(start, end, 'the body is UTF-16; send UTF-8')
      mode = 'unreadable'
      return true
    }
    if (first === 0xef && second === 0xbb && third === 0xbf) {
      pending.start += 3
      lineStart = pending.start
    }
    mode = 'detect'
    return true
  }

  function detect(): boolean {
    for (let at = pending.start; at < pending.end; at += 1) {
      const byte = pending.bytes[at] ?? 0
      if (byte === 0x0a) {
        if (behindArray) behindArray = false
        else items.push({ line, blank: true })
        drop(at + 1)
      } else if (!isBlank(byte)) {
        behindArray = false
        mode = byte === openArray ? 'array' : 'lines'
        drop(mode === 'array' ? at + 1 : at)
        seen = pending.start
        return true
      }
    }
    return false
  }

  // lines: each line a record, or the beginning of one printed over several

  function takeLine(final: boolean): boolean {
    const { start, end } = pending
    const found = lineEnd(pending, Math.max(seen, start))
    if (found < 0 && !final) {
      seen = end
      return end - start > maxRecordBytes ? tooLarge('dropping') : false
    }
    if (start === end) return false
    const to = found < 0 ? end : found
    const next = found < 0 ? end : found + 1
    let [a, b] = trimmed(start, to)
    if (pending.bytes[b - 1] === comma) [a, b] = trimmed(a, b - 1)
    const lone = b - a === 1 && (pending.bytes[a] === closeArray || pending.bytes[a] === openArray)
    if (a >= b || lone) items.push({ line, blank: true })
    else if (b - a > maxRecordBytes) bad(a, b, largeReason())
    else if (!good(a, b) && !good(a, closed(a, b))) return slowLine(a, b, next, final && next === end)
    return drop(next)
  }

  /** The last line of an array written one object a line, when its first line came in another batch. */
  function closed(a: number, b: number): number {
    return pending.bytes[a] === open && pending.bytes[b - 1] === closeArray ? trimmed(a, b - 1)[1] : a
  }

  /** A line that is no record alone: broken, or the first of several. */
  function slowLine(a: number, b: number, next: number, last: boolean): boolean {
    resetScan(scan)
    const { end, at } = scanJson(scan, pending.bytes, a, next)
    if (end === 'more' && !last) {
      drop(a)
      column = a - lineStart
      seen = next
      phase = 'inside'
      return true
    }
    bad(a, b, end === 'more' ? 'cut off' : end === 'done' ? doneReason(a, at, b) : brokenReason(a, at))
    return drop(next)
  }

  function doneReason(a: number, at: number, b: number): string {
    return at < b ? 'text after the record' : parseReason(a, b)
  }

  // arrays: elements in any layout

  function takeElement(final: boolean): boolean {
    for (let at = pending.start; at < pending.end; at += 1) {
      const byte = pending.bytes[at] ?? 0
      if (byte === comma || byte === closeArray || byte === 0x0a) last = 'none'
      if (isBlank(byte) || byte === comma) continue
      if (byte === closeArray) {
        mode = 'detect'
        behindArray = true
        return drop(at + 1)
      }
      drop(at)
      return last === 'none' ? startElement(final) : unseparated(final)
    }
    drop(pending.end)
    return false
  }

  /** Text where a comma should be: more of a broken record, or a fault of its own behind a good one. */
  function unseparated(final: boolean): boolean {
    const bad = last === 'bad'
    last = 'none'
    column = pending.start - lineStart
    return bad ? toDropping() : broken(pending.start, 'text after the record', final)
  }

  function startElement(final: boolean): boolean {
    const { start } = pending
    if (!lineTried) {
      lineTried = true
      const found = lineEnd(pending, start)
      const to = found < 0 ? (final ? pending.end : start) : found
      if (wholeLine(start, to)) return true
    }
    resetScan(scan)
    column = start - lineStart
    seen = start
    phase = 'inside'
    return true
  }

  function wholeLine(start: number, to: number): boolean {
    let [a, b] = trimmed(start, to)
    if (pending.bytes[b - 1] === comma || pending.bytes[b - 1] === closeArray) [a, b] = trimmed(a, b - 1)
    if (b - a < 2 || b - a > maxRecordBytes) return false
    if (pending.bytes[a] !== open || pending.bytes[b - 1] !== close || !good(a, b)) return false
    last = 'good'
    return drop(b)
  }

  // the scanner

  function inside(final: boolean): boolean {
    const { start } = pending
    const { end, at } = scanJson(scan, pending.bytes, seen, pending.end)
    seen = at
    const kept = phase === 'inside'
    if (end === 'done') return kept ? finish(at) : between(at)
    if (end === 'invalid') return kept ? broken(at, brokenReason(start, at), final) : toDropping()
    if (kept && pending.end - start > maxRecordBytes) return tooLarge('overflow')
    if (!kept) drop(pending.end)
    if (!final || !kept || start === pending.end) return false
    if (good(start, trimmed(start, pending.end)[1])) return between(pending.end)
    return broken(pending.end, 'cut off', final)
  }

  function finish(at: number): boolean {
    const { start } = pending
    last = 'bad'
    if (at - start > maxRecordBytes) bad(start, at, largeReason())
    else if (scan.deep) bad(start, at, deepReason())
    else if (good(start, at)) last = 'good'
    else bad(start, at, parseReason(start, at))
    return between(at)
  }

  function between(at: number): boolean {
    drop(at)
    phase = 'between'
    seen = at
    return true
  }

  /**
   * A record broken at `at`. When a later line of it looks like the start of a record, only the lines before were
   * the broken one; otherwise it ends with the line of `at`.
   */
  function broken(at: number, why: string, final: boolean): boolean {
    const { start, bytes } = pending
    for (let nl = lineEnd(pending, start, at); nl >= 0; nl = lineEnd(pending, nl + 1, at)) {
      let first = nl + 1
      while (first < at && isBlank(bytes[first] ?? 0) && bytes[first] !== 0x0a) first += 1
      const end = mode === 'array' && bytes[first] === closeArray && first === at
      if ((bytes[first] === open || end) && first < pending.end && first - nl - 1 <= column) {
        bad(start, nl, why)
        return between(nl + 1)
      }
    }
    reason = why
    seen = at
    phase = 'broken'
    return finishBroken(final)
  }

  function finishBroken(final: boolean): boolean {
    const { start, end, bytes } = pending
    const found = lineEnd(pending, seen)
    if (found < 0 && !final) {
      seen = end
      return end - start > maxRecordBytes ? tooLarge('dropping') : false
    }
    const to = found < 0 ? end : found
    const [, b] = bad(start, to, to - start > maxRecordBytes ? largeReason() : reason)
    // a line that ends like a whole record says nothing of the column where the next one starts
    if (bytes[b - 1] === close && lineEnd(pending, start) === found) column = Number.POSITIVE_INFINITY
    drop(found < 0 ? end : found + 1)
    seen = pending.start
    phase = 'resync'
    return true
  }

  function resync(final: boolean): boolean {
    const { bytes, end } = pending
    let at = pending.start
    while (at < end && isBetween(bytes[at] ?? 0)) at += 1
    if (at === end) {
      if (final || at - pending.start > 65_536) drop(at)
      return false
    }
    const byte = bytes[at]
    if ((byte === open || (byte === closeArray && mode === 'array')) && at - lineStart <= column) {
      phase = 'between'
      seen = pending.start
      return true
    }
    return toDropping()
  }

  function isBetween(byte: number): boolean {
    return byte !== 0x0a && (isBlank(byte) || byte === comma)
  }

  function toDropping(): boolean {
    afterDropping = 'resync'
    seen = pending.start
    phase = 'dropping'
    return true
  }

  function dropLine(): boolean {
    const found = lineEnd(pending, pending.start)
    if (found < 0) {
      drop(pending.end)
      return false
    }
    drop(found + 1)
    seen = pending.start
    phase = afterDropping
    return true
  }

  function tooLarge(then: 'dropping' | 'overflow'): true {
    bad(pending.start, pending.end, largeReason())
    afterDropping = phase === 'between' ? 'between' : 'resync'
    drop(pending.end)
    seen = pending.end
    phase = then
    return true
  }

  // what was found

  /** True when the bytes are one record (which is then given out), false when they do not parse. */
  function good(a: number, b: number): boolean {
    if (a >= b) return false
    let value: unknown
    try {
      value = JSON.parse(pending.bytes.toString('utf8', a, b))
    } catch {
      return false
    }
    const bytes = copyOf(pending, a, b)
    const at = lineOf(a)
    if (!isUtf8(bytes)) items.push({ line: at, bytes, error: 'not UTF-8 text' })
    else if (deeperThan(value, maxDepth)) items.push({ line: at, bytes, error: deepReason() })
    else items.push({ line: at, bytes, value })
    return true
  }

  function bad(from: number, to: number, why: string): [number, number] {
    let [a, b] = trimmed(from, to)
    if (pending.bytes[b - 1] === comma) [a, b] = trimmed(a, b - 1)
    const shown = b - a > maxRecordBytes ? a + sampleBytes : b
    items.push({ line: lineOf(a), bytes: copyOf(pending, a, shown), error: why })
    return [a, b]
  }

  function lineOf(at: number): number {
    return at === pending.start ? line : line + lineEnds(pending, pending.start, at)
  }

  function brokenReason(start: number, at: number): string {
    return scan.deep ? deepReason() : `not JSON at byte ${at - start + 1}`
  }

  function parseReason(a: number, b: number): string {
    return isUtf8(pending.bytes.subarray(a, b)) ? 'not JSON' : 'not UTF-8 text'
  }

  function largeReason(): string {
    return `longer than ${maxRecordBytes} bytes`
  }

  function deepReason(): string {
    return `nested deeper than ${maxDepth} levels`
  }

  // moving on

  function trimmed(from: number, to: number): [number, number] {
    return withoutBlanks(pending, from, to)
  }

  /** Uses up the bytes before `to`; false when there were none, so that a caller's loop ends. */
  function drop(to: number): boolean {
    const from = pending.start
    for (let nl = lineEnd(pending, from, to); nl >= 0; nl = lineEnd(pending, nl + 1, to)) {
      line += 1
      lineStart = nl + 1
      lineTried = false
    }
    pending.start = to
    return to > from
  }
}
