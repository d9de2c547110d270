/** The same for tables of what machines fetch. */
import type { Held } from './holding.ts'

export const heldOfExchange: Record<string, Held> = {
  blocklist_items: {
    activity: 'work',
    made: { by: ['closed_by', 'overruled_by'], shows: ['value', 'reason'] },
    erase: 'number',
  },
  blocklist_sources: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['reason', 'added_at', 'ends_at'] },
    erase: 'number',
  },
  blocklist_never: {
    activity: 'work',
    made: { by: ['added_by', 'removed_by'], shows: ['value', 'reason', 'added_at'] },
    erase: 'number',
  },
  blocklist_choices: {
    activity: 'work',
    made: { by: ['changed_by'], shows: ['changed_at'] },
    erase: 'number',
  },
  blocklist_exceptions: {
    activity: 'work',
    made: { by: ['person_id', 'key_by', 'ended_by'], shows: ['value', 'reason', 'made_at', 'ended_at'] },
    erase: 'number',
  },
  group_keys: {
    activity: 'work',
    made: { by: ['made_by', 'revoked_by'], shows: ['label', 'made_at', 'revoked_at'] },
    erase: 'number',
  },
  blocklist_devices: {
    activity: 'work',
    made: {
      by: ['made_by', 'key_by', 'previous_by', 'revoked_by'],
      shows: ['label', 'made_at', 'revoked_at'],
    },
    erase: 'number',
  },
}
