/** Request bodies of a simulated day in a file, ready to send, and what the day holds as counted beside the product. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import type { DayOptions } from '../src/modules/events/simulate/setup.ts'
import { generateBatches } from '../src/modules/events/simulate/simulate.ts'

export interface Body {
  sensor: string
  off: number
  len: number
  events: number
  /** Of the last event, by the day's own clock. */
  toMs: number
}

export interface Prepared {
  file: string
  bodies: Body[]
  events: number
  bytes: number
  told: Told
}

/** The day's own figures, from the messages alone. */
export interface Told {
  sources: number
  detections: number
  known: number
  /** Dropped events with the dropped parts of partial ones, over those with a known verdict. */
  droppedShare: number
}

/** Writes bodies of at most `size` events until about `most` events are written (all of the day without it). */
export function prepare(
  options: DayOptions,
  file: string,
  { size = 500, most = Number.POSITIVE_INFINITY } = {},
): Prepared {
  const out = openSync(file, 'w')
  const bodies: Body[] = []
  const ledger = newLedger()
  let [events, bytes] = [0, 0]
  for (const batch of generateBatches(options, { size })) {
    const text = Buffer.from(batch.text)
    bodies.push({ sensor: batch.sensor, off: bytes, len: text.length, events: batch.count, toMs: batch.toMs })
    writeSync(out, text)
    ledger.add(JSON.parse(batch.text))
    bytes += text.length
    events += batch.count
    if (events >= most) break
  }
  closeSync(out)
  return { file, bodies, events, bytes, told: ledger.told() }
}

export function bodyReader(file: string): { read(body: Body): Buffer; close(): void } {
  const from = openSync(file, 'r')
  return {
    read: (body) => {
      const bytes = Buffer.allocUnsafe(body.len)
      readSync(from, bytes, 0, body.len, body.off)
      return bytes
    },
    close: () => closeSync(from),
  }
}

interface Message {
  DetectTime: string
  Category: string[]
  FlowCount: number
  FlowCountDropped?: number
  Source: { IP4?: string[]; IP6?: string[]; Spoofed?: boolean }[]
  _HSOC: { Verdict?: string; DroppedShare?: number }
}

/** A second, plainer reading of the messages than the product's: nothing of it is shared. */
function newLedger(): { add(messages: Message[]): void; told(): Told } {
  const [sources, rows] = [new Set<string>(), new Set<string>()]
  let [known, dropped] = [0, 0]
  return {
    add: (messages) => {
      for (const message of messages) {
        const hour = message.DetectTime.slice(0, 13)
        for (const end of message.Source) {
          const address = end.IP4?.[0] ?? end.IP6?.[0] ?? ''
          if (!end.Spoofed) sources.add(address)
          rows.add(`${hour} ${message.Category} ${end.Spoofed ? '!' : ''}${address}`)
        }
        const part = droppedPart(message)
        if (part !== null) known++
        dropped += part ?? 0
      }
    },
    told: () => ({ sources: sources.size, detections: rows.size, known, droppedShare: dropped / known }),
  }
}

function droppedPart({ FlowCount: flows, FlowCountDropped: gone, _HSOC: ours }: Message): number | null {
  if (gone !== undefined) return gone / flows
  if (ours.Verdict === undefined || ours.Verdict === 'unknown') return null
  return ours.Verdict === 'dropped' ? 1 : ours.Verdict === 'partial' ? (ours.DroppedShare ?? 0) : 0
}
