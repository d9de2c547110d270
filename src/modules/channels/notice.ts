/** What a module asks to have said about a warning. */
import type { Role } from '../../platform/access.ts'

/** `talk`: one person wrote to another, who waits for it. It comes at once and uses up no limit. */
export type NoticeKind = 'new' | 'update' | 'relapse' | 'sensor' | 'exercise' | 'ladder' | 'talk'

export interface Notice {
  kind: NoticeKind
  /** Names what is said, for example `warning 12 opened`; the same topic is never queued twice for one address. */
  topic: string
  warning: number | null
  /** Instead of it: a warning that a person wrote, in this version. */
  written?: { id: number; version: number }
  /** Of an advisory that concerns an inventory: its row is for that organisation alone. */
  match?: number
  /** Of a `ladder`: the day by which to act instead of silence, or what came to the coordinators' call list. */
  about?: 'deadline' | 'calls'
  /** No news: the mail says it, and no phone. */
  quiet?: boolean
  /** Whose warning it is; null for the coordinators' own. */
  org: number | null
  /** 0 info … 4 critical */
  severity: number
  /** `security`: duty and administrators, else the organisation's contact, else the coordinators; `own`: the same, but never the coordinators; `coordinators`; or people by their roles. */
  to: 'security' | 'own' | 'coordinators' | Role[]
  /** Milliseconds since 1970. */
  now: number
}
