/** Taking an answer back: only where the board leads back, thus from done and not affected to working, with a note. */
import type { Actor } from '../../../platform/access.ts'
import { asActor } from '../../../platform/access.ts'
import type { Context } from '../../../platform/context.ts'
import { NotFound, WrongState } from '../../../platform/errors.ts'
import { type AnswerResult, answer } from '../answers.ts'
import { mayAnswer, transitions } from '../may.ts'
import { getWarning } from '../queries.ts'
import type { WarningRow } from '../types.ts'

const leadsBack = (row: Pick<WarningRow, 'answer'>): boolean =>
  ['done', 'not_affected'].includes(row.answer) && transitions[row.answer].includes('working')

/** The form's address that takes the answer back, or null when it cannot be. */
export function undoOf(actor: Actor, row: Pick<WarningRow, 'id' | 'org' | 'answer'>): string | null {
  return leadsBack(row) && mayAnswer(actor, { org: row.org }, 'working')
    ? `/warnings/${row.id}/answer/withdrawal`
    : null
}

/** Back to working; throws `WrongState` when there is nothing to take back, `NotFound`, `Forbidden`. */
export async function takeBack(
  context: Context,
  actor: Actor,
  id: number,
  why: string,
  now: number,
): Promise<AnswerResult> {
  if (id < 0) throw new NotFound('There is no such warning')
  const row = await asActor(context.db, actor, now, (tx) => getWarning(tx, id))
  if (!leadsBack(row)) throw new WrongState('This answer cannot be taken back')
  return answer(context.db, actor, id, { answer: 'working', note: why, via: 'page' }, now)
}
