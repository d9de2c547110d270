/** One record of any format as an event: the same for the doors, the command line, a rebuild and whoever reads the bytes again. */
import { contains, type Net, parseNet } from '../../values/address.ts'
import type { Idea } from './event.ts'
import { repair, type Violation, validate } from './idea.ts'
import type { Sensor } from './sensors.ts'
import { readRecords, type SensorFacts, toIdea } from './sources/index.ts'

interface ReadRecord {
  idea?: Idea
  repaired?: boolean
  skip?: string
  reason?: string
  id?: string | null
}

export const idOf = (value: unknown): string | null => {
  const id = (value as { ID?: unknown } | null)?.ID
  return typeof id === 'string' ? id.slice(0, 256) : null
}

export const describe = (violation: Violation): string => `${violation.key || 'event'}: ${violation.expected}`

/** What adapters ask of a sensor's inside networks; a sensor without any has the private ranges inside. */
export function insideOf(nets: Net[]): Pick<SensorFacts, 'inside'> {
  if (nets.length === 0) return {}
  return {
    inside: (address) => {
      const net = parseNet(address)
      return net !== null && nets.some((own) => contains(own, net))
    },
  }
}

/** A record as an event, or the reason why not. The same for the door, the command line and a rebuild. */
export function readRecord(
  format: string,
  item: { value?: unknown; echo?: boolean },
  sensor: Sensor,
  receivedMs: number,
): ReadRecord {
  const { name, inline, zone, inside } = sensor
  const facts = { name, inline, zone, receivedMs, ...insideOf(inside.map(({ net }) => net)) }
  return understandRecord(format, item, facts, sensor.lenient)
}

function understandRecord(
  format: string,
  item: { value?: unknown; echo?: boolean },
  facts: SensorFacts,
  lenient: boolean,
): ReadRecord {
  const outcome = toIdea(format, item, facts)
  if ('skip' in outcome) return { skip: outcome.skip }
  if ('error' in outcome) return { reason: outcome.error, id: idOf(item.value) }
  const mended = lenient ? repair(outcome.idea) : { idea: outcome.idea, repairs: [] }
  const [first] = validate(mended.idea)
  if (first) return { reason: describe(first), id: idOf(item.value) }
  return { idea: mended.idea as Idea, repaired: mended.repairs.length > 0 }
}

/** One stored event read again; `pack` are the bytes of its batch, `bytes` its own. Null when they give none any more. */
export async function readStored(
  format: string,
  pack: Buffer,
  bytes: Buffer,
  sensor: SensorFacts,
  lenient: boolean,
): Promise<Idea | null> {
  const parts = format === 'csv' ? [pack.subarray(0, pack.indexOf(lineFeed) + 1), bytes] : [bytes]
  for await (const item of readRecords(of(parts), { format, maxRecordBytes: 2 * bytes.length + 1024 })) {
    if (item.blank || item.error !== undefined) continue
    return understandRecord(format, item, sensor, lenient).idea ?? null
  }
  return null
}

async function* of(parts: Buffer[]): AsyncGenerator<Buffer> {
  yield* parts
}

const lineFeed = Buffer.from('\n')
