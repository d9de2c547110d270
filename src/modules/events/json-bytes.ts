/** The bytes of single events inside what was received, found without parsing; and one form for comparing content. */
import { createHash } from 'node:crypto'

/** Half-open range of bytes. */
export interface Bytes {
  start: number
  end: number
}

export interface Line extends Bytes {
  /** Counted from 1, blank lines included. */
  line: number
}

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * Ranges of the top-level elements of a JSON array (UTF-8, BOM allowed), white space trimmed: as many as JSON.parse
 * gives for valid input. Empty when there is no array. Invalid input gives some ranges and never throws.
 */
export function splitArray(buffer: Uint8Array): Bytes[] {
  const parts: Bytes[] = []
  scan(buffer, (start, end) => {
    parts.push({ start, end })
  })
  return parts
}

/**
 * The first `most` elements, how many there are, and to how many brackets inside one another the deepest goes. When
 * `tidy`, the buffer is JSON exactly if each of its elements is: nothing is missing between commas or behind the last.
 */
export function surveyArray(
  buffer: Uint8Array,
  most: number,
): { ranges: (Bytes & { depth: number })[]; elements: number; deepest: number; tidy: boolean } {
  const ranges: (Bytes & { depth: number })[] = []
  let elements = 0
  let deepest = 0
  const tidy = scan(buffer, (start, end, depth) => {
    if (elements++ < most) ranges.push({ start, end, depth })
    if (depth > deepest) deepest = depth
  })
  return { ranges, elements, deepest, tidy }
}

/** How many elements an array that may be cut off has begun; 0 when there is no array. */
export function countElements(buffer: Uint8Array): number {
  let count = 0
  scan(buffer, () => {
    count++
  })
  return count
}

/** Ranges of the lines that hold something, without line ends and white space around them. */
export function splitLines(buffer: Uint8Array): Line[] {
  const lines: Line[] = []
  let from = skipBom(buffer)
  for (let line = 1; from < buffer.length; line++) {
    const feed = buffer.indexOf(0x0a, from)
    const to = feed < 0 ? buffer.length : feed
    const start = skipSpace(buffer, from, to)
    const end = trimEnd(buffer, start, to)
    if (end > start) lines.push({ start, end, line })
    from = to + 1
  }
  return lines
}

/** JSON with sorted keys and no white space. For values of a validated depth; throws RangeError far beyond it. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const object = value as Record<string, unknown>
  const names = Object.keys(object).filter((name) => object[name] !== undefined)
  return `{${names
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(object[name])}`)
    .join(',')}}`
}

/** SHA-256 of the canonical form, 64 hexadecimal digits: equal for two spellings of one event. */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

/**
 * Walks the array once; brackets differ from braces by one bit, so both are told with one comparison. Answers whether
 * it ends with its bracket and nothing else, and has an element wherever its commas ask for one.
 */
function scan(buffer: Uint8Array, found: (start: number, end: number, depth: number) => void): boolean {
  const length = buffer.length
  let i = skipSpace(buffer, skipBom(buffer), length)
  if (buffer[i] !== openBracket) return false
  let depth = 1
  let deepest = 1
  let start = ++i
  let commas = 0
  let parts = 0
  const close = (end: number) => {
    const from = skipSpace(buffer, start, end)
    const to = trimEnd(buffer, from, end)
    if (to > from) {
      parts++
      found(from, to, deepest - 1)
    }
    deepest = 1
  }
  for (; i < length; i++) {
    const byte = buffer[i] as number
    if (byte === quote) {
      i++
      for (let inside = buffer[i]; i < length && inside !== quote; inside = buffer[++i]) {
        if (inside === backslash) i++
      }
    } else if (byte === comma) {
      if (depth === 1) {
        commas++
        close(i)
        start = i + 1
      }
    } else if (byte > comma) {
      const bracket = byte | 0x20
      if (bracket === 0x7b) {
        if (++depth > deepest) deepest = depth
      } else if (bracket === 0x7d && --depth === 0) break
    }
  }
  close(Math.min(i, length))
  const ended = i < length && buffer[i] === closeBracket && skipSpace(buffer, i + 1, length) === length
  return ended && (commas === 0 || parts === commas + 1)
}

function skipBom(buffer: Uint8Array): number {
  return buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf ? 3 : 0
}

function skipSpace(buffer: Uint8Array, from: number, to: number): number {
  let i = from
  while (i < to && isSpace(buffer[i])) i++
  return i
}

function trimEnd(buffer: Uint8Array, from: number, to: number): number {
  let i = to
  while (i > from && isSpace(buffer[i - 1])) i--
  return i
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
