/** What is known of one organisation's item when its advisory or its inventory is looked at again. */
import type { Stand } from './judge.ts'
import type { Subject } from './subject.ts'

export type ClosedWhy = 'version' | 'withdrawn' | 'covered' | 'label' | 'assets' | 'rejected' | 'held'

export interface Before {
  id: number
  seq: number
  severity: number
  exploited: boolean
  pieces: number
  answer: string
  closed: boolean
  assets: number[]
}

export interface Settling {
  subject: Subject
  org: number
  stand: Stand
  /** Null while there is no item. */
  before: Before | null
  /** What led here: the advisory itself, or a change of the inventory or of what people said. */
  cause: 'advisory' | 'inventory'
  /** Why there is nothing left, where there is nothing left. */
  silent: ClosedWhy | null
  now: number
}
