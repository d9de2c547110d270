/** Reads a stored batch again: every event from its received bytes, through the code that read it first. */
import type { Tx } from '../../platform/database.ts'
import type { Register } from '../members/index.ts'
import { cut, unpack } from './packed.ts'
import { readRecord } from './read-record.ts'
import type { Sensor } from './sensors.ts'
import { readRecords } from './sources/index.ts'
import { type Place, type Understood, understand } from './understand.ts'

export interface StoredBatch {
  id: number
  sensor_id: number
  received_ms: number
  format: string
  n: number
  raw: Buffer
  raw_size: number
}

/** What of an event's row is needed to find its bytes. */
export interface StoredEvent {
  batch_id: number
  idx: number
  hour: number
  flags: number
  raw_off: number
  raw_len: number
}

export interface Reread {
  event: StoredEvent
  /** Null when the bytes do not give an event any more; `fault` says why. */
  understood: Understood | null
  fault: string | null
}

const columns = `id, sensor_id, (extract(epoch from received_at) * 1000)::float8 as received_ms, format, n, raw, raw_size`

/** The next condensed batches after `after` that hold an event of those hours, oldest first, at most `limit`. */
export async function batchesAfter(
  tx: Tx,
  after: number,
  hours: { first: number; last: number } | null,
  limit: number,
): Promise<StoredBatch[]> {
  const { rows } = await tx.query<StoredBatch & Record<string, unknown>>(
    `select ${columns} from batches b where id > $1 and first_serial is not null
       and ($2::int is null or exists (select 1 from events e where e.batch_id = b.id and e.hour between $2 and $3))
     order by id limit $4`,
    [after, hours?.first ?? null, hours?.last ?? null, limit],
  )
  return rows
}

/** The events of some batches in the order in which they were stored, by batch. */
export async function eventsOf(tx: Tx, ids: number[]): Promise<Map<number, StoredEvent[]>> {
  const { rows } = await tx.query<StoredEvent & Record<string, unknown>>(
    'select batch_id, idx, hour, flags, raw_off, raw_len from events where batch_id = any ($1) order by batch_id, idx',
    [ids],
  )
  return Map.groupBy(rows, (row) => row.batch_id)
}

/** Understands a batch's events anew, with the register as of each event's time. */
export async function reread(
  batch: StoredBatch,
  events: StoredEvent[],
  sensor: Sensor | undefined,
  register: Register,
): Promise<Reread[]> {
  const failed = (fault: string): Reread[] => events.map((event) => ({ event, understood: null, fault }))
  if (!sensor) return failed('its sensor is not known')
  let bytes: Buffer
  try {
    bytes = await unpack(batch.raw)
  } catch {
    return failed('the stored bytes cannot be unpacked')
  }
  if (bytes.length !== batch.raw_size) return failed('the stored bytes have another size')
  const values = await valuesOf(
    batch.format,
    events.map((event) => ({ off: event.raw_off, len: event.raw_len })),
    bytes,
  )
  return events.map((event, i): Reread => {
    if (event.raw_len < 1 || event.raw_off < 0 || event.raw_off + event.raw_len > bytes.length)
      return { event, understood: null, fault: 'its bytes lie outside of the batch' }
    const value = values[i]
    if (!value) return { event, understood: null, fault: 'its bytes cannot be read' }
    return readOne(batch, event, value.value, sensor, register)
  })
}

function readOne(
  batch: StoredBatch,
  event: StoredEvent,
  value: unknown,
  sensor: Sensor,
  register: Register,
): Reread {
  const read = accepted(batch, value, sensor)
  if (!read.idea)
    return { event, understood: null, fault: read.reason ?? read.skip ?? 'it is no event any more' }
  const item = { idea: read.idea, off: event.raw_off, len: event.raw_len, repaired: read.repaired ?? false }
  return { event, understood: understand(item, sensor, register, batch.received_ms), fault: null }
}

/** The events at some places of a batch that was read a moment ago, understood once more; null what cannot be read again. */
export async function understoodAgain(
  {
    sensor,
    format,
    receivedMs,
    bytes,
  }: { sensor: Sensor; format: string; receivedMs: number; bytes: Buffer },
  places: Place[],
  register: Register,
): Promise<(Understood | null)[]> {
  const values = await valuesOf(format, places, bytes)
  return places.map((place, i) => {
    const { idea } = readRecord(format, { value: values[i]?.value }, sensor, receivedMs)
    return idea ? understand({ ...place, idea }, sensor, register, receivedMs) : null
  })
}

/** What a lenient sensor sent stays an event when the sensor is strict by now. */
function accepted(batch: StoredBatch, value: unknown, sensor: Sensor): ReturnType<typeof readRecord> {
  const read = readRecord(batch.format, { value }, sensor, batch.received_ms)
  if (read.idea || sensor.lenient) return read
  const leniently = readRecord(batch.format, { value }, { ...sensor, lenient: true }, batch.received_ms)
  return leniently.idea ? leniently : read
}

/** The parsed records; null where the bytes are no record. Those of a table are read behind its header, which stands first. */
async function valuesOf(
  format: string,
  places: Place[],
  bytes: Buffer,
): Promise<({ value: unknown } | null)[]> {
  if (format !== 'csv') return places.map(({ off, len }) => parsed(cut(bytes, off, len)))
  const header = bytes.subarray(0, bytes.indexOf(lineFeed) + 1)
  const records = places.flatMap(({ off, len }) => [cut(bytes, off, len), lineFeed])
  const values: ({ value: unknown } | null)[] = []
  for await (const item of readRecords(one(Buffer.concat([header, ...records])), { format: 'csv' }))
    if (!item.blank) values.push(item.error === undefined ? { value: item.value } : null)
  return values.length === places.length ? values : places.map(() => null)
}

const lineFeed = Buffer.from('\n')

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

function parsed(bytes: Buffer): { value: unknown } | null {
  try {
    return { value: JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')) }
  } catch {
    return null
  }
}
