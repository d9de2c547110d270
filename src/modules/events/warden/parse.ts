/** From a body to its events, one parsed at a time: neither a hostile body nor a busy hour fills the memory. */
import { isUtf8 } from 'node:buffer'
import { limits } from '../idea.ts'
import { type Bytes, surveyArray } from '../json-bytes.ts'
import type { WardenError } from './answers.ts'

/** One event of the request: where its bytes lie, and its identifier once it has been judged. */
export interface Element extends Bytes {
  depth: number
  id?: string | null
}

export interface Parsed {
  /** Those within the limit. */
  elements: Element[]
  /** All that came. */
  total: number
  /** Those beyond the limit whose identifiers can be told. */
  tail: Element[]
  /** The value of an element, or why it was not even parsed; throws `Unreadable` when the body is no JSON after all. */
  read(element: Element): { value: unknown } | { error: WardenError }
}

/** The error that ends the whole call. */
export class Unreadable extends Error {
  override name = 'Unreadable'
  readonly error: WardenError
  constructor(error: WardenError) {
    super(error.message)
    this.error = error
  }
}

export const longestEvent = 5 * 1024 * 1024
/** A body within these is JSON or it is not; of a larger one each event is looked at before it is parsed. */
const ordinary = { bytes: 8 * 1024 * 1024, elements: 10_000, depth: 4 * limits.depth }

export const tooLong: WardenError = { error: 413, message: `Event too long (>${longestEvent} B)` }
const violation = (expected: string): WardenError => ({
  error: 460,
  message: 'Validation error: key "", value ""',
  expected,
})
const noList: WardenError = { error: 400, message: 'List of events expected.' }

export const idOf = (event: unknown): string | null => {
  const id = (event as { ID?: unknown } | null)?.ID
  return typeof id === 'string' ? id : null
}

/** The error of a body that is no JSON; the parser itself says where, as far as the body may be parsed at once. */
function unreadable(bytes: Buffer, small: boolean): WardenError {
  let reason = 'the list is not well formed'
  try {
    if (small) wholeOf(bytes)
  } catch (error) {
    reason = (error as Error).message
  }
  return {
    error: 400,
    message: 'Deserialization error.',
    parser: reason.slice(0, 200),
    args: bytes.subarray(0, 200).toString('utf8'),
  }
}

const wholeOf = (bytes: Buffer): unknown =>
  JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '') || 'null')

/** The events of a body, null for a body that brings nothing, or the error that ends the whole call. */
export function parseEvents(bytes: Buffer, limit: number): Parsed | null | { error: WardenError } {
  const { ranges, elements, deepest, tidy } = surveyArray(bytes, ordinary.elements)
  const small =
    bytes.length <= ordinary.bytes &&
    elements <= ordinary.elements &&
    deepest <= ordinary.depth &&
    isUtf8(bytes)
  if (elements === 0) return withoutEvents(bytes, small)
  if (!tidy) return { error: unreadable(bytes, small) }
  return {
    elements: ranges.slice(0, limit),
    total: elements,
    tail: small ? ranges.slice(limit) : [],
    read: (element) => {
      const error = small ? null : unfit(bytes, element)
      if (error) return { error }
      try {
        return { value: JSON.parse(bytes.toString('utf8', element.start, element.end)) }
      } catch {
        throw new Unreadable(unreadable(bytes, small))
      }
    },
  }
}

/** Nothing, an empty list or an empty object are calls without events, as in the reference server. */
function withoutEvents(bytes: Buffer, small: boolean): null | { error: WardenError } {
  if (!small) return { error: noList }
  try {
    const value = wholeOf(bytes)
    const empty = !value || (typeof value === 'object' && Object.keys(value).length === 0)
    return empty ? null : { error: noList }
  } catch {
    return { error: unreadable(bytes, small) }
  }
}

/** Why an element of a large or odd body is not parsed at all. */
function unfit(bytes: Buffer, { start, end, depth }: Element): WardenError | null {
  if (end - start >= longestEvent) return tooLong
  if (depth > ordinary.depth) return violation('too deep')
  return isUtf8(bytes.subarray(start, end)) ? null : violation('UTF-8 text')
}
