/** One received event understood: what it means, whom it concerns, and the key under which it is stored once. */
import { hash } from 'node:crypto'
import { isSingle } from '../../values/address.ts'
import type { Register } from '../members/index.ts'
import { derive } from './derive.ts'
import type { Derived, Idea } from './event.ts'
import { type Match, matchesOf } from './owners.ts'
import type { Sensor } from './sensors.ts'

/** Where the received bytes of an event lie in the batch's bytes. */
export interface Place {
  off: number
  len: number
  repaired?: boolean
}

/** One valid event with its place. */
export interface Item extends Place {
  idea: Idea
}

export const flagBits = { future: 1, conflict: 2, noTime: 4, noZone: 8, repaired: 16, other: 32 } as const

/** Of an event's meaning what is stored. A batch waits for the database with this alone: the rest is forgotten at once. */
export interface Kept
  extends Pick<
    Derived,
    | 'id'
    | 'detectedMs'
    | 'hour'
    | 'lane'
    | 'exercise'
    | 'archive'
    | 'future'
    | 'detector'
    | 'targetClass'
    | 'targetSeverity'
    | 'weight'
    | 'verdict'
    | 'shareMicro'
    | 'keys'
  > {
  /** The first target that is a single address. */
  target: string | null
  port: number | null
  /** A honeypot or tarpit saw it. */
  honeypot: boolean
}

export interface Understood {
  item: Place
  derived: Kept
  matches: Match[]
  key: string
  flags: number
}

/** Key of an event, 64 bits as 16 hexadecimal digits; with the content's hash it is the key of a second content under the same id. */
export function eventKey(sensor: number, id: string, content = ''): string {
  return hash('sha1', `${sensor}\0${id}\0${content}`).slice(0, 16)
}

/** A key as the database writes it: a signed number. */
export const keyNumber = (key: string): string => BigInt.asIntN(64, BigInt(`0x${key}`)).toString()

function flagsOf(derived: Derived, item: Item): number {
  let flags = (derived.future ? flagBits.future : 0) | (item.repaired ? flagBits.repaired : 0)
  for (const mark of derived.quality)
    flags |= mark === 'no-time' ? flagBits.noTime : mark === 'no-zone' ? flagBits.noZone : flagBits.other
  return flags
}

/** Milliseconds until each door has heard of a new exercise: told at once, heard of when its process comes to it. */
const heardOfMs = 2_000

/**
 * An exercise counts for events of its time that came after every door had heard of it: what was received as real stays
 * real, whichever door took it, and reading it again gives the same.
 */
const isOpen = (sensor: Sensor, exercise: string, atMs: number, receivedMs: number): boolean =>
  sensor.exercises.some(
    ({ id, from, to, known }) =>
      id === exercise && from <= atMs && atMs <= to && known + heardOfMs <= receivedMs,
  )

const keep = (derived: Derived): Kept => ({
  id: derived.id,
  detectedMs: derived.detectedMs,
  hour: derived.hour,
  lane: derived.lane,
  exercise: derived.exercise,
  archive: derived.archive,
  future: derived.future,
  detector: derived.detector,
  targetClass: derived.targetClass,
  targetSeverity: derived.targetSeverity,
  weight: derived.weight,
  verdict: derived.verdict,
  shareMicro: derived.shareMicro,
  keys: derived.keys,
  target: firstAddress(derived),
  port: derived.ports[0] ?? null,
  honeypot: derived.tags.some((tag) => honeypotTags.has(tag.toLowerCase())),
})

function firstAddress(derived: Derived): string | null {
  for (const end of derived.targets) {
    const net = end.nets[0]
    if (net && isSingle(net)) return net.text
  }
  return null
}

/** Detectors that only ever see those who touch what nobody should touch: their events say so. */
const honeypotTags = new Set(['honeypot', 'tarpit'])

export function understand(item: Item, sensor: Sensor, register: Register, receivedMs: number): Understood {
  const derived = derive(item.idea, {
    receivedMs,
    sensorName: sensor.name,
    defaultVerdict: sensor.defaultVerdict,
    mayExercise: (exercise, atMs) => isOpen(sensor, exercise, atMs, receivedMs),
  })
  return {
    item: { off: item.off, len: item.len, repaired: item.repaired },
    derived: keep(derived),
    matches: matchesOf(derived, sensor, register),
    key: eventKey(sensor.id, derived.id),
    flags: flagsOf(derived, item),
  }
}
