/**
 * What every table holds of people: which rows are about a person or were made by one, what of them the person is shown, and
 * what erasure does to them. held.test.ts fails on a table, or on a column that refers to a person, that is not declared here.
 */

import { heldOfCalls } from './held-of-calls.ts'
import { heldOfExchange } from './held-of-exchange.ts'
import { heldOfMembers } from './held-of-members.ts'
import { heldOfWritten } from './held-of-written.ts'
import type { Held } from './holding.ts'

const own = 'person_id = $1'
const about = (...shows: string[]): NonNullable<Held['about']> => ({ where: own, shows })
const made = (by: string, ...shows: string[]): NonNullable<Held['made']> => ({ by: [by], shows })

export const held: Record<string, Held> = {
  ...heldOfMembers,
  ...heldOfWritten,
  ...heldOfExchange,
  ...heldOfCalls,
  people: {
    activity: 'account',
    about: { where: 'id = $1', shows: ['email', 'name', 'language', 'digest', 'created_at', 'disabled_at'] },
    // Accounts of the same human that were merged into this one.
    made: { by: ['merged_into'], shows: ['email', 'name', 'created_at', 'disabled_at'] },
    erase: [
      {
        set: {
          email: '$3',
          name: '$2',
          password_hash: 'null',
          digest: `'daily'`,
          disabled_at: 'coalesce(disabled_at, $6)',
          erased_at: '$6',
        },
        where: 'id = $1',
      },
    ],
    period: 'people',
  },
  engagements: {
    activity: 'account',
    about: about('org_id', 'role', 'valid_from', 'valid_to'),
    erase: 'number',
  },
  people_managers: {
    activity: 'account',
    about: about('org_id', 'given_at', 'ended_at'),
    made: made('given_by', 'org_id', 'given_at', 'ended_at'),
    erase: 'number',
  },
  invitations: {
    activity: 'account',
    about: about('org_id', 'name', 'role', 'created_at', 'expires_at', 'ended_at', 'outcome'),
    made: made('invited_by', 'org_id', 'role', 'created_at', 'ended_at', 'outcome'),
    erase: [{ set: { name: '$2' }, where: own }],
    period: 'invitations',
  },
  sessions: {
    activity: 'signing-in',
    about: about('created_at', 'seen_at', 'expires_at', 'address', 'agent', 'ways'),
    erase: 'deleted',
  },
  devices: {
    activity: 'signing-in',
    about: about('first_at', 'seen_at'),
    erase: 'deleted',
    period: 'devices',
  },
  passkeys: {
    activity: 'signing-in',
    about: about('name', 'backed_up', 'created_at', 'used_at'),
    erase: 'deleted',
  },
  totp: { activity: 'signing-in', about: about('confirmed_at'), erase: 'deleted' },
  recovery_codes: { activity: 'signing-in', about: about('created_at', 'used_at'), erase: 'deleted' },
  password_resets: {
    activity: 'signing-in',
    about: about('created_at', 'expires_at', 'used_at'),
    erase: 'deleted',
  },
  recoveries: {
    activity: 'signing-in',
    about: about('org_id', 'reason', 'proposed_at', 'confirmed_at', 'withdrawn_at', 'used_at'),
    made: {
      by: ['proposed_by', 'confirmed_by'],
      shows: ['org_id', 'proposed_at', 'confirmed_at', 'withdrawn_at'],
    },
    erase: [{ set: { reason: '$2' }, where: own }],
    period: 'recoveries',
  },
  mail_choices: {
    activity: 'mail',
    about: { where: 'address_key = address_key($4)', shows: ['singles', 'digest', 'changed_at'] },
    erase: 'deleted',
  },
  mail_standings: {
    activity: 'mail',
    about: {
      where: 'address_key = address_key($4)',
      shows: ['address', 'kind', 'said', 'bounced_at', 'suspended_at'],
    },
    erase: 'deleted',
  },
  mail_keys: {
    activity: 'mail',
    about: {
      where: 'address_key = address_key($4)',
      shows: ['address', 'fingerprint', 'uploaded_at', 'proved_at', 'expires_at'],
    },
    erase: 'deleted',
  },
  channel_choices: {
    activity: 'mail',
    about: about('channel', 'least', 'quiet_from', 'quiet_to', 'changed_at'),
    erase: 'deleted',
  },
  push_devices: {
    activity: 'mail',
    about: about('name', 'endpoint', 'added_at', 'seen_at', 'told_at', 'gone_at'),
    erase: 'deleted',
  },
  webhooks: {
    activity: 'work',
    made: { by: ['made_by'], shows: ['org_id', 'name', 'host', 'made_at', 'disabled_at'] },
    erase: 'number',
  },
  short_replies: {
    activity: 'mail',
    about: about('channel', 'sender', 'text', 'received_at'),
    made: made('settled_by', 'received_at', 'settled_at'),
    erase: 'deleted',
    period: 'deliveries',
  },
  deliveries: {
    activity: 'mail',
    about: about('kind', 'org_id', 'address', 'state', 'decided_at', 'sent_at', 'opened_at'),
    erase: [
      {
        set: {
          address: '$3',
          reply: 'null',
          state: `case when state in ('queued', 'held') then 'dropped' else state end`,
          detail: `case when kind = 'account' then '{}' else detail end`,
        },
        where: 'person_id = $1 or lower(address) = lower($4)',
      },
      {
        set: { detail: `jsonb_set(detail, '{by}', to_jsonb($2::text))` },
        where: `kind = 'account' and detail->>'by' = $5`,
      },
    ],
    period: 'deliveries',
  },
  action_links: {
    activity: 'mail',
    about: about('warning_id', 'actions', 'created_at', 'revoked_at'),
    erase: 'deleted',
  },
  answers: {
    activity: 'work',
    made: made('person_id', 'warning_id', 'org_id', 'answer', 'via', 'note', 'at'),
    erase: 'number',
  },
  warning_log: {
    activity: 'work',
    made: made('person_id', 'warning_id', 'at', 'kind', 'detail'),
    erase: 'number',
  },
  warnings: {
    activity: 'work',
    made: { by: ['answered_by', 'assignee_id'], shows: ['number', 'org_id', 'answered_at'] },
    erase: 'number',
  },
  announced_tests: {
    activity: 'work',
    made: made('announced_by', 'org_id', 'text', 'starts_at', 'ends_at', 'note', 'announced_at'),
    erase: 'number',
  },
  exercises: {
    activity: 'work',
    made: made('created_by', 'title', 'starts_at', 'ends_at', 'created_at'),
    erase: 'number',
  },
  rule_settings: {
    activity: 'work',
    made: made('changed_by', 'rule', 'version', 'reason', 'changed_at'),
    erase: 'number',
  },
  retention_periods: {
    activity: 'work',
    made: made('changed_by', 'what', 'days', 'reason', 'changed_at'),
    erase: 'number',
  },
  api_keys: {
    activity: 'work',
    made: {
      by: ['made_by', 'revoked_by'],
      shows: ['org_id', 'label', 'made_at', 'expires_at', 'revoked_at'],
    },
    erase: 'number',
  },
  organisation_moves: {
    activity: 'work',
    made: made('person_id', 'org_id', 'from_status', 'to_status', 'reason', 'at'),
    erase: [{ set: { actor: '$2' }, where: own }],
  },
  organisations: {
    activity: 'account',
    about: { where: 'lower(contact_email) = lower($4)', shows: ['name', 'contact_email'] },
    erase: [{ set: { contact_email: 'null' }, where: 'lower(contact_email) = lower($4)' }],
  },
  sensors: {
    activity: 'sensors',
    about: { where: 'strpos(lower(contact), lower($4)) > 0', shows: ['name', 'contact'] },
    erase: [{ set: { contact: 'null' }, where: 'strpos(lower(contact), lower($4)) > 0' }],
  },
  sensor_enrolments: {
    activity: 'sensors',
    made: made('made_by', 'sensor_id', 'made_at', 'used_at', 'withdrawn_at'),
    erase: 'number',
  },
  sensor_certificates: {
    activity: 'sensors',
    made: made('revoked_by', 'sensor_id', 'revoked_at'),
    erase: 'number',
  },
  signatories: { activity: 'memorandum', erase: 'kept' },
  signatory_names: { activity: 'memorandum', erase: 'kept' },
  signatures: { activity: 'memorandum', erase: 'kept' },
  signature_contacts: {
    activity: 'memorandum',
    about: { where: 'lower(address) = lower($4)', shows: ['org_id', 'address', 'added_at'] },
    erase: 'deleted',
  },
  signature_lists: {
    activity: 'memorandum',
    made: { by: [], shows: [] },
    erase: ['uploaded_by', 'applied_by'].map((column) => ({
      set: { [column]: '$2' },
      where: `${column} in ($5, $4)`,
    })),
  },
  signature_list_lines: {
    activity: 'memorandum',
    about: { where: 'lower(email) = lower($4)', shows: ['institution', 'signatory', 'email'] },
    erase: [{ set: { email: `''` }, where: 'lower(email) = lower($4)' }],
    says: 'address',
  },
  site_pages: {
    activity: 'public-web',
    made: made('created_by', 'slug_cs', 'slug_en', 'created_at'),
    erase: 'number',
  },
  site_versions: {
    activity: 'public-web',
    made: made('saved_by', 'title', 'lang', 'saved_at'),
    erase: 'number',
  },
  training_places: {
    activity: 'work',
    about: about('org_id', 'asked_at', 'withdrawn_at', 'attended_at'),
    made: made('marked_by', 'org_id', 'attended_at'),
    erase: 'number',
  },
  site_showings: { activity: 'public-web', made: made('agreed_by', 'org_id', 'agreed_at'), erase: 'number' },
  plan_goals: { activity: 'public-web', made: made('created_by', 'title_cs', 'created_at'), erase: 'number' },
  plan_actions: {
    activity: 'public-web',
    made: made('created_by', 'title_cs', 'created_at'),
    erase: 'number',
  },
  plan_updates: { activity: 'public-web', made: made('by', 'text_cs', 'at'), erase: 'number' },
  plan_evidence: { activity: 'public-web', made: made('by', 'label_cs', 'at'), erase: 'number' },
  plan_date_changes: {
    activity: 'public-web',
    made: made('by', 'old_on', 'new_on', 'reason_cs', 'at'),
    erase: 'number',
  },
  audit: {
    activity: 'trail',
    about: { where: `object = 'person ' || $1`, shows: ['at', 'verb', 'org_id', 'detail'] },
    // What was given besides often names somebody else: the person invited, added, told.
    made: made('person_id', 'at', 'verb', 'object', 'org_id'),
    erase: 'trail',
  },
  trail_reads: {
    activity: 'trail',
    made: made('person_id', 'org_id', 'way', 'place', 'object', 'times', 'first_at', 'last_at'),
    // A person may have had two names within an hour; the rows stay apart.
    erase: [{ set: { reader: `$2 || case when reader = $5 then '' else ' ' || id end` }, where: own }],
    period: 'reads',
  },
}
