/** The generic way in: records of any format from a stream, in batches, with an account of every line. */
import type { Idea } from './event.ts'
import type { Account, Intake } from './intake.ts'
import { idOf, readRecord } from './read-record.ts'
import { type Reject, reasonOf } from './rejects.ts'
import type { Sensor } from './sensors.ts'
import { type AlertMemory, type RecordItem, readRecords } from './sources/index.ts'
import type { Item } from './understand.ts'

export interface Summary {
  lines: number
  stored: number
  duplicate: number
  quarantined: number
  /** Records that are context and no events (a flow record, say). */
  skipped: number
  blank: number
  conflicts: number
  /**
   * The first refusals: of IDEA as many as a batch may have, of converted records 20. `index` counts the records of the
   * request from 0, without blank ones.
   */
  errors: { index: number; line: number; id: string | null; reason: string }[]
}

const mostErrors = (format: string): number => (format === 'idea' ? 500 : 20)

export interface FeedOptions {
  sensor: Sensor
  format: string
  intake: Intake
  clock(): number
  /** Keeps samples of what was refused, for the sensor's owner. */
  keepRejects(rejects: Reject[]): Promise<void>
  alerts?: AlertMemory
  batch?: number
  progress?(summary: Summary): void
}

/** What the sensor may send: `test` without `write` only events that say they are tests. */
function withinRights(idea: Idea, sensor: Sensor): boolean {
  if (sensor.write) return true
  const categories = idea.Category
  return Array.isArray(categories) && categories.includes('Test')
}

const lineFeed = Buffer.from('\n')

interface Pending {
  /** When its first record came: one moment for all of a batch, so that reading the stored bytes again gives the same. */
  receivedMs: number
  parts: Buffer[]
  size: number
  items: Item[]
  account: Account
  rejects: Reject[]
}

const empty = (receivedMs: number): Pending => ({
  receivedMs,
  parts: [],
  size: 0,
  items: [],
  account: { refused: 0, reasons: {} },
  rejects: [],
})

function refuse(
  pending: Pending,
  summary: Summary,
  options: FeedOptions,
  item: RecordItem,
  reason: string,
  id: string | null,
): void {
  summary.quarantined++
  pending.account.refused++
  const short = reasonOf(reason)
  pending.account.reasons[short] = (pending.account.reasons[short] ?? 0) + 1
  const index = summary.lines - summary.blank - 1
  if (summary.errors.length < mostErrors(options.format))
    summary.errors.push({ index, line: item.line, id, reason })
  if (pending.rejects.length < 50)
    pending.rejects.push({
      sensor: options.sensor.id,
      format: options.format,
      line: item.line,
      id,
      code: 460,
      reason,
      sample: item.bytes?.subarray(0, 500) ?? Buffer.alloc(0),
    })
}

function take(
  pending: Pending,
  { bytes, header }: { bytes: Buffer; header?: Buffer | undefined },
  idea: Idea,
  repaired: boolean,
): void {
  if (header && pending.size === 0) {
    // Rows of a table mean nothing without the names of its columns: they stand before them in every batch.
    pending.parts.push(header, lineFeed)
    pending.size = header.length + 1
  }
  pending.parts.push(bytes)
  pending.items.push({ idea, off: pending.size, len: bytes.length, repaired })
  pending.size += bytes.length
}

function consider(pending: Pending, summary: Summary, options: FeedOptions, item: RecordItem): void {
  summary.lines++
  if (pending.items.length === 0 && pending.account.refused === 0) pending.receivedMs = options.clock()
  if (item.blank) {
    summary.blank++
    return
  }
  if (item.error !== undefined) {
    refuse(pending, summary, options, item, item.error, null)
    return
  }
  const read = readRecord(options.format, item, options.sensor, pending.receivedMs)
  if (read.skip) summary.skipped++
  else if (read.idea === undefined)
    refuse(pending, summary, options, item, read.reason ?? 'unreadable', read.id ?? null)
  else if (!withinRights(read.idea, options.sensor))
    refuse(
      pending,
      summary,
      options,
      item,
      'only events of the category Test may be sent with this key',
      idOf(item.value),
    )
  else take(pending, item, read.idea, read.repaired ?? false)
}

async function flush(pending: Pending, summary: Summary, options: FeedOptions): Promise<void> {
  if (pending.items.length === 0 && pending.account.refused === 0) return
  const storing = options.intake.store({
    sensor: options.sensor,
    format: options.format,
    receivedMs: pending.receivedMs,
    bytes: Buffer.concat(pending.parts),
    items: pending.items,
    account: pending.account,
  })
  // Understood by now: the parsed messages need not wait for the database in memory.
  pending.items.length = 0
  const done = await storing
  summary.stored += done.stored
  summary.duplicate += done.duplicate
  summary.conflicts += done.conflicts.length
  if (pending.rejects.length > 0) await options.keepRejects(pending.rejects)
}

/**
 * Reads all records and stores them batch by batch. Always lines = stored + duplicate + quarantined + skipped + blank.
 * A failing store throws `FeedStopped` with what had been stored: the same input can be sent again whole.
 */
export async function feed(chunks: AsyncIterable<Uint8Array>, options: FeedOptions): Promise<Summary> {
  const summary: Summary = {
    lines: 0,
    stored: 0,
    duplicate: 0,
    quarantined: 0,
    skipped: 0,
    blank: 0,
    conflicts: 0,
    errors: [],
  }
  const size = options.batch ?? 500
  let pending = empty(options.clock())
  try {
    for await (const item of readRecords(chunks, {
      format: options.format,
      ...(options.alerts ? { alerts: options.alerts } : {}),
    })) {
      consider(pending, summary, options, item)
      if (pending.items.length >= size || pending.size > 4_194_304 || pending.account.refused >= 5_000) {
        const full = pending
        pending = empty(options.clock())
        await flush(full, summary, options)
        options.progress?.(summary)
      }
    }
    await flush(pending, summary, options)
  } catch (error) {
    throw new FeedStopped(summary, error)
  }
  options.progress?.(summary)
  return summary
}

/** Reading or storing broke off; `summary` tells what was stored until then. */
export class FeedStopped extends Error {
  override name = 'FeedStopped'
  readonly summary: Summary
  constructor(summary: Summary, cause: unknown) {
    super((cause as Error).message, { cause })
    this.summary = summary
  }
}
