/** Written warnings as programs may fetch them: what is out for the actor of the transaction, and what was taken back from it. */
import type { Queryable } from '../../platform/database.ts'
import type { Tlp } from '../../values/tlp.ts'
import type { Texts, Translation, WrittenKind } from '../warnings/index.ts'

/** `withdrawn`: a narrower version no longer reaches this reader. */
export type Standing = 'out' | 'withdrawn' | 'revoked'

/** One thing told of a warning; steps count from 1 and never change their meaning. */
export interface Step {
  step: number
  kind: Standing
  /** Milliseconds since 1970; later than that of the step before. */
  at: number
  /** What a new version changed. */
  note: string
}

export interface Listed {
  warning: number
  number: string
  /** The present step. */
  step: number
  standing: Standing
  isPublic: boolean
  tlp: Exclude<Tlp, 'RED'>
  group: number | null
  kind: WrittenKind
  severity: number
  /** English may be empty. */
  title: { cs: string; en: string }
  /** Up to the present step. */
  history: Step[]
  firstAt: number
  at: number
}

/** The same with its words. Texts and references are null where it was taken back. */
export interface Released extends Listed {
  texts: Texts | null
  translation: Translation
  /** `YYYY-MM-DD` */
  actionBy: string | null
  refs: string | null
  /** Why it was revoked. */
  reason: string | null
}

/** Before the title of what was taken back, in every language: programs look for it. */
export const goneMark = 'ZRUŠENO:'

const columns = `warning_id as warning, number, step, standing, is_public as "isPublic", tlp, group_id as group, kind, severity, title, history`
const words = 'texts, translation, action_by as "actionBy", refs, reason'

type Row = Record<string, unknown>

/** All that the actor may fetch, what changed last first. */
export async function listed(tx: Queryable): Promise<Listed[]> {
  const { rows } = await tx.query<Listed & Row>(`select ${columns} from released_warnings()`)
  return inOrder(rows)
}

/** Those of these numbers that the actor may fetch, with their words, what changed last first. */
export async function released(tx: Queryable, numbers: string[]): Promise<Released[]> {
  const { rows } = await tx.query<Released & Row>(
    `select ${columns}, ${words} from released_warnings() where number = any ($1)`,
    [numbers],
  )
  return inOrder(rows)
}

const inOrder = <One extends Listed>(rows: One[]): One[] =>
  rows.map(dated).sort((a, b) => b.at - a.at || b.warning - a.warning)

/** Two steps of one moment are told apart by a millisecond: who reads dates needs an order. */
function dated<One extends Listed>(row: One): One {
  const history: Step[] = []
  for (const step of row.history)
    history.push({ ...step, at: Math.max(Math.floor(step.at), (history.at(-1)?.at ?? 0) + 1) })
  return { ...row, history, firstAt: history[0]?.at ?? 0, at: history.at(-1)?.at ?? 0 }
}
