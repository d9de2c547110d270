import { tracesOfCalls } from './traces-of-calls.ts'

/**
 * What somebody leaves in the tables of joining, claims, contacts, groups, federation, merging, break-glass and inventories. `$1` the person, `$2` the
 * hospital, `$3` the time, `$4` the address, `$5` the name, `$6` whoever did things, `$7` another hospital; `at` tells people apart.
 */
export const tracesOfMembers = (at: number): string[] => [
  `insert into applications (kind, language, organisation, org_kind, name, position, email, phone, message, token_hash, token_until, applied_at)
   values ('organisation', 'cs', 'x', 'hospital', $5, 'x', $4, '+420 555 010 300', 'x', '\\x${(at + 2000).toString(16).padStart(4, '0')}', $3, $3)`,
  `insert into application_moves (application_id, step, person_id, actor, at) select max(id), 'applied', $1, $5, $3 from applications`,
  `insert into sharing_acceptances (org_id, version, text_sha256, person_id, actor, at) values ($2, ${(at % 900) + 9}, repeat('0', 64), $1, $5, $3)`,
  `insert into joining_deferrals (org_id, step, reason, person_id, actor, at) values ($2, 'sensor', 'x', $1, $5, $3)
   on conflict (org_id, step) do update set person_id = excluded.person_id, actor = excluded.actor`,
  `insert into match_decisions (org_id, asset_key, product_key, same, asset, product, person_id, actor, at)
   values ($2, 'x', 'x ' || $1::int, false, 'x', 'x', $1, $5, $3)`,
  `insert into organisation_merges (org_id, into_id, from_status, reason, person_id, actor, at, undone_at, undone_reason, undone_by, undone_actor)
   values ($2, $7, 'participant', 'x', $1, $5, $3, $3, 'x', $1, $5)`,
  `insert into person_merges (person_id, into_id, reason, asked_by, asker, asked_at, decided_by, decider, ended_by, ender, ended_reason, ended_at)
   values ($1, $6, 'x ' || $5::text, $1, $5, $3, $1, $5, $1, $5, 'x ' || $4::text, $3)`,
  `insert into claims (org_id, kind, value, contested, asked_by, asked_at, readers) values ($2, 'domain', 'stopa${at}.example', false, $1, $3, '{2}')`,
  `insert into claim_codes (claim_id, code_hash, contact, sent_at, expires_at) select max(id), '\\x01', upper($4), $3, $3 from claims`,
  `insert into registry_loads (sha256, file_name, rows, loaded_at) values (lpad('${at}', 64, '0'), 'x', 1, $3)`,
  `insert into registry_entries (load_id, line, net_from, net_to, text, holder, contact)
   select max(id), 1, '192.0.2.0', '192.0.2.255', '192.0.2.0/24', 'x', $4 from registry_loads`,
  `insert into contact_points (org_id, person_id, name, channel, value, readers, added_at, changed_at) values ($2, $1, $5, 'mail', $4, '{2}', $3, $3)`,
  `insert into contact_attestations (org_id, at, by, snapshot, sha256) values ($2, $3, $1, jsonb_build_array($5::text, $4::text), '\\x01')`,
  `insert into group_invitations (group_id, address, reason, seat_until, invited_by, invited_at, expires_at) select min(id), $4, 'x', $3, $6, $3, $3 from groups`,
  `insert into seat_choices (group_id, person_id, delivery, changed_at) select min(id), $1, 'each', $3 from groups`,
  `insert into provider_links (person_id, provider, issuer, subject, email, linked_at) values ($1, 'x', 'https://x.example', 's${at}', $4, $3)`,
  `insert into glass_openings (org_id, person_id, opener, reason, opened_at, ends_at, review_due_at, readers)
   values ($2, $1, $5, 'důvod dost dlouhý', $3::timestamptz, $3::timestamptz + interval '1 hour', $3::timestamptz, array[2, 1000 + 4 * $2::int])`,
  `insert into duty_schedules (org_id, name, holidays, readers, created_at) values ($2, 'x${at}', 'ignored', '{2}', $3)`,
  `insert into duty_rules (schedule_id, org_id, weekdays, from_clock, to_clock, added_at) select max(id), $2, '{1}', '07:00', '07:00', $3 from duty_schedules`,
  'insert into duty_turns (rule_id, org_id, place, person_id) select max(id), $2, 1, $1 from duty_rules',
  `insert into duty_changes (schedule_id, org_id, kind, person_id, from_at, to_at, note, made_by, made_at)
   select max(id), $2, 'remove', $1, $3, $3::timestamptz + interval '1 day', 'x ' || $5::text, $1, $3 from duty_schedules`,
  `insert into duty_feeds (person_id, token_hash, made_at) values ($1, '\\x${(at + 6000).toString(16).padStart(4, '0')}', $3)`,
  `insert into duty_simple (org_id, people, always, set_by, set_at, readers) values ($2, array[$1::int], true, $1, $3, '{2}')
   on conflict (org_id) do update set people = excluded.people, set_by = excluded.set_by`,
  `insert into duty_policies (org_id, kind, version, repeat, steps, readers, made_by, made_at) values ($2, 'member', ${at}, 0, '[]', '{2}', $1, $3)`,
  `insert into written_warnings (author_id, created_at, changed_at, readers, readers_after) values ($6, $3, $3, '{2}', '{2}')`,
  `insert into written_versions (warning_id, no, state, kind, severity, tlp, audience, texts, translation, rules, readers, author_id, editor_id, created_at, changed_at)
   select max(id), 1, 'draft', 'info', 1, 'RED', 'coordinators', '{}', 'missing', '{}', '{2}', $6, $6, $3, $3 from written_warnings`,
  `insert into written_indicators (warning_id, version, kind, value, tlp, readers, proposed_by, proposed_at)
   select max(id), 1, 'domain', 'evil.example', 'RED', '{2}', $6, $3 from written_warnings`,
  'insert into written_named (version_id, person_id) select max(id), $1 from written_versions',
  `insert into written_passings (warning_id, version, org_id, to_org_id, relation, need, people, passed_by, passed_at)
   select max(id), 1, $2, $7, 'supplier', 'x', 1, $1, $3 from written_warnings`,
  `insert into written_steps (warning_id, org_id, version, kind, person_id, at) select max(id), $2, 1, 'call', $1, $3 from written_warnings`,
  'insert into written_passed (passing_id, person_id) select max(id), $1 from written_passings',
  `insert into written_grants (warning_id, version, tlp, audience, granted_by, granted_at) select max(id), 1, 'GREEN', 'all_members', $1, $3 from written_warnings`,
  `insert into written_links (token_hash, delivery_id, warning_id, org_id, person_id, created_at)
   select '\\x${(at + 4000).toString(16).padStart(4, '0')}', 1, max(id), $2, $1, $3 from written_warnings`,
  `with c as (insert into oncall_climbs (kind, cause, written_id, severity, notice_kind, policy, state, taken_by, ended_at, ended_why, round_at, began_at, readers)
     select 'csirt', 'review', max(id), 4, 'ladder', '{}', 'ended', $1, $3, 'over', $3, $3, '{2}' from written_warnings returning id)
   insert into oncall_steps (climb_id, round, no, fired_at, people) select id, 1, 1, $3, array[$1::int] from c`,
  `insert into heartbeats (name, interval_min, grace_min, token_hash, made_by, made_at) select 'stopa', 60, 15, '\\x${(at + 5000).toString(16).padStart(4, '0')}', $1, $3`,
  ...tracesOfCalls(at),
  'insert into glass_comments (opening_id, person_id, author, text, at) select max(id), $1, $5, $6::text, $3 from glass_openings',
  `insert into assets (org_id, kind, vendor, product, owner, note, source, created_at, changed_at)
   values ($2, 'medical', 'x', 'x', $5, 'zavolat ' || $4::text, 'hand', $3, $3)`,
  `insert into asset_imports (org_id, file_name, format, sha256, lines, refused, taken_by, taker, taken_at)
   values ($2, 'x', 'table', lpad('${at}', 64, '0'), jsonb_build_array($5::text), jsonb_build_array($4::text), $1, $5, $3)`,
  `insert into asset_changes (asset_id, org_id, at, person_id, actor, way, before, after)
   select max(id), $2, $3, $1, $5, 'changed', jsonb_build_object('owner', $5::text), jsonb_build_object('note', $4::text) from assets`,
  `insert into advisory_sources (kind, label, url, tlp, every_minutes, created_at, changed_at, due_at) values ('csaf-file', 'stopa ${at}', null, 'CLEAR', 60, $3, $3, $3)`,
  `insert into advisories (source_id, kind, namespace, tracking_id, publisher, seq, version, state, title, tlp, readers, says_exploited,
     patient_safety, words, content_hash, released_at, revised_at, taken_at, changed_at)
   select max(id), 'hand', 'x', 'stopa ${at}', 'x', 1, '1', 'final', 'x', 'CLEAR', '{1}', false, false, 'x', 'x', $3, $3, $3, $3 from advisory_sources`,
  `insert into match_items (org_id, advisory_id, seq, severity, exploited, patient_safety, sure, pieces, departments, confirmed, opened_at, changed_at)
   select $2, max(id), 1, 3, false, false, 1, 1, 1, false, $3, $3 from advisories`,
  `insert into match_changes (item_id, org_id, at, kind, person_id, actor, role, detail) select max(id), $2, $3, 'answer', $1, $5, 'admin', '{}' from match_items`,
  `insert into match_held (advisory_id, vendor, product, names, makers, held_at, released_by, released_at)
   select max(id), '', 'x', 101, 6, $3, $1, $3 from advisories`,
  `insert into advisory_source_confirmations (source_id, asked_by, asked_at) select max(id), $1, $3 from advisory_sources`,
  `insert into advisory_quarantine (source_id, url, reason, sha256, at, decided_at, decision, decided_by) select max(id), 'stopa ${at}', 'invalid', 'x', $3, $3, 'discarded', $1 from advisory_sources`,
  `insert into advisory_confirmations (advisory_id, seq, written_by, written_at) select max(id), 1, $1, $3 from advisories`,
]
