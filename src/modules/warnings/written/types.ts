/** The shapes of warnings that a person writes. Times are milliseconds since 1970. */
import type { AudienceKind } from '../../../values/audience.ts'
import type { AffectedProduct } from '../../../values/product.ts'
import type { Audience } from '../../../values/scopes.ts'
import type { Tlp } from '../../../values/tlp.ts'

export const kinds = ['info', 'vulnerability', 'campaign', 'emergency'] as const
export type Kind = (typeof kinds)[number]

export type State = 'draft' | 'review' | 'published' | 'revoked' | 'expired'
export type VersionState = 'draft' | 'review' | 'published' | 'past'

/** The title and the three parts, in this order. */
export const parts = ['title', 'happened', 'concerns', 'todo'] as const
export type Part = (typeof parts)[number]
export type Text = Record<Part, string>
export interface Texts {
  cs: Text
  en: Text
}

export type Translation = 'missing' | 'outdated' | 'done'

/** Who of the audience is asked to answer; any rule that holds is enough. */
export interface Rules {
  all: boolean
  /** Addresses, prefixes and ranges, as they are kept. */
  prefixes: string[]
  domains: string[]
  kinds: string[]
  regions: string[]
  /** What hospitals run, as an advisory would name it: compared with inventories, which coordinators do not read. */
  products?: AffectedProduct[]
}

/** How many organisations run it, as coordinators are told: nobody at all, a band from five on, or no number. */
export const ownersWords = ['nobody', 'few', '5–10', '11–20', '21+'] as const
export type OwnersWord = (typeof ownersWords)[number]

/** What an author fills in. */
export interface Draft {
  kind: Kind
  severity: number
  tlp: Tlp
  audience: AudienceKind
  orgs: number[]
  group: number | null
  /** TLP:RED: for whom it is. */
  named: number[]
  texts: Texts
  rules: Rules
  /** `YYYY-MM-DD`: by when to act. */
  actionBy: string | null
  validUntil: number | null
  refs: string
  changeNote: string
  substantive: boolean
  /** The author says that the English text says what the Czech one does. */
  translated: boolean
}

export interface AdvisoryLink {
  id: number
  seq: number
}

export interface Version extends Omit<Draft, 'translated'> {
  id: number
  warning: number
  no: number
  state: VersionState
  translation: Translation
  reviewNote: string
  author: number
  editor: number
  approver: number | null
  authorName: string | null
  editorName: string | null
  approverName: string | null
  periodId: number | null
  /** The advisory that it was made of, and the version of it that this one takes up. */
  advisory: AdvisoryLink | null
  /** How many run what it names; null while nobody looked. */
  owners: OwnersWord | null
  reviewDueAt: number | null
  judgedAt: number | null
  begunAt: number
  changedAt: number
  publishedAt: number | null
}

export interface Written {
  id: number
  number: string | null
  state: State
  /** The published one; 0 while nothing is. */
  version: number
  author: number
  publishedAt: number | null
  endsAt: number | null
  changedAt: number
  revokeAskedBy: number | null
  revokeReason: string | null
  revokedAt: number | null
}

export const answerWords = ['seen', 'not_affected', 'working', 'mitigated', 'done'] as const
export type AnswerWord = (typeof answerWords)[number]
export type Standing = 'pending' | AnswerWord

/** The one choice of an audience out of the fields of a version. */
export function audienceOf(version: Pick<Draft, 'audience' | 'orgs' | 'group'>): Audience {
  if (version.audience === 'organisations') return { kind: 'organisations', orgs: version.orgs }
  if (version.audience === 'group') return { kind: 'group', group: version.group ?? 0 }
  return { kind: version.audience }
}
