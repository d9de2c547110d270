/** The same for tables of calls. */
import type { Held } from './holding.ts'

export const heldOfCalls: Record<string, Held> = {
  broadcasts: {
    activity: 'work',
    made: {
      by: ['author_id', 'editor_id', 'approver_id', 'judged_by', 'ended_by'],
      shows: ['class', 'number', 'state', 'created_at', 'released_at', 'judged_at', 'ended_at'],
    },
    erase: 'number',
  },
  org_rollcalls: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['broadcast_id', 'org_id', 'answer', 'role', 'via', 'answered_at'] },
    erase: 'number',
  },
  rollcall_attempts: {
    activity: 'work',
    about: {
      where: 'person_id = $1',
      shows: ['broadcast_id', 'org_id', 'step', 'channel', 'address', 'at', 'state', 'called_at'],
    },
    made: { by: ['called_by'], shows: ['broadcast_id', 'org_id', 'called_at'] },
    erase: 'deleted',
  },
  rollcall_answers: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['broadcast_id', 'org_id', 'role', 'code', 'note', 'via', 'at'] },
    erase: [{ set: { note: `''` }, where: 'person_id = $1' }],
  },
  rollcall_links: {
    activity: 'mail',
    about: { where: 'person_id = $1', shows: ['broadcast_id', 'org_id', 'created_at', 'revoked_at'] },
    erase: 'deleted',
  },
  rollcall_log: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['broadcast_id', 'org_id', 'what', 'at'] },
    erase: 'number',
  },
  rollcall_policies: {
    activity: 'work',
    made: { by: ['by'], shows: ['version', 'at'] },
    erase: 'number',
  },
  protected_windows: {
    activity: 'work',
    made: { by: ['declared_by'], shows: ['org_id', 'from_at', 'to_at', 'reason', 'declared_at'] },
    erase: 'number',
  },
}
