/**
 * Splits JSON bodies into records: NDJSON, arrays in any layout, objects over several lines. Lines that parse alone
 * go the quick way; everything else through the scanner. After a broken record reading goes on at the next line that
 * looks like the start of a record, never in the middle of a line, where an attacker's text could pose as one.
 */
import { type JsonLimits, laterStart, newLedger, sampleBytes } from './json-ledger.ts'
import { isBlank, isFiller, jsonByte, newScan, resetScan, scanJson } from './json-scan.ts'
import { append, lineEnd, markOf, newPending, withoutBlanks } from './pending.ts'
import type { RecordItem, Splitter } from './record.ts'

const { comma, open, close, openArray, closeArray } = jsonByte

type Mode = 'begin' | 'detect' | 'lines' | 'array' | 'unreadable'
/**
 * between: before a record · inside: the scanner is in one · broken: waiting for the end of a broken line ·
 * overflow: inside a record too large to keep · dropping: to the end of the line · resync: looking for a record
 */
type Phase = 'between' | 'inside' | 'broken' | 'overflow' | 'dropping' | 'resync'

export function jsonSplitter({
  maxRecordBytes,
  maxDepth = 32,
}: Partial<JsonLimits> & Pick<JsonLimits, 'maxRecordBytes'>): Splitter {
  const pending = newPending()
  const scan = newScan(maxDepth)
  const ledger = newLedger(pending, { maxRecordBytes, maxDepth })
  const { good, bad, drop } = ledger
  let mode: Mode = 'begin'
  let phase: Phase = 'between'
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
  /** The line on which an array element began: trying the rest of it as one record is useless. */
  let triedLine = 0

  return {
    push(chunk) {
      const moved = append(pending, chunk)
      seen -= moved
      ledger.moved(moved)
      return drain(false)
    },
    end: () => drain(true),
  }

  function drain(final: boolean): RecordItem[] {
    while (step(final));
    return ledger.take()
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

  /** The byte order mark tells the encoding; UTF-8 is the only one JSON has. Of others the whole sample is awaited. */
  function begin(final: boolean): boolean {
    const { start, end } = pending
    if (end - start < 3 && !final) return false
    const mark = markOf(pending)
    if (mark === 'UTF-16' && end - start < sampleBytes && !final) return false
    if (mark === 'UTF-16') bad(start, Math.min(end, start + sampleBytes), 'the body is UTF-16; send UTF-8')
    mode = mark === 'UTF-16' ? 'unreadable' : 'detect'
    if (mark === 'UTF-8') ledger.lineBegins(start + 3)
    return true
  }

  function detect(): boolean {
    for (let at = pending.start; at < pending.end; at += 1) {
      const byte = pending.bytes[at] ?? 0
      if (byte === 0x0a) {
        if (behindArray) behindArray = false
        else ledger.blank()
        drop(at + 1)
      } else if (!isBlank(byte)) {
        behindArray = false
        mode = byte === openArray ? 'array' : 'lines'
        drop(mode === 'array' ? at + 1 : at)
        seen = pending.start
        return true
      }
    }
    // kept, blanks would be looked at again with every chunk
    drop(pending.end)
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
    let [a, b] = withoutBlanks(pending, start, to)
    if (pending.bytes[b - 1] === comma) [a, b] = withoutBlanks(pending, a, b - 1)
    const lone = b - a === 1 && (pending.bytes[a] === closeArray || pending.bytes[a] === openArray)
    if (a >= b || lone) ledger.blank()
    else if (b - a > maxRecordBytes) bad(a, b, ledger.tooLarge)
    // the last line of an array, whose first came in another batch, ends with a bracket
    else if (!good(a, b) && ledger.goodLine(a, b) < 0) return slowLine(a, b, next, final && next === end)
    return drop(next)
  }

  /** A line that is no record alone: broken, or the first of several. */
  function slowLine(a: number, b: number, next: number, last: boolean): boolean {
    resetScan(scan)
    const { end, at } = scanJson(scan, pending.bytes, a, next)
    if (end === 'more' && !last) {
      drop(a)
      column = ledger.columnOf(a)
      seen = next
      phase = 'inside'
      return true
    }
    if (end === 'more') bad(a, b, 'cut off')
    else if (end === 'invalid') bad(a, b, brokenReason(a, at))
    else bad(a, b, at < b ? 'text after the record' : ledger.unparsed(a, b))
    return drop(next)
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
    const behindBad = last === 'bad'
    last = 'none'
    column = ledger.columnOf(pending.start)
    return behindBad ? toDropping() : broken(pending.start, 'text after the record', final)
  }

  function startElement(final: boolean): boolean {
    const { start } = pending
    if (triedLine !== ledger.line()) {
      triedLine = ledger.line()
      const found = lineEnd(pending, start)
      const whole = ledger.goodLine(start, found < 0 ? (final ? pending.end : start) : found)
      if (whole >= 0) {
        last = 'good'
        return drop(whole)
      }
    }
    resetScan(scan)
    column = ledger.columnOf(start)
    seen = start
    phase = 'inside'
    return true
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
    if (good(start, withoutBlanks(pending, start, pending.end)[1])) return between(pending.end)
    return broken(pending.end, 'cut off', final)
  }

  function finish(at: number): boolean {
    const { start } = pending
    last = 'bad'
    if (at - start > maxRecordBytes) bad(start, at, ledger.tooLarge)
    else if (scan.deep) bad(start, at, ledger.tooDeep)
    else if (good(start, at)) last = 'good'
    else bad(start, at, ledger.unparsed(start, at))
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
    const next = laterStart(pending, { from: pending.start, at, column, array: mode === 'array' })
    if (next >= 0) {
      bad(pending.start, next - 1, why)
      return between(next)
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
    const [, b] = bad(start, to, to - start > maxRecordBytes ? ledger.tooLarge : reason)
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
    while (at < end && isFiller(bytes[at] ?? 0)) at += 1
    if (at === end) {
      if (final || at - pending.start > 65_536) drop(at)
      return false
    }
    const byte = bytes[at]
    if ((byte === open || (byte === closeArray && mode === 'array')) && ledger.columnOf(at) <= column) {
      phase = 'between'
      seen = pending.start
      return true
    }
    return toDropping()
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
    bad(pending.start, pending.end, ledger.tooLarge)
    afterDropping = phase === 'between' ? 'between' : 'resync'
    drop(pending.end)
    seen = pending.end
    phase = then
    return true
  }

  function brokenReason(start: number, at: number): string {
    return scan.deep ? ledger.tooDeep : `not JSON at byte ${at - start + 1}`
  }
}
