/** What a rule is asked and what it answers. Rules are pure: the same features and thresholds give the same judgement. */
import type { ClassInfo } from '../classbook.ts'
import type { Met, Outcome, SeverityStep, Verdicts } from '../types.ts'

/** One episode of a member as rules see it. */
export interface Features {
  /** 1 own host is the source, 2 it is attacked, 3 both ends are the member's. */
  side: number
  severity: number
  events: number
  verdicts: Verdicts
  classes: ClassInfo[]
  /** Distinct detectors. */
  detectors: number
  /** One of them is a honeypot or a tarpit. */
  honeypot: boolean
  /** Forged or echoed address of our own. */
  spoofed: boolean
  /** The other end is a known sinkhole. */
  sinkhole: boolean
  /** Name of the list of research scanners that holds the source. */
  research: string | null
  /** Every detector of it is often wrong about this class here. */
  lowered: boolean
}

export type Judged =
  | { fires: true; severity: number; steps: SeverityStep[]; thresholds: Met[]; words: string }
  | { fires: false; outcome: Outcome; detail: Record<string, string | number> }

const critical = 4

/** Builds up a severity with its steps told. */
export function grade(start: number): {
  level(): number
  steps: SeverityStep[]
  least(to: number, why: SeverityStep['why']): void
  less(why: SeverityStep['why']): void
} {
  const steps: SeverityStep[] = []
  let level = start
  const move = (to: number, why: SeverityStep['why']): void => {
    steps.push({ from: level, to, why })
    level = to
  }
  return {
    level: () => level,
    steps,
    least: (to, why) => {
      if (level < to) move(to, why)
    },
    less: (why) => {
      if (level > 0 && level < critical) move(level - 1, why)
    },
  }
}

export const below = (rule: string, value: number, threshold: number): Judged => ({
  fires: false,
  outcome: 'below-threshold',
  detail: { rule, value, threshold },
})
