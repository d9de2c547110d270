/** sendEvents: each event is judged by itself, the good ones are stored even if others fail. */
import type { Context } from '../../../platform/context.ts'
import { isFull } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import type { Idea } from '../event.ts'
import { repair, validate } from '../idea.ts'
import type { Account, Intake } from '../intake.ts'
import { splitArray } from '../json-bytes.ts'
import { keep, type Reject } from '../rejects.ts'
import type { Sensor } from '../sensors.ts'
import type { Item } from '../understand.ts'
import { type Accounted, unnamed, type WardenError } from './answers.ts'

export const sendLimit = 500
const longestEvent = 5 * 1024 * 1024

export interface SendResult {
  errors: WardenError[]
  saved: number
  account: Accounted
}

export interface SenderNumbers {
  run: string | null
  seq: number | null
  lost: number | null
}

const idOf = (event: unknown): string | null => {
  const id = (event as { ID?: unknown } | null)?.ID
  return typeof id === 'string' ? id : null
}

interface Judged {
  items: Item[]
  /** Position in the request of each item. */
  positions: number[]
  errors: WardenError[]
  rejects: Reject[]
  account: Account
  repaired: number
}

/** The first step that an event fails, as errors without their positions; or the event as it will be stored. */
function judge(
  event: unknown,
  length: number,
  sensor: Sensor,
): { idea: Idea; repaired: boolean } | { errors: WardenError[] } {
  const mended = sensor.lenient ? repair(event) : { idea: event, repairs: [] }
  const violations = validate(mended.idea)
  if (violations.length > 0)
    return {
      errors: violations.map((v) => ({
        error: 460,
        message: `Validation error: key "${v.key}", value "${v.value}"`,
        expected: v.expected,
      })),
    }
  const idea = mended.idea as Idea
  const node = Array.isArray(idea.Node) ? (idea.Node[0] as { Name?: unknown } | undefined) : undefined
  if (typeof node?.Name !== 'string')
    return { errors: [{ error: 422, message: 'Event does not bear valid Node attribute' }] }
  if (node.Name.toLowerCase() !== sensor.name)
    return { errors: [{ error: 422, message: 'Node does not correspond with saving client' }] }
  const categories = idea.Category as string[]
  if (!sensor.write && !categories.includes('Test'))
    return {
      errors: [
        {
          error: 422,
          message: 'You\'re allowed to send only messages, containing "Test" among categories.',
          categories,
        },
      ],
    }
  if (length >= longestEvent)
    return { errors: [{ error: 413, message: `Event too long (>${longestEvent} B)` }] }
  return { idea, repaired: mended.repairs.length > 0 }
}

function judgeAll(events: unknown[], bytes: Buffer, sensor: Sensor): Judged {
  const ranges = splitArray(bytes)
  const judged: Judged = {
    items: [],
    positions: [],
    errors: [],
    rejects: [],
    account: { refused: 0, reasons: {} },
    repaired: 0,
  }
  const tail = events.length - sendLimit
  if (tail > 0) {
    const at = Array.from({ length: tail }, (_, i) => sendLimit + i)
    judged.errors.push({
      error: 507,
      message: 'Too much events in one batch.',
      send_events_limit: sendLimit,
      events: at,
      events_id: at.map((i) => idOf(events[i])),
    })
    judged.account.deferred = tail
  }
  const end = Math.min(events.length, sendLimit)
  for (let i = 0; i < end; i++) {
    const range = ranges[i] as { start: number; end: number }
    const event = events[i]
    const verdict = judge(event, range.end - range.start, sensor)
    if ('idea' in verdict) {
      judged.items.push({
        idea: verdict.idea,
        off: range.start,
        len: range.end - range.start,
        repaired: verdict.repaired,
      })
      judged.positions.push(i)
    } else
      refuse(
        judged,
        verdict.errors,
        event,
        i,
        bytes.subarray(range.start, Math.min(range.end, range.start + 500)),
        sensor,
      )
  }
  return judged
}

function refuse(
  judged: Judged,
  errors: WardenError[],
  event: unknown,
  at: number,
  sample: Buffer,
  sensor: Sensor,
): void {
  const id = idOf(event)
  for (const error of errors) judged.errors.push({ ...error, events: [at], events_id: [id] })
  const [first] = errors as [WardenError]
  const expected = first.expected
    ? `${first.message.replace(/, value ".*$/s, '')}: ${first.expected}`
    : first.message
  const reason = `${first.error} ${expected}`.replace(/\/\d+/g, '').slice(0, 120)
  judged.account.refused++
  judged.account.reasons[reason] = (judged.account.reasons[reason] ?? 0) + 1
  if (judged.rejects.length < 50)
    judged.rejects.push({
      sensor: sensor.id,
      format: 'idea',
      line: at,
      id: id?.slice(0, 256) ?? null,
      code: first.error,
      reason: expected,
      sample,
    })
}

/** Everything that was good waits: the sender keeps it and comes again. */
function deferred(judged: Judged, events: unknown[], received: number, message: string): SendResult {
  return {
    errors: [
      ...judged.errors,
      {
        error: 503,
        message,
        events: judged.positions,
        events_id: judged.positions.map((i) => idOf(events[i])),
      },
    ],
    saved: 0,
    account: {
      received,
      saved: 0,
      duplicate: 0,
      rejected: judged.account.refused,
      deferred: judged.positions.length + (judged.account.deferred ?? 0),
    },
  }
}

/** Validates and stores the events of one call; `bytes` is the whole body, `events` its parsed array. */
export async function send(
  context: Context,
  intake: Intake,
  sensor: Sensor,
  bytes: Buffer,
  events: unknown[],
  numbers: SenderNumbers,
  receivedMs: number,
): Promise<SendResult> {
  const judged = judgeAll(events, bytes, sensor)
  try {
    const done = await intake.store({
      sensor,
      format: 'idea',
      receivedMs,
      bytes,
      items: judged.items,
      account: { ...judged.account, run: numbers.run, seq: numbers.seq, lost: numbers.lost ?? 0 },
    })
    await keep(context.db.engine, judged.rejects, receivedMs)
    const account = {
      received: events.length,
      saved: done.stored,
      duplicate: done.duplicate,
      rejected: judged.account.refused,
      deferred: judged.account.deferred ?? 0,
    }
    return { errors: judged.errors, saved: done.stored + done.duplicate, account }
  } catch (error) {
    const away = error instanceof Unavailable || isFull(error)
    if (!away) context.log.error({ err: error, sensor: sensor.name }, 'events could not be stored')
    // Our own faults are never the sender's: it keeps the events and comes again.
    return deferred(judged, events, events.length, away ? 'Server is busy' : 'Server exception')
  }
}

/** A body that was not read into memory: too much at once, or too slow. */
export function refusedWhole(kind: 'too-large' | 'too-slow' | 'busy', elements: number): SendResult {
  const error: WardenError =
    kind === 'too-large'
      ? {
          error: 507,
          message: 'Too much events in one batch.',
          send_events_limit: sendLimit / 2,
          ...unnamed(elements),
        }
      : { error: 503, message: 'Server is busy', ...unnamed(elements) }
  return {
    errors: [error],
    saved: 0,
    account: { received: elements, saved: 0, duplicate: 0, rejected: 0, deferred: elements },
  }
}
