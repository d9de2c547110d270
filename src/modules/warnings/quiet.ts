/** When the same trouble may speak again: repeat thresholds with their relapse windows, and what breaks them early. */
import type { Standing } from './types.ts'

const hour = 3_600_000
const day = 24 * hour

/** By severity, info to critical, in ms: how long nothing is sent about more of the same, and the part of it in which more counts as a relapse. */
export const thresholds = [
  { repeat: 6 * day, relapse: 2 * day },
  { repeat: 6 * day, relapse: 2 * day },
  { repeat: 6 * day, relapse: 2 * day },
  { repeat: day, relapse: 12 * hour },
  { repeat: 2 * hour, relapse: 0 },
] as const

export const critical = 4
/** Updates of one warning come no oftener, unless severity rises. */
export const updateMs = 6 * hour

/** What the last notice said. */
export interface Told {
  severity: number
  passed: boolean
  families: number[]
  /** Events an hour. */
  rate: number
  /** An update is due that came too soon after the last. */
  waiting?: boolean
}

export interface Quiet {
  told: Told | null
  notifiedAt: number | null
  quietUntil: number | null
  /** Evidence before does not count as a relapse. */
  relapseFrom: number | null
  answer: Standing
}

const rateFactor = 10
/** Ten times of almost nothing is still almost nothing. */
const leastRate = 50

/** Has it become another trouble than the one that was told? */
export const isWorse = (told: Told, now: Told): boolean =>
  now.severity > told.severity ||
  (now.passed && !told.passed) ||
  now.families.some((family) => !told.families.includes(family)) ||
  (now.rate >= leastRate && now.rate >= rateFactor * told.rate)

/** Is somebody at it, so that more of the same is no news? */
const inHand = (answer: Standing, severity: number): boolean =>
  answer === 'working' || answer === 'not_affected' || (severity === critical && answer !== 'pending')

/** What evidence up to `last`, looked at now (`at`), calls for: a notice, an update later (`wait`), or nothing. */
export function noticeFor(
  quiet: Quiet,
  now: Told,
  last: number,
  at: number,
): 'new' | 'update' | 'relapse' | 'wait' | null {
  const { told, notifiedAt, quietUntil } = quiet
  if (now.severity === 0) return null
  if (!told || notifiedAt === null) return 'new'
  if (now.severity > told.severity) return 'update'
  if (isWorse(told, now)) return at - notifiedAt >= updateMs ? 'update' : 'wait'
  if (quietUntil !== null && at < quietUntil) return null
  if (quiet.relapseFrom === null ? last <= notifiedAt : last < quiet.relapseFrom) return null
  return inHand(quiet.answer, now.severity) ? null : 'relapse'
}

/** At the end of a threshold: did it go on in the relapse window (critical: at all, and nobody answered)? */
export function isRelapse(warning: {
  severity: number
  answer: Standing
  lastAt: number
  notifiedAt: number
  relapseFrom: number | null
}): boolean {
  if (inHand(warning.answer, warning.severity) || warning.answer === 'done') return false
  if (warning.severity === critical) return warning.lastAt > warning.notifiedAt
  return warning.relapseFrom !== null && warning.lastAt >= warning.relapseFrom
}
