/** One thing that concerns a reader today, whatever it comes from; and what a source of such things is asked. */
import type { Actor } from '../../platform/access.ts'
import type { Tx } from '../../platform/database.ts'
import type { T } from '../../platform/i18n.ts'
import type { WarningRow } from '../warnings/index.ts'
import type { Things } from '../warnings/pages.ts'

/** What puts it in order among all others. */
export interface Ranked {
  /** Unique among all: `written 7 12`. */
  key: string
  /** 0 to 4. */
  severity: number
  /** How far somebody has taken it. */
  standing: 'pending' | 'seen' | 'working' | 'not_affected' | 'done'
  /** By when to act; ms since 1970. */
  dueAt: number | null
  /** It still goes on. */
  going: boolean
  since: number
}

/** A warning born of detections, which is answered where it stands. */
export interface Detected extends Ranked {
  kind: 'detected'
  org: number | null
  row: WarningRow & { things?: Things }
}

/** Anything else, in the reader's words. */
export interface Told extends Ranked {
  kind: 'written' | 'match' | 'call' | 'drill' | 'task'
  /** Null: not of one organisation. */
  org: number | null
  orgName: string | null
  title: string
  href: string
  /** What it means, in a sentence. */
  say: string
  /** Where it stands, in a word; empty for what has no standing. */
  stands: string
  todo: { label: string; href: string }
}

export type Concern = Detected | Told

export interface Asking {
  actor: Actor
  /** The reader's organisations that are looked at. */
  orgs: number[]
  now: number
  zone: string
  t: T
}

/** Reads as the actor of the transaction; at most some hundreds, the gravest first. */
export type Source = (tx: Tx, asking: Asking) => Promise<Told[]>
