/** What the page of one group is drawn from. */
import type { Frame } from '../../../platform/frame.ts'
import type { Group } from '../groups.ts'
import type { OpenInvitation, Request, Seated } from '../roster.ts'
import type { Standing } from '../standing.ts'

export const showDone = [
  'joined',
  'left',
  'accepted',
  'declined',
  'chosen',
  'decided',
  'invited',
  'withdrawn',
  'given',
  'saved',
  'managed',
] as const

export interface Refused {
  form: 'join' | 'own' | 'decide' | 'invite' | 'give'
  given: Record<string, string>
  errors: Record<string, string>
  /** Nothing was wrong with the form, but the state forbids it. */
  problem?: 'changed' | 'last'
}

export interface ShowProps {
  frame: Frame
  group: Group
  standing: Standing
  coordinates: boolean
  /** Null to whoever may not read who sits there. */
  seated: { rows: Seated[]; total: number; next: string | null } | null
  filter: { q: string; after?: string | undefined }
  moderators: string[]
  requests: Request[]
  invitations: OpenInvitation[]
  /** The latest day until which a seat may be given. */
  latest: string
  done: (typeof showDone)[number] | undefined
  refused: Refused | undefined
}
