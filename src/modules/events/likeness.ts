/** Is a file what it was said to be? Asked of its beginning, before anything of it is stored or counted. */
import { readRecord } from './read-record.ts'
import type { Sensor } from './sensors.ts'
import { formats, readRecords } from './sources/index.ts'

/** How much of a file is looked at. */
const mostBytes = 256 * 1024
const mostRecords = 500

/** A beginning, and the whole again with it. */
export interface Begun {
  head: Buffer
  /** The beginning is all there is. */
  isWhole: boolean
  chunks: AsyncIterable<Uint8Array>
}

/**
 * Takes the beginning; of `slow` input, which may be written at this moment, only what is there first. Input that breaks off
 * does so for whoever reads `chunks`, behind all that came before.
 */
export async function begin(chunks: AsyncIterable<Uint8Array>, slow: boolean): Promise<Begun> {
  const source = chunks[Symbol.asyncIterator]()
  const taken: Uint8Array[] = []
  let size = 0
  let isWhole = false
  let broken: { error: unknown } | null = null
  while (!isWhole && !broken && size < (slow ? 1 : mostBytes)) {
    const next = await source.next().catch((error: unknown) => {
      broken = { error }
      return null
    })
    isWhole = next?.done === true
    if (next && !next.done) {
      taken.push(next.value)
      size += next.value.length
    }
  }
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield* taken
    if (broken) throw broken.error
    if (!isWhole) yield* { [Symbol.asyncIterator]: () => source }
  }
  return { head: Buffer.concat(taken), isWhole, chunks: rest() }
}

/** Formats whose records say what they are; profiles of other programs take what has the fields they need. */
const selfEvident = ['idea', 'eve', 'csv']

interface Read {
  records: number
  events: number
  /** Context that the format knows and that is no event. */
  skipped: number
}

/** How the beginning reads in a format; a record that is cut off at its end is left out. */
async function readAs(
  format: string,
  { head, isWhole }: Begun,
  sensor: Sensor,
  receivedMs: number,
): Promise<Read> {
  const seen: ('event' | 'skipped' | 'refused')[] = []
  const once = async function* () {
    yield head
  }
  for await (const item of readRecords(once(), { format })) {
    if (item.blank) continue
    if (seen.length >= mostRecords) break
    const read = item.error === undefined ? readRecord(format, item, sensor, receivedMs) : {}
    seen.push(read.idea ? 'event' : read.skip ? 'skipped' : 'refused')
  }
  if (!isWhole && seen.length < mostRecords) seen.pop()
  const count = (what: (typeof seen)[number]): number => seen.filter((one) => one === what).length
  return { records: seen.length, events: count('event'), skipped: count('skipped') }
}

/**
 * The formats that the beginning fits, the likeliest first, when not one of its records is of the one given and others read
 * most of them; else none. Profiles may be several: of some programs little is asked. A file of the right format with bad records in it, however many, is never taken for another.
 */
export async function otherFormats(
  begun: Begun,
  format: string,
  sensor: Sensor,
  receivedMs: number,
): Promise<string[]> {
  const own = await readAs(format, begun, sensor, receivedMs)
  if (own.events + own.skipped > 0) return []
  const reads: { format: string; events: number }[] = []
  for (const other of formats()) {
    if (other === format) continue
    const { records, events, skipped } = await readAs(other, begun, sensor, receivedMs)
    if (events > 0 && 2 * (events + skipped) > records) reads.push({ format: other, events })
  }
  const strict = reads.find((one) => selfEvident.includes(one.format))
  return strict ? [strict.format] : reads.sort((a, b) => b.events - a.events).map((one) => one.format)
}
