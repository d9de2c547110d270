/** One received event understood: what it means, whom it concerns, and the key under which it is stored once. */
import { hash } from 'node:crypto'
import type { Register } from '../members/index.ts'
import { derive } from './derive.ts'
import type { Derived, Idea } from './event.ts'
import { type Match, matchesOf } from './owners.ts'
import type { Sensor } from './sensors.ts'

/** One valid event: its meaning, and where its received bytes lie in the batch's bytes. */
export interface Item {
  idea: Idea
  off: number
  len: number
  repaired?: boolean
}

export const flagBits = { future: 1, conflict: 2, noTime: 4, noZone: 8, repaired: 16, other: 32 } as const

export interface Understood {
  item: Omit<Item, 'idea'>
  derived: Derived
  matches: Match[]
  key: string
  flags: number
}

/** 64-bit key of an event; with the content's hash it is the key of a second content under the same id. */
export function eventKey(sensor: number, id: string, content = ''): string {
  return (hash('sha1', `${sensor}\0${id}\0${content}`, 'buffer') as Buffer).readBigInt64BE(0).toString()
}

function flagsOf(derived: Derived, item: Item): number {
  let flags = (derived.future ? flagBits.future : 0) | (item.repaired ? flagBits.repaired : 0)
  for (const mark of derived.quality)
    flags |= mark === 'no-time' ? flagBits.noTime : mark === 'no-zone' ? flagBits.noZone : flagBits.other
  return flags
}

/**
 * An exercise counts for events of its time that came after it was opened: what was received as real stays real, and
 * reading it again gives the same.
 */
const isOpen = (sensor: Sensor, exercise: string, atMs: number, receivedMs: number): boolean =>
  sensor.exercises.some(
    ({ id, from, to, known }) => id === exercise && from <= atMs && atMs <= to && known <= receivedMs,
  )

export function understand(item: Item, sensor: Sensor, register: Register, receivedMs: number): Understood {
  const derived = derive(item.idea, {
    receivedMs,
    sensorName: sensor.name,
    defaultVerdict: sensor.defaultVerdict,
    mayExercise: (exercise, atMs) => isOpen(sensor, exercise, atMs, receivedMs),
  })
  return {
    item: { off: item.off, len: item.len, repaired: item.repaired },
    derived,
    matches: matchesOf(derived, sensor, register),
    key: eventKey(sensor.id, derived.id),
    flags: flagsOf(derived, item),
  }
}
