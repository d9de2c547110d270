/** What a rebuild is asked for, carries along and tells. */
import type { Register } from '../members/index.ts'
import type { Dictionary } from './dictionary.ts'
import type { Hours } from './recount.ts'
import type { Sensor } from './sensors.ts'

export interface Rebuilt {
  batches: number
  events: number
  /** Rows that differ from what the bytes give now; with `check` nothing was changed. */
  differing: { events: number; detections: number; totals: number; episodes: number }
  /** Events whose bytes cannot be read any more; their rows stay as they are. */
  unreadable: number
  examples: string[]
  /** Days that were left alone, because their events were forgotten at least in part. */
  purged: string[]
}

export interface RebuildOptions {
  zone: string
  check: boolean
  /** The hours to look at; all of them when left out. */
  hours?: Hours
  progress?(step: 'events' | 'sums' | 'episodes', done: number, total: number | null): void
}

const mostExamples = 10

export interface Work {
  options: RebuildOptions
  now: number
  result: Rebuilt
  /** Hours of forgotten days. */
  without: Set<number>
  hours: Hours
  sensors: Map<number, Sensor>
  register: Register
  dictionary: Dictionary
}

export function example(work: Work, sentence: string): void {
  if (work.result.examples.length < mostExamples) work.result.examples.push(sentence)
}
