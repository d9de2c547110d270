/** What really happened in a simulated day; kept apart from the events, which carry no mark of it. */
import type { SeverityName } from '../event.ts'

export type IncidentKind = 'own-host' | 'got-through' | 'campaign' | 'slow-scan' | 'volume' | 'sensor-silent'

export type RuleId = 'W1' | 'W2' | 'W3' | 'W5' | 'W6' | 'W7'

export interface Incident {
  /** Of the truth only; never in an event. */
  id: string
  kind: IncidentKind
  /** Variation within the kind, for people who read the truth. */
  variant: string
  /** Slugs of the organisations that must be told; empty = the coordinators only. */
  organisations: string[]
  /** The rule expected to speak, and others whose notice is as good. */
  rule: RuleId
  alsoBy: RuleId[]
  minSeverity: SeverityName
  /** Foreign addresses, and the /24 where a whole network acts. */
  sources: string[]
  /** The members' own hosts concerned. */
  hosts: string[]
  sensor: string | null
  fromMs: number
  toMs: number
  /** Messages that belong to it. */
  events: number
  /** The rule needs earlier days (habit of a sensor, usual hour of a member). */
  needsHistory: boolean
}
