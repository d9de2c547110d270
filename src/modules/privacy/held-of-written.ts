/** The same for tables of written warnings and of what climbs until somebody takes it. */
import type { Held } from './holding.ts'

export const heldOfWritten: Record<string, Held> = {
  written_warnings: {
    activity: 'work',
    made: {
      by: ['author_id', 'revoke_asked_by', 'revoked_by'],
      shows: ['number', 'state', 'created_at', 'published_at', 'revoked_at'],
    },
    erase: 'number',
  },
  written_versions: {
    activity: 'work',
    made: {
      by: ['author_id', 'editor_id', 'approver_id', 'judged_by'],
      shows: ['warning_id', 'no', 'state', 'created_at', 'published_at', 'judged_at'],
    },
    erase: 'number',
  },
  written_indicators: {
    activity: 'work',
    made: {
      by: ['proposed_by', 'confirmed_by'],
      shows: [
        'warning_id',
        'version',
        'kind',
        'value',
        'state',
        'proposed_at',
        'confirmed_at',
        'withdrawn_at',
      ],
    },
    erase: 'number',
  },
  written_named: {
    activity: 'work',
    about: { where: 'person_id = $1', shows: ['version_id'] },
    erase: 'deleted',
  },
  written_passings: {
    activity: 'work',
    made: {
      by: ['passed_by', 'ended_by'],
      shows: ['warning_id', 'org_id', 'to_org_id', 'relation', 'need', 'passed_at', 'ended_at'],
    },
    erase: 'number',
  },
  written_passed: {
    activity: 'work',
    about: { where: 'person_id = $1', shows: ['passing_id'] },
    erase: 'deleted',
  },
  written_grants: {
    activity: 'work',
    made: { by: ['granted_by'], shows: ['warning_id', 'tlp', 'audience', 'granted_at', 'withdrawn_at'] },
    erase: 'number',
  },
  written_answers: {
    activity: 'work',
    made: {
      by: ['person_id'],
      shows: ['warning_id', 'org_id', 'role', 'answer', 'planned_on', 'affected', 'note', 'via', 'at'],
    },
    erase: 'number',
  },
  written_steps: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['warning_id', 'org_id', 'note', 'at'] },
    erase: 'number',
  },
  written_links: {
    activity: 'mail',
    about: { where: 'person_id = $1', shows: ['warning_id', 'org_id', 'created_at', 'revoked_at'] },
    erase: 'deleted',
  },
  oncall_climbs: {
    activity: 'work',
    made: { by: ['taken_by'], shows: ['org_id', 'warning_id', 'written_id', 'taken_at'] },
    erase: 'number',
  },
  oncall_steps: {
    activity: 'work',
    about: { where: '$1 = any (people)', shows: ['org_id', 'fired_at'] },
    erase: 'number',
  },
  heartbeats: {
    activity: 'work',
    made: { by: ['made_by'], shows: ['name', 'made_at'] },
    erase: 'number',
  },
  single_duty_periods: {
    activity: 'work',
    made: { by: ['declared_by'], shows: ['starts_at', 'ends_at', 'reason', 'declared_at'] },
    erase: 'number',
  },
}
