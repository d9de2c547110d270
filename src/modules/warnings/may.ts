/** Who may answer what, and from where to where an answer leads. Sources: the acknowledgement board of the sharing rule. */
import { type Actor, isCoordinator, type Role, rolesAt } from '../../platform/access.ts'
import type { AnswerWord, Standing } from './types.ts'

const anyReader: Role[] = ['representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager']
const atWork: Role[] = ['representative', 'security_manager', 'admin', 'duty']

/** Roles at the member concerned; coordinators answer on behalf of a member besides. */
export const answerRights = {
  seen: anyReader,
  working: atWork,
  done: atWork,
  not_affected: atWork,
  false_alarm: atWork,
} satisfies Record<AnswerWord, Role[]>

/** Answers that change a standing. Any other is kept, but changes nothing: a later `seen` never undoes `done`. */
export const transitions: Record<Standing, AnswerWord[]> = {
  pending: ['seen', 'working', 'done', 'not_affected', 'false_alarm'],
  seen: ['working', 'done', 'not_affected', 'false_alarm'],
  working: ['done', 'not_affected', 'false_alarm'],
  done: ['working', 'false_alarm'],
  not_affected: ['working'],
}

const notes = {
  pending: [],
  seen: [],
  working: ['not_affected'],
  done: ['working'],
  not_affected: ['working'],
} satisfies Record<Standing, AnswerWord[]>

/** Must the step be explained by a note? */
export const needsNote = (from: Standing, answer: AnswerWord): boolean =>
  (notes[from] as AnswerWord[]).includes(answer)

/** The standing that an answer leads to. */
export const standingOf = (answer: AnswerWord): Standing => (answer === 'false_alarm' ? 'done' : answer)

/** May the actor answer so for the member (null: a warning of the coordinators themselves)? */
export function mayAnswer(actor: Actor, { org }: { org: number | null }, answer: AnswerWord): boolean {
  if (isCoordinator(actor)) return true
  if (org === null) return false
  return rolesAt(actor, org).some((role) => (answerRights[answer] as Role[]).includes(role))
}

/** May the actor announce a test of the member's own, assign its warnings, write on them? */
export const maySpeakFor = (actor: Actor, org: number): boolean =>
  rolesAt(actor, org).some((role) => atWork.includes(role))
