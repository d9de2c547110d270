/** The shapes of this module that others read: warnings, their answers, their explanation. Times are ms since 1970. */

export const ruleIds = ['W1', 'W2', 'W3', 'W5', 'W6', 'W7'] as const
export type RuleId = (typeof ruleIds)[number]

/** Codes of `content/rules-text.json`; `warning` stands for an episode that did lead to one. */
export const outcomes = [
  'dropped-only',
  'below-threshold',
  'within-report-threshold',
  'member-filter',
  'research-scanner',
  'warning-list',
  'quiet-class',
  'budget',
  'test',
  'exercise',
  'duplicate',
  'archive-only',
  'no-match',
  'announced-test',
] as const
export type Outcome = (typeof outcomes)[number]

export type WarningState = 'open' | 'closed' | 'reopened'
/** Where the member stands with a warning. */
export type Standing = 'pending' | 'seen' | 'working' | 'done' | 'not_affected'
/** What a person can say; `false_alarm` is done, with feedback. */
export const answerWords = ['seen', 'working', 'done', 'not_affected', 'false_alarm'] as const
export type AnswerWord = (typeof answerWords)[number]
export type Via = 'page' | 'mail' | 'sms' | 'coordinator'

/** One threshold of the rule with the value that was met. */
export interface Met {
  /** Name of the parameter in `content/rules.json`, where its label and unit stand. */
  name: string
  threshold: number
  value: number
}

/** One step of the severity, as in `events/severity.ts`; ours carry a word of this list. */
export interface SeverityStep {
  from: number
  to: number
  why: 'detectors' | 'honeypot' | 'sinkhole' | 'passed' | 'answered' | 'credibility' | 'intrusion' | 'class'
}

export interface Verdicts {
  dropped: number
  passed: number
  partial: number
  unknown: number
}

export interface Explanation {
  rule: RuleId
  version: number
  /** Key of the rule's words in `content/rules-text.json`: the rule or its variant (`W3-raised`). */
  words: string
  /** Places of those words, raw; `kind` and severities are said in the reader's language from `cls` and numbers. */
  params: Record<string, string | number>
  thresholds: Met[]
  steps: SeverityStep[]
  /** Class without side suffix. */
  cls: string | null
  network: { text: string; label: string } | null
  verdicts: Verdicts | null
  events: number
  detectors: { name: string; lowered: boolean }[]
  labels: { list: string; group: string; version: string }[]
  /** Own addresses concerned, the first fifty. */
  hosts: string[]
  /** Foreign addresses or networks concerned, the first fifty. */
  sources: string[]
  ports: number[]
  /** What was already done at the perimeter. */
  done: 'dropped' | 'partly' | 'nothing' | 'unknown'
  /** When event, decision and opening happened, so that speed can be measured. */
  times: { event: number; decided: number }
  /** Only in the coordinators' own warnings: members hit. */
  members?: { id: number; name: string }[]
}

/** How the title sentence is made: `adviceFor(cls, side)` when there is a class, else `ruleText(words)`. */
export interface Title {
  words: string
  cls: string | null
  side: 'source' | 'target'
  verdict: 'unknown' | 'dropped' | 'passed' | 'partial'
  params: Record<string, string | number>
}

export interface WarningRow {
  id: number
  number: string
  org: number | null
  orgName: string | null
  /** The successor that stands for it today, where it was merged. */
  orgNow: string | null
  rule: RuleId
  severity: number
  tlp: 'RED' | 'AMBER+STRICT' | 'AMBER' | 'GREEN' | 'CLEAR'
  state: WarningState
  answer: Standing
  answeredAt: number | null
  answeredBy: string | null
  title: Title
  /** Class without side suffix. */
  cls: string | null
  lane: number
  exercise: string | null
  openedAt: number
  firstAt: number
  lastAt: number
  closedAt: number | null
  changedAt: number
  events: number
  seenBand: string | null
  assignee: string | null
  /** At least one of its episodes still goes on. */
  going: boolean
}

export interface WarningDetail extends WarningRow {
  explanation: Explanation
  key: { id: number; text: string } | null
  sensor: { id: number; name: string } | null
  side: number
  assigneeId: number | null
  firstAnswerAt: number | null
  quietUntil: number | null
  relapseFrom: number | null
  notifiedAt: number | null
  ladderStep: number
  ladderDueAt: number | null
  version: number
}

export type LogKind =
  | 'opened'
  | 'raised'
  | 'relapse'
  | 'merged'
  | 'told'
  | 'answer'
  | 'note'
  | 'question'
  | 'reply'
  | 'assigned'
  | 'closed'
  | 'reopened'
  | 'band'
  | 'ladder'

export interface TimelineItem {
  id: number
  at: number
  kind: LogKind
  person: string | null
  detail: Record<string, unknown>
  /** Written by the organisation for itself alone. */
  internal: boolean
}

export interface Filters {
  /** With a question after which no reply was written. */
  asked?: boolean
  /** `living` is not closed; `concerning` is living and not set aside as none of the member's; `unattended` is living with nobody to answer. */
  state?: 'living' | 'concerning' | 'unattended' | WarningState
  /** At least this severity. */
  severity?: number
  rule?: RuleId
  org?: number
  answer?: Standing
  /** Number, organisation's name, address, class or exercise; case does not matter. */
  text?: string
  /** Only warnings opened in this period. */
  from?: number
  to?: number
  /** True: exercises only; false (the default): none of them. */
  exercise?: boolean
}

/** Where the next page begins: the last row's time of opening and id. */
export interface Cursor {
  at: number
  id: number
}

export interface EpisodeRow {
  id: number
  org: number
  side: number
  family: string
  key: { id: number; text: string }
  firstAt: number
  lastAt: number
  events: number
  verdicts: Verdicts
  severity: number
  targets: number | null
  ports: number[]
  open: boolean
  outcome: string | null
  outcomeDetail: Record<string, unknown>
}

export interface EventRow {
  batch: number
  idx: number
  at: number
  cls: string
  side: number
  source: string
  host: string | null
  peer: string | null
  port: number | null
  verdict: number
  severity: number
  weight: number
  sensor: string | null
  detector: string | null
}

export interface Finding {
  rule: RuleId
  version: number
  org: number | null
  /** What makes two findings one trouble. */
  topic: string
  lane: number
  exercise: string | null
  side: number
  family: number | null
  key: number | null
  sensor: number | null
  severity: number
  title: Title
  explanation: Explanation
  episodes: number[]
  first: number
  last: number
  /** Events an hour, for "ten times the rate". */
  rate: number
}
