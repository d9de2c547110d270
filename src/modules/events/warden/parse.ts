/** From a body to its events, in memory that a hostile body cannot blow up: what is odd is parsed event by event. */
import { isUtf8 } from 'node:buffer'
import { limits } from '../idea.ts'
import { surveyArray } from '../json-bytes.ts'
import type { WardenError } from './answers.ts'

/** One event of the request and where its bytes lie; or why it was not even parsed. */
export interface Element {
  start: number
  end: number
  value?: unknown
  error?: WardenError
  /** Set when it has been judged; the value is let go then. */
  id?: string | null
}

export interface Parsed {
  /** Those within the limit. */
  elements: Element[]
  /** All that came. */
  total: number
  /** Identifiers of those beyond the limit, as far as they are known. */
  tailIds: (string | null)[]
}

export const longestEvent = 5 * 1024 * 1024
/** A body within these is parsed in one go: its values take little more memory than its bytes. */
const ordinary = { bytes: 8 * 1024 * 1024, elements: 10_000, depth: 4 * limits.depth }

export const tooLong: WardenError = { error: 413, message: `Event too long (>${longestEvent} B)` }
const violation = (expected: string): WardenError => ({
  error: 460,
  message: 'Validation error: key "", value ""',
  expected,
})

export const idOf = (event: unknown): string | null => {
  const id = (event as { ID?: unknown } | null)?.ID
  return typeof id === 'string' ? id : null
}

const unreadable = (bytes: Buffer, reason: string): { error: WardenError } => ({
  error: {
    error: 400,
    message: 'Deserialization error.',
    parser: reason.slice(0, 200),
    args: bytes.subarray(0, 200).toString('utf8'),
  },
})

/** The events of a body, null for a body that brings nothing, or the error that ends the whole call. */
export function parseEvents(bytes: Buffer, limit: number): Parsed | null | { error: WardenError } {
  const survey = surveyArray(bytes, limit)
  const small =
    bytes.length <= ordinary.bytes && survey.elements <= ordinary.elements && survey.deepest <= ordinary.depth
  try {
    if (small && isUtf8(bytes)) return whole(bytes, survey.ranges, limit)
    if (survey.elements === 0) return { error: { error: 400, message: 'List of events expected.' } }
    if (bytes.subarray(-64).toString('latin1').trimEnd().at(-1) !== ']')
      return unreadable(bytes, 'the list does not end')
    const elements = survey.ranges.map((range) => ({ ...range, ...parseOne(bytes, range) }))
    return { elements, total: survey.elements, tailIds: [] }
  } catch (error) {
    return unreadable(bytes, (error as Error).message)
  }
}

function whole(
  bytes: Buffer,
  ranges: { start: number; end: number }[],
  limit: number,
): Parsed | null | { error: WardenError } {
  const parsed: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '') || 'null')
  if (!parsed || (Array.isArray(parsed) && parsed.length === 0)) return null
  if (!Array.isArray(parsed)) return { error: { error: 400, message: 'List of events expected.' } }
  return {
    elements: ranges.map(({ start, end }, i) => ({ start, end, value: parsed[i] })),
    total: parsed.length,
    tailIds: parsed.slice(limit).map(idOf),
  }
}

function parseOne(
  bytes: Buffer,
  { start, end, depth }: { start: number; end: number; depth: number },
): { value: unknown } | { error: WardenError } {
  if (end - start >= longestEvent) return { error: tooLong }
  if (depth > ordinary.depth) return { error: violation('too deep') }
  const text = bytes.subarray(start, end)
  if (!isUtf8(text)) return { error: violation('UTF-8 text') }
  return { value: JSON.parse(text.toString('utf8')) }
}
