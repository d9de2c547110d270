/** What the pipeline knows of one event after it was understood; every source is turned into this by `derive`. */
import type { Net } from '../../values/address.ts'

/** An IDEA0 message as parsed JSON; keys beyond the known ones are kept in the received bytes. */
export type Idea = Record<string, unknown>

export type Lane = 'real' | 'test' | 'exercise'

/** An exercise by the label that its events carry, with the times (ms) at which it begins and ends and was opened. */
export interface ExerciseTime {
  id: string
  from: number
  to: number
  known: number
}

export const verdicts = ['unknown', 'dropped', 'passed', 'partial'] as const
/** Index into `verdicts`; stored as a small number. */
export type VerdictCode = 0 | 1 | 2 | 3

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type SeverityName = (typeof severities)[number]
/** 0 info … 4 critical. */
export type SeverityLevel = 0 | 1 | 2 | 3 | 4

/** One element of Source or Target, reduced to what matching needs. */
export interface End {
  nets: Net[]
  /** Lower-case host names: Hostname, hosts of URL, domains of Email. */
  hosts: string[]
  spoofed: boolean
  backscatter: boolean
  /** Imprecise or Anonymised: a range stands for an unknown part of itself. */
  imprecise: boolean
  types: readonly string[]
}

/** A perimeter key: one address, one range, a host name, or `none`. */
export interface SourceKey {
  text: string
  kind: 'address' | 'range' | 'host' | 'none'
  /** Counts among the day's distinct sources (single address, not spoofed, not special). */
  counted: boolean
}

export interface Derived {
  id: string
  /**
   * Milliseconds since 1970, UTC; microseconds of the sender stay in the received bytes. The receipt stands in for a
   * DetectTime of 1970 (mark `no-time`) or more than ten minutes ahead (`future`), so it always lies in `hour`.
   */
  detectedMs: number
  occurredMs: number
  /** Never before `occurredMs`. */
  endedMs: number
  /** UTC hours since 1970: the bucket in which the event counts. */
  hour: number
  lane: Lane
  exercise: string | null
  /** Older than 30 days at receipt: statistics only, no warnings. */
  archive: boolean
  /** DetectTime more than 10 minutes ahead of receipt. */
  future: boolean
  /**
   * Marks: `no-time`, `future`, `no-zone`, `bad-time` (another time that is none), `no-category`, `unknown-category`,
   * `bad-port`, `bad-count`, `exercise-refused`.
   */
  quality: string[]
  /** Name of the detector in lower case: the last node, scoped under the sensor's name when it has no realm. */
  detector: string
  /** Types of all nodes and of the event, as written. */
  tags: string[]
  /** As written, unknown ones included. */
  categories: readonly string[]
  /** Class without side suffix, as the target's column of the severity table chooses it. */
  targetClass: string
  /** Class without side suffix, chosen by the source's column. */
  sourceClass: string
  targetSeverity: SeverityLevel
  sourceSeverity: SeverityLevel
  /** Elementary hits; 1 to 10^12. */
  weight: number
  verdict: VerdictCode
  /** Share of a partial verdict in millionths (0 when not told); 1000000 for dropped, 0 else. */
  shareMicro: number
  /** Where the verdict was read from; null when nothing told it. */
  verdictCarrier: string | null
  keys: SourceKey[]
  sources: End[]
  targets: End[]
  /** Distinct valid target ports, ascending, at most 64. */
  ports: number[]
  protos: string[]
  confidence: number | null
  tlp: 'RED' | 'AMBER+STRICT' | 'AMBER' | 'GREEN' | 'CLEAR'
}
