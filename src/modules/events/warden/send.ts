/** sendEvents: each event is judged by itself, the good ones are stored even if others fail. */
import type { Context } from '../../../platform/context.ts'
import { isFull } from '../../../platform/database.ts'
import { Unavailable } from '../../../platform/errors.ts'
import type { Idea } from '../event.ts'
import { repair, validate } from '../idea.ts'
import type { Account, Intake, Stored } from '../intake.ts'
import { keep, type Reject, reasonOf } from '../rejects.ts'
import type { Sensor } from '../sensors.ts'
import type { Item } from '../understand.ts'
import { type Accounted, unnamed, type WardenError } from './answers.ts'
import { type Element, idOf, longestEvent, type Parsed, tooLong, Unreadable } from './parse.ts'

export const sendLimit = 500
/** A stock sender gives up for good after 60 seconds: it must have been told to come again long before. */
const answerWithinMs = 20_000

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

interface Judged {
  errors: WardenError[]
  rejects: Reject[]
  account: Account & { deferred: number }
}

/** The first step that an event fails, as errors without their positions; or the event as it will be stored. */
function judge(
  value: unknown,
  { start, end }: Element,
  sensor: Sensor,
): { idea: Idea; repaired: boolean } | { errors: WardenError[] } {
  const mended = sensor.lenient ? repair(value) : { idea: value, repairs: [] }
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
  if (end - start >= longestEvent) return { errors: [tooLong] }
  return { idea, repaired: mended.repairs.length > 0 }
}

function begin(parsed: Parsed): Judged {
  const judged: Judged = { errors: [], rejects: [], account: { refused: 0, reasons: {}, deferred: 0 } }
  const tail = parsed.total - parsed.elements.length
  if (tail > 0) {
    judged.errors.push({
      error: 507,
      message: 'Too much events in one batch.',
      send_events_limit: sendLimit,
      ...tailOf(parsed, tail),
    })
    judged.account.deferred = tail
  }
  return judged
}

/** Parses and judges one event after the other as they are asked for; what is refused goes into `judged`. */
function* accepted(parsed: Parsed, bytes: Buffer, sensor: Sensor, judged: Judged): Generator<Item> {
  for (const [at, element] of parsed.elements.entries()) {
    const { start, end } = element
    const read = parsed.read(element)
    const verdict = 'error' in read ? { errors: [read.error] } : judge(read.value, element, sensor)
    element.id = 'value' in read ? idOf(read.value) : null
    if ('idea' in verdict)
      yield { idea: verdict.idea, off: start, len: end - start, repaired: verdict.repaired }
    else {
      const sample = bytes.subarray(start, Math.min(end, start + 500))
      refuse(judged, verdict.errors, element.id, at, sample, sensor)
    }
  }
}

const tailIds = (parsed: Parsed): (string | null)[] =>
  parsed.tail.map((element) => {
    if (element.id === undefined) {
      const read = parsed.read(element)
      element.id = 'value' in read ? idOf(read.value) : null
    }
    return element.id
  })

function tailOf(parsed: Parsed, tail: number): Pick<WardenError, 'events' | 'events_id'> {
  const named = unnamed(tail, tailIds(parsed))
  return named.events ? { ...named, events: named.events.map((i) => i + parsed.elements.length) } : {}
}

function refuse(
  judged: Judged,
  errors: WardenError[],
  id: string | null,
  at: number,
  sample: Buffer,
  sensor: Sensor,
): void {
  for (const error of errors) judged.errors.push({ ...error, events: [at], events_id: [id] })
  const [first] = errors as [WardenError]
  const expected = first.expected
    ? `${first.message.replace(/, value ".*$/s, '')}: ${first.expected}`
    : first.message
  const reason = reasonOf(`${first.error} ${expected}`)
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

/**
 * Nothing was stored or counted, so everything waits, also what would be refused: it is judged when it comes again. The
 * tail's identifiers were read when the judging began, so that nothing is parsed here.
 */
function deferred(parsed: Parsed, message: string, code: number): SendResult {
  const ids = [...parsed.elements.map((e) => e.id ?? null), ...tailIds(parsed)]
  return {
    errors: [{ error: code, message, ...unnamed(parsed.total, ids) }],
    saved: 0,
    account: { received: parsed.total, saved: 0, duplicate: 0, rejected: 0, deferred: parsed.total },
  }
}

/** What the store answers, or `Unavailable` when it takes too long; storing late does no harm, as it is idempotent. */
async function inTime(storing: Promise<Stored>): Promise<Stored> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable('Storing takes too long')), answerWithinMs)
  })
  storing.catch(() => {})
  return Promise.race([storing, late]).finally(() => clearTimeout(timer))
}

/** More than this a sender does not lose between two batches: one that says so must not spoil the sums. */
const mostLost = 1_000_000

const told = ({ run, seq, lost }: SenderNumbers): Pick<Account, 'run' | 'seq' | 'lost'> => ({
  run,
  seq: seq !== null && seq >= 0 ? seq : null,
  lost: Math.min(mostLost, Math.max(0, lost ?? 0)),
})

/** Validates and stores the events of one call; `bytes` is the whole body in which they lie. An error ends the whole call. */
export async function send(
  context: Context,
  intake: Intake,
  sensor: Sensor,
  bytes: Buffer,
  parsed: Parsed,
  numbers: SenderNumbers,
  receivedMs: number,
): Promise<SendResult | { error: WardenError }> {
  let judged: Judged
  let done: Stored
  try {
    judged = begin(parsed)
    const account = Object.assign(judged.account, told(numbers))
    const items = accepted(parsed, bytes, sensor, judged)
    done = await inTime(intake.store({ sensor, format: 'idea', receivedMs, bytes, items, account }))
  } catch (error) {
    if (error instanceof Unreadable) return { error: error.error }
    const away = error instanceof Unavailable || isFull(error)
    if (!away) context.log.error({ err: error, sensor: sensor.name }, 'events could not be stored')
    // Our own faults are never the sender's: it keeps the events and comes again.
    return deferred(parsed, away ? 'Server is busy' : 'Server exception', away ? 503 : 500)
  }
  await keep(context.db.engine, judged.rejects, receivedMs).catch((error: unknown) =>
    // The refusals are counted already; only their samples are lost.
    context.log.warn({ err: error }, 'samples of refused events could not be kept'),
  )
  const { refused, deferred: later } = judged.account
  return {
    errors: judged.errors,
    saved: done.stored + done.duplicate,
    account: {
      received: parsed.total,
      saved: done.stored,
      duplicate: done.duplicate,
      rejected: refused,
      deferred: later,
    },
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
