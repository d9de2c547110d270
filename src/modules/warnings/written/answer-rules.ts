/** From where to where an answer leads, and what happens when two people of an organisation say opposite things. */
import type { Actor, Role } from '../../../platform/access.ts'
import { rolesAt } from '../../../platform/access.ts'
import { mayAnswer as mayAnswerWarning } from '../may.ts'
import type { AnswerWord, Standing } from './types.ts'

/** Answers that change where an organisation stands (sharing.md 11.1). Any other is kept, but changes nothing: a later `seen` never undoes `done`. */
export const transitions: Record<Standing, AnswerWord[]> = {
  pending: ['seen', 'not_affected', 'working', 'mitigated', 'done'],
  seen: ['not_affected', 'working', 'mitigated', 'done'],
  // The same again changes a date or a number.
  working: ['working', 'mitigated', 'done', 'not_affected'],
  mitigated: ['mitigated', 'done', 'working', 'not_affected'],
  done: ['working'],
  not_affected: ['working'],
}

const notes: Record<Standing, AnswerWord[]> = {
  pending: [],
  seen: [],
  working: ['not_affected'],
  mitigated: ['working', 'not_affected'],
  done: ['working'],
  not_affected: ['working'],
}

export const needsNote = (from: Standing, answer: AnswerWord): boolean => notes[from].includes(answer)

/** A management that only looks on may answer *seen*; what a warning of detections allows a role, this one does too. */
export const mayAnswer = (actor: Actor, org: number, answer: AnswerWord): boolean =>
  mayAnswerWarning(actor, { org }, answer === 'mitigated' ? 'done' : answer)

/** Higher roles first (emergency.md 4); a coordinator only passes on what somebody said. */
const ranks: Role[] = ['manager', 'representative', 'security_manager', 'duty', 'admin', 'dpo', 'coordinator']

/** Negative when the first role is higher. */
export const byRank = (a: Role, b: Role): number => ranks.indexOf(a) - ranks.indexOf(b)

/** The highest role in which the actor answers for the organisation. */
export const roleAt = (actor: Actor, org: number): Role =>
  rolesAt(actor, org).toSorted(byRank)[0] ?? 'coordinator'

const says = (answer: Standing): boolean => answer !== 'pending' && answer !== 'seen'

/** One says that it concerns them, the other that it does not. */
export const contradict = (a: Standing, b: Standing): boolean =>
  says(a) && says(b) && (a === 'not_affected') !== (b === 'not_affected')
