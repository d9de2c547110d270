/** The same for tables of joining, claims, contacts, duty, groups, federation, merging, break-glass and inventories. */
import type { Held } from './holding.ts'

const own = 'person_id = $1'
const actor: Held['erase'] = [{ set: { actor: '$2' }, where: own }]

/** What in a snapshot of a contact book names the person: address, name of several words, and the values of its points. */
const inSnapshot = `array[$4, case when $5 ~ '\\s' then $5 else $4 end]
  || coalesce((select array_agg(p.value) from contact_points p where p.person_id = $1 and length(p.value) >= 5), '{}')`

export const heldOfMembers: Record<string, Held> = {
  applications: {
    activity: 'account',
    about: {
      where: 'lower(email) = lower($4)',
      shows: ['kind', 'state', 'organisation', 'name', 'position', 'email', 'phone', 'message', 'applied_at'],
    },
    erase: [
      {
        set: { name: '$2', email: '$3', position: `''`, phone: 'null', message: `''` },
        where: 'lower(email) = lower($4)',
      },
    ],
  },
  application_moves: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'step', 'reason', 'at'] },
    erase: actor,
  },
  sharing_acceptances: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'version', 'note', 'at'] },
    erase: actor,
  },
  joining_deferrals: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'step', 'reason', 'at'] },
    erase: actor,
  },
  duty_turns: {
    activity: 'work',
    about: { where: own, shows: ['org_id', 'rule_id'] },
    erase: 'number',
  },
  duty_changes: {
    activity: 'work',
    about: { where: own, shows: ['org_id', 'kind', 'from_at', 'to_at', 'note'] },
    made: { by: ['made_by', 'stand_in'], shows: ['org_id', 'kind', 'from_at', 'to_at'] },
    erase: [{ set: { note: `''` }, where: 'person_id = $1 or stand_in = $1' }],
  },
  duty_feeds: {
    activity: 'work',
    about: { where: own, shows: ['made_at', 'ended_at'] },
    erase: 'deleted',
  },
  duty_simple: {
    activity: 'work',
    about: { where: '$1 = any (people)', shows: ['org_id', 'always', 'set_at'] },
    made: { by: ['set_by'], shows: ['org_id', 'set_at'] },
    erase: 'number',
  },
  duty_policies: {
    activity: 'work',
    made: { by: ['made_by'], shows: ['org_id', 'kind', 'version', 'made_at'] },
    erase: 'number',
  },
  match_decisions: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'asset', 'product', 'same', 'reason', 'at'] },
    erase: actor,
  },
  joining_tests: {
    activity: 'work',
    made: { by: ['asked_by'], shows: ['warning_id', 'org_id', 'at'] },
    erase: 'number',
  },
  organisation_merges: {
    activity: 'work',
    made: { by: ['person_id', 'undone_by'], shows: ['org_id', 'reason', 'at', 'undone_at'] },
    erase: [
      { set: { actor: '$2' }, where: own },
      { set: { undone_actor: '$2' }, where: 'undone_by = $1' },
    ],
  },
  person_merges: {
    activity: 'account',
    about: {
      where: 'person_id = $1 or into_id = $1',
      shows: ['asked_at', 'merged_at', 'ended_at'],
    },
    made: {
      by: ['into_id', 'asked_by', 'decided_by', 'ended_by'],
      shows: ['asked_at', 'merged_at', 'ended_at'],
    },
    erase: [
      {
        set: {
          reason: 'pseudonymised(reason, array[$4, $5], $2)',
          ended_reason: 'pseudonymised(ended_reason, array[$4, $5], $2)',
        },
        where: 'person_id = $1 or into_id = $1',
      },
      { set: { asker: '$2' }, where: 'asked_by = $1' },
      { set: { decider: '$2' }, where: 'decided_by = $1' },
      { set: { ender: '$2' }, where: 'ended_by = $1' },
    ],
  },
  claims: {
    activity: 'work',
    made: { by: ['asked_by', 'decided_by'], shows: ['org_id', 'kind', 'value', 'asked_at', 'decided_at'] },
    erase: 'number',
  },
  claim_holders: {
    activity: 'work',
    made: { by: ['answered_by'], shows: ['org_id', 'answer', 'note', 'answered_at'] },
    erase: 'number',
  },
  claim_codes: {
    activity: 'work',
    about: { where: 'lower(contact) = lower($4)', shows: ['contact', 'sent_at'] },
    erase: [{ set: { contact: '$3' }, where: 'lower(contact) = lower($4)' }],
  },
  registry_entries: {
    activity: 'work',
    about: { where: 'lower(contact) = lower($4)', shows: ['text', 'contact'] },
    erase: [{ set: { contact: 'null' }, where: 'lower(contact) = lower($4)' }],
  },
  // Before the points, of whose values it takes out what stands in the snapshots.
  contact_attestations: {
    activity: 'account',
    made: { by: ['by'], shows: ['org_id', 'at'] },
    erase: [
      {
        set: { snapshot: `pseudonymised(snapshot::text, ${inSnapshot}, $2)::jsonb` },
        where: `pseudonymised(snapshot::text, ${inSnapshot}, $2) <> snapshot::text`,
      },
    ],
  },
  contact_points: {
    activity: 'account',
    about: {
      where: 'person_id = $1 or lower(value) = lower($4)',
      shows: ['org_id', 'name', 'channel', 'value', 'hours', 'added_at', 'verified_at', 'ended_at'],
    },
    made: { by: ['verified_by'], shows: ['org_id', 'verified_at'] },
    erase: [
      {
        set: {
          name: '$2',
          value: '$3',
          ended_at: 'coalesce(ended_at, $6)',
          ended_why: `coalesce(ended_why, 'left')`,
        },
        where: 'person_id = $1 or lower(value) = lower($4)',
      },
    ],
  },
  contact_checks: {
    activity: 'work',
    made: { by: ['begun_by'], shows: ['org_id', 'kind', 'begun_at', 'outcome'] },
    erase: 'number',
  },
  group_invitations: {
    activity: 'account',
    about: { where: 'lower(address) = lower($4)', shows: ['address', 'reason', 'invited_at', 'outcome'] },
    made: { by: ['invited_by'], shows: ['invited_at', 'outcome'] },
    erase: [{ set: { address: '$3' }, where: 'lower(address) = lower($4)' }],
  },
  group_moderators: {
    activity: 'account',
    about: { where: own, shows: ['org_id', 'appointed_at', 'ended_at'] },
    made: { by: ['appointed_by'], shows: ['appointed_at'] },
    erase: 'number',
  },
  seats: {
    activity: 'account',
    about: { where: own, shows: ['org_id', 'way', 'state', 'reason', 'since', 'ends_at'] },
    made: { by: ['given_by', 'decided_by'], shows: ['org_id', 'since', 'decided_at'] },
    erase: 'number',
  },
  seat_choices: {
    activity: 'mail',
    about: { where: own, shows: ['delivery', 'changed_at'] },
    erase: 'deleted',
  },
  seat_mutes: {
    activity: 'account',
    about: { where: own, shows: ['reason', 'muted_at', 'ended_at'] },
    made: { by: ['muted_by'], shows: ['muted_at', 'ended_at'] },
    erase: 'number',
  },
  provider_links: {
    activity: 'signing-in',
    about: { where: own, shows: ['provider', 'issuer', 'subject', 'email', 'linked_at', 'used_at'] },
    erase: 'deleted',
  },
  glass_openings: {
    activity: 'trail',
    made: {
      by: ['person_id', 'ended_by', 'reviewed_by'],
      shows: ['org_id', 'reason', 'opened_at', 'ends_at', 'reviewed_at'],
    },
    erase: [
      { set: { opener: '$2' }, where: own },
      { set: { reviewer: '$2' }, where: 'reviewed_by = $1' },
    ],
  },
  glass_comments: {
    activity: 'trail',
    made: { by: ['person_id'], shows: ['text', 'at'] },
    erase: [{ set: { author: '$2' }, where: own }],
  },
  assets: {
    activity: 'work',
    about: {
      where: `lower(owner) = lower($5) or position(lower($4) in lower(owner || ' ' || note)) > 0`,
      shows: ['org_id', 'owner', 'note', 'changed_at'],
    },
    erase: [
      {
        set: {
          owner: 'left(pseudonymised(owner, array[$4, $5], $2), 200)',
          note: 'left(pseudonymised(note, array[$4, $5], $2), 2000)',
        },
        where: `pseudonymised(owner || note, array[$4, $5], $2) <> owner || note`,
      },
    ],
  },
  asset_changes: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'way', 'at'] },
    erase: [
      { set: { actor: '$2' }, where: own },
      {
        set: {
          before: 'pseudonymised(before::text, array[$4, $5], $2)::jsonb',
          after: 'pseudonymised(after::text, array[$4, $5], $2)::jsonb',
        },
        where: `pseudonymised(before::text || after::text, array[$4, $5], $2) <> before::text || after::text`,
      },
    ],
  },
  match_changes: {
    activity: 'work',
    made: { by: ['person_id'], shows: ['org_id', 'kind', 'role', 'detail', 'at'] },
    erase: [{ set: { actor: '$2' }, where: own }],
  },
  advisory_confirmations: {
    activity: 'work',
    made: { by: ['written_by', 'confirmed_by'], shows: ['advisory_id', 'written_at', 'confirmed_at'] },
    erase: 'number',
  },
  advisory_source_confirmations: {
    activity: 'work',
    made: { by: ['asked_by', 'confirmed_by'], shows: ['source_id', 'asked_at', 'confirmed_at'] },
    erase: 'number',
  },
  advisory_quarantine: {
    activity: 'work',
    made: { by: ['decided_by'], shows: ['source_id', 'reason', 'decision', 'decided_at'] },
    erase: 'number',
  },
  match_held: {
    activity: 'work',
    made: { by: ['released_by'], shows: ['advisory_id', 'product', 'released_at'] },
    erase: 'number',
  },
  asset_imports: {
    activity: 'work',
    made: { by: ['taken_by'], shows: ['org_id', 'file_name', 'taken_at'] },
    erase: [
      { set: { taker: '$2' }, where: 'taken_by = $1' },
      {
        set: {
          lines: 'pseudonymised(lines::text, array[$4, $5], $2)::jsonb',
          refused: 'pseudonymised(refused::text, array[$4, $5], $2)::jsonb',
        },
        where: `pseudonymised(lines::text || refused::text, array[$4, $5], $2) <> lines::text || refused::text`,
      },
    ],
  },
  asset_shares: {
    activity: 'work',
    made: { by: ['agreed_by'], shows: ['org_id', 'agreed_at'] },
    erase: 'number',
  },
}
