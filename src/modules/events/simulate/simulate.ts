/**
 * A sector's day from a seed: what its sensors send, in order of time, and apart from it what really happened.
 * Shape and limits: docs/simulation.md.
 */

import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { Idea } from '../event.ts'
import { compose, type Writing } from './compose.ts'
import { exerciseStrands } from './exercise.ts'
import { type Planted, plantIncidents } from './incidents.ts'
import { noiseOfHour } from './noise.ts'
import { planNoise } from './plan.ts'
import { randomFrom } from './random.ts'
import { type DayOptions, prepare, type Setup } from './setup.ts'
import { byHour, hourMs, type Strand, type TargetGroup } from './strand.ts'
import type { Incident } from './truth.ts'

export interface SimulatedEvent {
  /** When the sensor detected and sent it; equal to DetectTime. */
  atMs: number
  sensor: string
  /** Read only: parts are shared between events. */
  event: Idea
}

export interface SimulatedBatch {
  sensor: string
  fromMs: number
  toMs: number
  count: number
  /** A JSON array of IDEA messages. */
  text: string
}

/** The day's events in order of time; holds the plan and one hour's times, never the day. Throws Invalid. */
export function* generateDay(options: DayOptions): Generator<SimulatedEvent> {
  const setup = prepare(options)
  const planted = plantIncidents(setup)
  const plan = planNoise(setup, planted)
  const extra = [...planted.strands, ...exerciseStrands(setup).flatMap(byHour)]
  for (let hour = 0; hour < setup.hours; hour++) {
    const from = setup.startMs + hour * hourMs
    const now = extra.filter((s) => s.fromMs >= from && s.fromMs < from + hourMs)
    yield* eventsOf(setup, planted, [...noiseOfHour(setup, plan, hour), ...now], from)
  }
}

/** The labelled incidents of the day that generateDay makes from the same options. */
export function truthOf(options: DayOptions): Incident[] {
  return plantIncidents(prepare(options)).incidents
}

/** A strand's number fits below this; above it in the sort key stands the millisecond within the hour. */
const strandRoom = 1 << 20

function* eventsOf(
  setup: Setup,
  planted: Planted,
  strands: Strand[],
  hourStart: number,
): Generator<SimulatedEvent> {
  const random = randomFrom(`${setup.key}:events:${hourStart}`)
  const writing: Writing = { size: setup.size, random }
  const keys = new Float64Array(strands.reduce((sum, s) => sum + s.count, 0))
  let filled = 0
  strands.forEach((strand, number) => {
    const start = strand.fromMs - hourStart
    const lengthMs = strand.toMs - strand.fromMs
    for (let i = 0; i < strand.count; i++) {
      keys[filled++] = (start + random.below(lengthMs)) * strandRoom + number
    }
  })
  keys.sort()
  for (const key of keys) {
    const strand = strands[key % strandRoom]
    if (!strand) continue
    const atMs = hourStart + Math.floor(key / strandRoom)
    const group = strand.groups.length > 0 ? random.pick(strand.groups) : null
    const sensor = sensorOf(setup, planted, strand, group, atMs)
    const reported = strand.local && sensor.perimeter ? { ...strand, local: false } : strand
    yield { atMs, sensor: sensor.name, event: compose(reported, group, atMs, sensor.name, writing) }
  }
}

function sensorOf(setup: Setup, planted: Planted, strand: Strand, group: TargetGroup | null, atMs: number) {
  const member = setup.members[group?.member ?? strand.home]
  if (!member) throw new RangeError('a strand names no member')
  const own = strand.local ? member.sensor : null
  const silent = planted.silences.some((s) => s.sensor === own && atMs >= s.fromMs && atMs < s.toMs)
  return own !== null && !silent
    ? { name: own, perimeter: false }
    : { name: member.perimeter, perimeter: true }
}

/** How generateBatches cuts: so many events, or so long a time of the day, whichever comes first. */
export interface BatchOptions {
  size?: number
  maxAgeMs?: number
}

/** The same day as ready request bodies, each of one sensor, at most `size` events (default 500). */
export function* generateBatches(options: DayOptions, batch: BatchOptions = {}): Generator<SimulatedBatch> {
  const { size = 500, maxAgeMs = Number.POSITIVE_INFINITY } = batch
  const open = new Map<string, { fromMs: number; toMs: number; texts: string[] }>()
  for (const { atMs, sensor, event } of generateDay(options)) {
    let current = open.get(sensor)
    if (current && (current.texts.length >= size || atMs - current.fromMs > maxAgeMs)) {
      yield batchOf(sensor, current)
      current = undefined
    }
    if (!current) {
      current = { fromMs: atMs, toMs: atMs, texts: [] }
      open.set(sensor, current)
    }
    current.texts.push(JSON.stringify(event))
    current.toMs = atMs
  }
  for (const [sensor, current] of open) yield batchOf(sensor, current)
}

function batchOf(sensor: string, open: { fromMs: number; toMs: number; texts: string[] }): SimulatedBatch {
  const { fromMs, toMs, texts } = open
  return { sensor, fromMs, toMs, count: texts.length, text: `[${texts.join(',')}]` }
}

/** Writes the day as NDJSON, one IDEA message a line (the sensor is the first Node), and the truth likewise. */
export async function writeDay(
  options: DayOptions,
  out: Writable,
  truthOut?: Writable,
): Promise<{ events: number; incidents: number }> {
  let events = 0
  let lines = ''
  for (const { event } of generateDay(options)) {
    lines += `${JSON.stringify(event)}\n`
    events++
    if (lines.length < 1 << 18) continue
    await write(out, lines)
    lines = ''
  }
  await write(out, lines)
  const incidents = truthOut ? truthOf(options) : []
  if (truthOut) await write(truthOut, incidents.map((i) => `${JSON.stringify(i)}\n`).join(''))
  return { events, incidents: incidents.length }
}

async function write(out: Writable, text: string): Promise<void> {
  if (text !== '' && !out.write(text)) await once(out, 'drain')
}
