/** The shapes of broadcasts and roll-calls. Times are milliseconds since 1970. */
import type { Role } from '../../platform/access.ts'
import type { Policy } from '../duty/index.ts'

export const classes = ['test', 'drill', 'warning', 'emergency'] as const
export type Class = (typeof classes)[number]

export const broadcastStates = ['draft', 'approved', 'sending', 'open', 'closed', 'cancelled'] as const
export type State = (typeof broadcastStates)[number]

/** While answers are taken and steps fire. */
export const running: State[] = ['approved', 'sending', 'open']

export const tlps = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT'] as const
export type CallTlp = (typeof tlps)[number]

export const modes = ['org', 'all', 'quorum'] as const
export type Mode = (typeof modes)[number]

export interface Answer {
  /** A digit. */
  code: string
  cs: string
  en: string
  needsNote: boolean
}

/** Emergency.md 4; the same for every call unless its author says otherwise. */
export const usualAnswers: Answer[] = [
  { code: '1', cs: 'Bez dopadu', en: 'No impact', needsNote: false },
  { code: '2', cs: 'Jsme zasaženi', en: 'We are affected', needsNote: false },
  { code: '3', cs: 'Potřebujeme pomoc', en: 'We need help', needsNote: false },
  { code: '4', cs: 'Zatím nevíme', en: 'We do not know yet', needsNote: false },
]

/** The ways that a test can try. */
export const testWays = ['mail', 'sms', 'push'] as const
type TestWay = (typeof testWays)[number]

/** What an author fills in. */
export interface Draft {
  class: Class
  title: string
  body: string
  /** Where people meet: a permanent room, a telephone conference. */
  room: string
  tlp: CallTlp
  /** Null: all members. */
  orgs: number[] | null
  kinds: string[]
  regions: string[]
  answers: Answer[]
  mode: Mode
  quorum: number
  /** Minutes from the release to the deadline. */
  withinMin: number
  /** Of a test: the one way that it tries. */
  channel: TestWay | null
  /** A drill may leave managers alone. */
  withManagers: boolean
}

export interface Broadcast extends Draft {
  id: number
  /** The warning that it asks about, and its number where the reader may read it. */
  written: number | null
  writtenNumber: string | null
  state: State
  number: string | null
  policy: Policy | null
  deadlineAt: number | null
  author: number
  editor: number
  approver: number | null
  authorName: string | null
  approverName: string | null
  periodId: number | null
  reviewDueAt: number | null
  judgedAt: number | null
  changedAt: number
  releasedAt: number | null
  endedAt: number | null
}

export const orgStates = [
  'no_contact',
  'pending',
  'delivered',
  'acknowledged',
  'answered',
  'handed_to_operator',
] as const
export type OrgState = (typeof orgStates)[number]

export const viaWords = ['page', 'link', 'sms', 'api', 'coordinator'] as const
export type Via = (typeof viaWords)[number]

export interface OrgLine {
  org: number
  name: string
  kind: string
  region: string | null
  phone: string | null
  state: OrgState
  excused: string | null
  answer: string | null
  role: Role | null
  person: string | null
  via: Via | null
  conflict: boolean
  firstAt: number | null
  answeredAt: number | null
  lastStep: number
  nextAt: number | null
}

/** `seen` says only that somebody read it. */
export const seen = 'seen'

export const isRunning = ({ state }: Pick<Broadcast, 'state'>): boolean => running.includes(state)
