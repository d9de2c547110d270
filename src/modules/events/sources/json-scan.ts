/**
 * Walks over JSON text byte by byte and finds where a value ends, or the first byte at which it can no longer be
 * JSON. It judges structure only (quotes, brackets, commas, colons); words, numbers and escapes are left to the
 * parser. Strictness matters: an unescaped quote is noticed within its own record, not megabytes later.
 */

const quote = 0x22
const backslash = 0x5c
const newline = 0x0a
const colon = 0x3a

/** The signs that give JSON its structure. */
export const jsonByte = { comma: 0x2c, open: 0x7b, close: 0x7d, openArray: 0x5b, closeArray: 0x5d } as const
const { comma, open: openObject, close: closeObject, openArray, closeArray } = jsonByte

const expectValue = 0
const expectValueOrEnd = 1
const expectKeyOrEnd = 2
const expectKey = 3
const expectColon = 4
const afterValue = 5
const inString = 6
const inKey = 7
const inWord = 8
/** Deeper than allowed: only strings and brackets are followed. */
const tooDeep = 9
const tooDeepString = 10

export interface Scan {
  state: number
  escaped: boolean
  depth: number
  maxDepth: number
  /** The value went deeper than `maxDepth`. */
  deep: boolean
  /** For each open level: 1 object, 0 array. */
  kinds: Uint8Array
}

export type ScanEnd = 'more' | 'done' | 'invalid'

export function newScan(maxDepth: number): Scan {
  return {
    state: expectValue,
    escaped: false,
    depth: 0,
    maxDepth,
    deep: false,
    kinds: new Uint8Array(maxDepth + 1),
  }
}

export function resetScan(scan: Scan): void {
  scan.state = expectValue
  scan.escaped = false
  scan.depth = 0
  scan.deep = false
}

/**
 * Goes on from `from`. `at` is the end of the value (exclusive) for `done`, the offending byte for `invalid`, `to`
 * for `more`. A value nested too deeply ends as `done` with `scan.deep` set, or as `invalid` at a line end.
 */
export function scanJson(
  scan: Scan,
  bytes: Uint8Array,
  from: number,
  to: number,
): { end: ScanEnd; at: number } {
  let at = from
  while (at < to) {
    const state = scan.state
    if (state === inString || state === inKey || state === tooDeepString) {
      at = overString(scan, bytes, at, to)
      if (at < 0) return { end: 'invalid', at: -at - 1 }
      if (scan.state === afterValue && scan.depth === 0) return { end: 'done', at }
      continue
    }
    const byte = bytes[at] ?? 0
    if (state === inWord) {
      if (isWord(byte)) at += 1
      else if (scan.depth === 0) return { end: 'done', at }
      else scan.state = afterValue
      continue
    }
    const legal = state === tooDeep ? loosely(scan, byte) : isBlank(byte) || strictly(scan, byte)
    if (!legal) return { end: 'invalid', at }
    at += 1
    if (scan.state === afterValue && scan.depth === 0) return { end: 'done', at }
  }
  return { end: 'more', at: to }
}

/** Returns the offset after the closing quote, `to` while inside, or -(offset + 1) of a raw line end. */
function overString(scan: Scan, bytes: Uint8Array, from: number, to: number): number {
  let at = from
  if (scan.escaped && at < to) {
    if (bytes[at] === newline) return -at - 1
    scan.escaped = false
    at += 1
  }
  while (at < to) {
    const byte = bytes[at]
    if (byte === quote) {
      scan.state = scan.state === inKey ? expectColon : scan.state === inString ? afterValue : tooDeep
      return at + 1
    }
    if (byte === newline) return -at - 1
    if (byte === backslash) {
      at += 1
      if (at === to) {
        scan.escaped = true
        return to
      }
      if (bytes[at] === newline) return -at - 1
    }
    at += 1
  }
  return to
}

function strictly(scan: Scan, byte: number): boolean {
  switch (scan.state) {
    case expectValueOrEnd:
      return byte === closeArray ? close(scan) : value(scan, byte)
    case expectValue:
      return value(scan, byte)
    case expectKeyOrEnd:
      return byte === closeObject ? close(scan) : key(scan, byte)
    case expectKey:
      return key(scan, byte)
    case expectColon:
      scan.state = expectValue
      return byte === colon
    default:
      return after(scan, byte)
  }
}

function value(scan: Scan, byte: number): boolean {
  if (byte === quote) scan.state = inString
  else if (byte === openObject) open(scan, 1)
  else if (byte === openArray) open(scan, 0)
  else if (isWord(byte)) scan.state = inWord
  else return false
  return true
}

function key(scan: Scan, byte: number): boolean {
  scan.state = inKey
  return byte === quote
}

function after(scan: Scan, byte: number): boolean {
  const object = scan.kinds[scan.depth] === 1
  if (byte === comma) {
    scan.state = object ? expectKey : expectValue
    return true
  }
  return byte === (object ? closeObject : closeArray) && close(scan)
}

function open(scan: Scan, kind: 0 | 1): void {
  scan.depth += 1
  if (scan.depth > scan.maxDepth) {
    scan.deep = true
    scan.state = tooDeep
    return
  }
  scan.kinds[scan.depth] = kind
  scan.state = kind === 1 ? expectKeyOrEnd : expectValueOrEnd
}

function close(scan: Scan): boolean {
  scan.depth -= 1
  scan.state = afterValue
  return true
}

function loosely(scan: Scan, byte: number): boolean {
  if (byte === newline) return false
  if (byte === quote) scan.state = tooDeepString
  else if (byte === openObject || byte === openArray) scan.depth += 1
  else if (byte === closeObject || byte === closeArray) {
    scan.depth -= 1
    if (scan.depth === scan.maxDepth) scan.state = afterValue
  }
  return true
}

/** Letters, digits and the signs of numbers; whether they make a word of JSON is the parser's to say. */
function isWord(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2d ||
    byte === 0x2b ||
    byte === 0x2e
  )
}

export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** What may stand on a line before a record. */
export function isFiller(byte: number): boolean {
  return byte !== newline && (isBlank(byte) || byte === comma)
}

/** Objects and arrays below each other, the outermost counted as one. */
export function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((inner) => deeperThan(inner, levels - 1))
  const object = value as Record<string, unknown> // any object may be read by key
  for (const key in object) {
    if (deeperThan(object[key], levels - 1)) return true
  }
  return false
}
