/** A row in each table that pages read, and a call of each function that reads for them: what only a right may open. */
import type pg from 'pg'
import { type Hospital, tuesday } from './harness.ts'

/** What the belongings of a hospital leave empty; `$1` the hospital, `$2` the time, `$3` a person. */
const rows = [
  `insert into answers (warning_id, org_id, person_id, answer, counted, via, at) select id, $1, $3, 'seen', true, 'page', $2 from warnings limit 1`,
  `insert into api_keys (key_hash, org_id, label, scopes, made_at, expires_at) select '\\x01', $1, 'x', '{events.read}', $2, 'infinity' where $3::int > 0`,
  `insert into api_key_uses (key_id, on_day, route, uses) select id, $2::date, 'x', 1 from api_keys where $1::int + $3::int > 0`,
  `insert into csaf_documents (warning_id, step, body, sha256, sha512, signature, fingerprint, made_at)
   select id, 900, 'x', repeat('0', 64), repeat('0', 128), 'x', 'x', $2 from written_warnings where $1::int + $3::int > 0 limit 1`,
  `insert into written_sources (warning_id, source_id, version, added_at)
   select max(id), min(id), 1, $2 from written_warnings where $1::int + $3::int > 0`,
  `insert into written_tombstones (warning_id, number, revoked_at, reason, readers)
   select max(id), 'HSOC-2026-9999', $2, 'x', '{2}' from written_warnings where $1::int + $3::int > 0`,
  `insert into written_grants (warning_id, version, tlp, audience, granted_by, granted_at)
   select min(id), 1, 'GREEN', 'all_members', $3, $2 from written_warnings where $1::int > 0`,
  `insert into audit (at, person_id, actor, verb, object, org_id, readers) select $2, $3, 'x', 'x.y', 'x', $1, array[2]`,
  `insert into registry_loads (file_name, sha256, rows, loaded_at) select 'x', repeat('0', 64), 1, $2 where $1::int + $3::int > 0`,
  `insert into registry_entries (load_id, line, net_from, net_to, text, holder) select id, 1, '192.0.2.0', '192.0.2.0', 'x', 'x' from registry_loads where $1::int + $3::int > 0 and $2::timestamptz is not null limit 1`,
  `insert into people_managers (org_id, person_id, given_by, given_at) values ($1, $3, $3, $2)`,
  `insert into contact_checks (point_id, org_id, kind, code_hash, begun_at, expires_at) select id, $1, 'call', '\\x01', $2, 'infinity' from contact_points where $3::int > 0 limit 1`,
  `insert into contact_attestations (org_id, at, by, snapshot, sha256) values ($1, $2, $3, '[]', '\\x01')`,
  `insert into contact_reminders (org_id, due_on, step, sent_at) select $1, $2::date, 'due', $2 where $3::int > 0`,
  `insert into sharing_acceptances (org_id, actor, at) select $1, 'x', $2 where $3::int > 0`,
  `insert into joining_deferrals (org_id, step, reason, person_id, actor, at) values ($1, 'sensor', 'x', $3, 'x', $2)`,
  `insert into match_decisions (org_id, asset_key, product_key, same, asset, product, person_id, actor, at) values ($1, 'x', 'x', true, 'x', 'x', $3, 'x', $2)`,
  `insert into domains (org_id, domain) select $1, 'canary.example' where $2::timestamptz is not null and $3::int is not null`,
  `insert into engagements (person_id, org_id, role, valid_from) values ($3, $1, 'admin', $2)`,
  `insert into exercises (id, title, starts_at, ends_at, created_by, created_at) select 'x', 'x', $2, $2, $3, $2 where $1::int is not null`,
  `insert into group_moderators (group_id, person_id, org_id, appointed_by, appointed_at) values (1, $3, $1, $3, $2)`,
  `insert into seat_choices (group_id, person_id, delivery, changed_at) select 1, $3, 'none', $2 where $1::int is not null`,
  `insert into seat_mutes (group_id, person_id, reason, muted_by, muted_at) select 1, $3, 'x', $3, $2 where $1::int is not null`,
  `insert into key_labels (key_id, list, grp, effect, version, since) select id, 'x', 'x', 'x', 'x', $2 from source_keys where $1::int + $3::int > 0 limit 1`,
  `insert into mail_choices (address_key, singles, changed_at) select address_key(email), false, $2 from people where id = $3 and $1::int > 0`,
  `insert into channel_choices (person_id, channel, least, changed_at) select $3, 'sms', 3, $2 where $1::int is not null`,
  `insert into channel_states (channel, failures, said) select 'sms', 1, 'x' where $1::int + $3::int > 0 and $2::timestamptz is not null`,
  `insert into beats (id, at) select 1, $2 where $1::int + $3::int > 0 on conflict do nothing`,
  `insert into outages (from_at, to_at) select $2::timestamptz - interval '1 hour', $2 where $1::int + $3::int > 0`,
  `insert into push_keys (id, public_key, sealed_key, made_at) select 1, 'x', 'x', $2 where $1::int + $3::int > 0`,
  `insert into short_replies (channel, sender, text, person_id, received_at) select 'sms', '+420777000000', 'x', $3, $2 where $1::int is not null`,
  `insert into short_receipts (provider_id, state, received_at) select 'x', 'DELIVRD', $2 where $1::int + $3::int > 0`,
  `insert into mail_standings (address_key, address, score, scored_at, bounced_at, kind, said, readers, probe_id)
   select address_key(email), email, 3, $2, $2, 'hard', 'x', array[2, 1000 + 4 * $1::int], (select max(id) from deliveries where org_id = $1) from people where id = $3`,
  `insert into mail_keys (address_key, address, fingerprint, public_key, uploaded_at, proved_at, readers)
   select address_key(email), email, repeat('AB', 20), 'x', $2, $2, array[2, 1000 + 4 * $1::int] from people where id = $3`,
  `insert into signing_keys (fingerprint, public_key, sealed_key, made_at, retired_at) select repeat('AB', 20), 'x', 'x', $2, $2 where $1::int + $3::int > 0 on conflict do nothing`,
  `insert into mail_returns (on_day, kind, n) select $2::date, 'unknown', 1 where $1::int + $3::int > 0`,
  `insert into memorandum_versions (number, month, language, title, text, created_at, changed_at) select 900, '2026-03-01', 'cs', 'x', 'x', $2, $2 where $1::int + $3::int > 0`,
  `insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at) values ($1, 'prospect', 'participant', 'x', $3, 'x', $2)`,
  `with other as (insert into organisations (name, kind, created_at, changed_at) values ('x', 'other', $2, $2) returning id)
   insert into organisation_merges (org_id, into_id, from_status, reason, person_id, actor, at) select $1, id, 'participant', 'x', $3, 'x', $2 from other`,
  `with other as (insert into people (email, name, created_at) values ('x-other@people.example', 'x', $2) returning id),
     g as (insert into person_merges (person_id, into_id, reason, asked_by, asker, asked_at) select id, $3, 'x', $3, 'x', $2 from other where $1::int > 0 returning id)
   insert into person_merge_records (merge_id, kind, was_id, is_id) select id, 'contact', 1, 1 from g`,
  `insert into organisation_names (org_id, name, kind, added_at) select $1, 'canary', 'alias', $2 where $3::int > 0`,
  `insert into provider_links (person_id, provider, issuer, subject, linked_at) select $3, 'x', 'x', 'x', $2 where $1::int > 0`,
  `insert into recovery_codes (person_id, hash, created_at) select $3, '\\x01', $2 where $1::int is not null`,
  `insert into rule_settings (rule, version, params, changed_at, reason) select 'W3', 1, '{}', $2, 'x' where $1::int + $3::int > 0`,
  `insert into sector_figures (day, dim, item, events, detections, dropped, known, share, changed_at) select $2::date, 'day', '', 9, 9, 9, 9, 9, $2 where $1::int + $3::int > 0`,
  `insert into sector_seen (key_id, family_id, hour, band, changed_at) select d.key_id, d.class_id, d.hour, '5-9', $2 from detections d where $1::int + $3::int > 0 limit 1`,
  `insert into sensor_batches (sensor_id, run, seq, at) select id, 'x', 1, $2 from sensors where $1::int + $3::int > 0 limit 1`,
  `insert into sensor_certificates (fingerprint, sensor_id, authority, serial, via, issued_at, not_after) select '\\x01', id, '\\x02', '01', 'enrolment', $2, 'infinity' from sensors where $1::int + $3::int > 0 limit 1`,
  `insert into sensor_enrolments (token_hash, sensor_id, made_at, expires_at) select '\\x01', id, $2, 'infinity' from sensors where $1::int + $3::int > 0 limit 1`,
  `insert into sensor_networks (sensor_id, org_id, net_from, net_to, text) select id, $1, '10.0.0.0', '10.0.0.255', '10.0.0.0/24' from sensors where $2::timestamptz is not null and $3::int > 0 limit 1`,
  `insert into sessions (token_hash, person_id, csrf, created_at, seen_at, expires_at) select '\\x01', $3, 'x', $2, $2, 'infinity' where $1::int is not null`,
  `insert into trail_links (seq, audit_id, content, link) select 1, 1, '\\x', '\\x' where $1::int + $3::int > 0 and $2::timestamptz is not null`,
  `insert into trail_reads (org_id, person_id, reader, hour, way, place, first_at, last_at) values ($1, $3, 'x', $2, 'page', '/', $2, $2)`,
  `insert into trail_heads (day, seq, link, sent_at) select $2::date, 1, '\\x', $2 where $1::int + $3::int > 0`,
  `insert into signatories (name, created_at) select 'x', $2 where $1::int + $3::int > 0`,
  `insert into signatory_names (signatory_id, name) select id, 'x' from signatories where $1::int + $3::int > 0 and $2::timestamptz is not null limit 1`,
  `insert into signatures (org_id, version_id, signatory_id, institution, signatory_name, state, created_at, changed_at)
   select $1, v.id, s.id, 'x', 'x', 'declared', $2, $2 from memorandum_versions v, signatories s where $3::int > 0 limit 1`,
  `insert into signature_contacts (signature_id, org_id, address, added_at) select id, $1, 'x@x.example', $2 from signatures where $3::int > 0 limit 1`,
  `insert into signature_lists (sha256, file_name, version_id, uploaded_by, uploaded_at) select repeat('0', 64), 'x', id, 'x', $2 from memorandum_versions where $1::int + $3::int > 0 limit 1`,
  `insert into signature_list_lines (list_id, line, number, institution, signatory, day, email) select id, 1, '', 'x', 'x', '', '' from signature_lists where $1::int + $3::int > 0 and $2::timestamptz is not null limit 1`,
  `insert into totp (person_id, sealed, confirmed_at) select $3, 'x', $2 where $1::int is not null`,
  `insert into plan_date_changes (action_id, old_on, new_on, reason_cs, at, by) select id, '2026-06-30', '2026-09-30', 'x', $2, $3 from plan_actions where $1::int is not null limit 1`,
  `insert into plan_evidence (action_id, kind, label_cs, link, at, by) select id, 'document', 'x', 'https://hsoc.example', $2, $3 from plan_actions where $1::int is not null limit 1`,
  `insert into plan_updates (action_id, at, status, progress, text_cs, by) select id, $2, 'running', 10, 'x', $3 from plan_actions where $1::int is not null limit 1`,
  `insert into training_places (page_id, org_id, attended_at, marked_by) select page_id, $1, $2, $3 from site_occasions limit 1`,
  `insert into duty_simple (org_id, people, always, set_by, set_at, readers) values ($1, array[$3::int], true, $3, $2, array[2, 1000 + 4 * $1::int])`,
  `insert into reach_scores (org_id, score, parts, last_call, reckoned_at) select $1, 62, '{"people": 25, "outOfBand": 20, "always": 0, "lastCall": 10, "attested": 7}', 'late', $2 where $3::int > 0`,
  `insert into duty_policies (org_id, kind, version, repeat, steps, readers, made_by, made_at) values ($1, 'member', 1, 0, '[{"no": 1, "delayMin": 0, "targets": [{"role": "duty"}], "channels": ["mail"]}]', array[2, 1000 + 4 * $1::int], $3, $2)`,
  `with c as (insert into oncall_climbs (kind, cause, org_id, warning_id, severity, notice_kind, policy, state, ended_at, ended_why, round_at, began_at, readers)
     select 'member', 'critical', $1, id, 4, 'new', '{}', 'ended', $2, 'over', $2, $2, array[2, 1000 + 4 * $1::int] from warnings where org_id = $1 and $3::int > 0 limit 1 returning id)
   insert into oncall_steps (climb_id, org_id, round, no, fired_at) select id, $1, 1, 1, $2 from c`,
  `insert into site_showings (org_id, agreed_at, agreed_by) values ($1, $2, $3)`,
  `insert into asset_shares (org_id, agreed_at, agreed_by) values ($1, $2, $3)`,
  `insert into asset_sums (dim, item, pieces, band, changed_at) select 'kind', 'medical', 10, '5–10', $2 where $1::int + $3::int > 0`,
  `insert into support_tables (version, file_name, sha256, rows, loaded_at) select 'x', 'x', 'x', '[]', $2 where $1::int + $3::int > 0`,
  `insert into warning_lists (name, grp, effect, version, entries, loaded_at) select 'x', 'x', 'x', 'x', 1, $2 where $1::int + $3::int > 0`,
  `insert into provider_sessions (token_hash, link_id, orgs, central, id_token) select s.token_hash, l.id, array[$1::int], false, 'x' from sessions s, provider_links l where $2::timestamptz is not null and $3::int > 0 limit 1`,
  `insert into claim_codes (claim_id, code_hash, contact, sent_at, expires_at) select id, '\\x01', 'x@x.example', $2, 'infinity' from claims where $1::int + $3::int > 0 order by id limit 1`,
  `insert into organisation_merge_records (merge_id, kind, was_id, until) select id, 'network', 1, $2 from organisation_merges where $1::int + $3::int > 0 limit 1`,
  `insert into blocklist_choices (org_id, kinds, sources, confidence, max_days, changed_by, changed_at) values ($1, '{ip}', '{campaign}', 1, 9, $3, $2)`,
  `insert into advisory_documents (source_id, url, at) select id, 'https://x.example', $2 from advisory_sources where $1::int + $3::int > 0 limit 1`,
  `insert into match_marks (advisory_id, seq, changed_at, kev, keys, matched_at) select id, 1, $2, false, '{}', $2 from advisories where $1::int + $3::int > 0 limit 1`,
  `insert into match_due (advisory_id, org_id, since) select id, $1, $2 from advisories where $3::int > 0 limit 1`,
  `insert into match_held (advisory_id, vendor, product, names, makers, held_at) select id, '', 'x', 101, 6, $2 from advisories where $1::int + $3::int > 0 limit 1`,
  `insert into advisory_confirmations (advisory_id, seq, written_at) select id, 1, $2 from advisories where $1::int + $3::int > 0 limit 1`,
  `insert into advisory_source_confirmations (source_id, asked_by, asked_at) select id, $3, $2 from advisory_sources where $1::int > 0 limit 1`,
  `insert into match_sums (advisory_id, band, changed_at) select id, '5–10', $2 from advisories where $1::int + $3::int > 0 limit 1`,
  `insert into drill_results (org_id, broadcast_id, kind, at, outcome) select $1, id, 'drill', $2, 'silent' from broadcasts where $3::int > 0 limit 1`,
  `insert into rollcall_policies (version, policy, by, at) select 1, '{"version": 1, "repeat": 0, "steps": [{"no": 1, "delayMin": 0, "targets": [{"role": "duty"}], "channels": ["mail"]}]}', $3, $2 where $1::int > 0`,
  `insert into kev_entries (cve, source_id, vendor, product, name, added_on, ransomware, seen_at) select 'CVE-2026-10001', id, 'x', 'x', 'x', $2::date, false, $2 from advisory_sources where $1::int + $3::int > 0 limit 1`,
]

/** Fills what `seedBelongings` of `hospital` left empty. */
export async function fillRest(owner: pg.Client, hospital: Hospital): Promise<void> {
  const { rows: people } = await owner.query<{ id: number }>(
    'select person_id as id from engagements where org_id = $1 order by id limit 1',
    [hospital.id],
  )
  for (const sql of rows) await owner.query(sql, [hospital.id, new Date(tuesday), people[0]?.id])
}

/** Arguments that ask for the most, by the parameter's name; a new name needs a line here. */
const widest: Record<string, string> = {
  p_after: '0',
  p_upto: '1000000',
  p_limit: '1000',
  p_batch: '(select min(id) from known)',
  p_batches: '(select array_agg(id) from known)',
  p_idx: '0',
  p_from: `'0.0.0.0'`,
  p_to: `'255.255.255.255'`,
  'p_from[]': `'{192.0.2.10}'`,
  'p_to[]': `'{192.0.2.10}'`,
  'p_private[]': `'{false}'`,
  'p_hosts[]': `'{canary.example}'`,
  p_others: 'true',
  p_claim: '(select min(id) from claims)',
  p_invitation: '(select min(id) from invitations)',
  p_token_hash: `'\\x02'`,
  p_now: 'now()',
  p_about: `'invited'`,
  p_address: `'x@x.example'`,
  p_group: '1',
  'p_climbs[]': '(select array_agg(id) from oncall_climbs)',
  p_schedule: '(select min(id) from duty_schedules)',
  p_person: '1',
  p_key_hash: `'\\x02'`,
  p_org: '(select min(id) from organisations)',
  p_scope: `'events.read'`,
  p_route: `'x'`,
  p_org_id: '(select min(org_id) from engagements)',
  // It answers with what it is given, or less.
  'p_scopes[]': 'null',
  'p_orgs[]': '(select array_agg(id) from organisations)',
  p_what: `'deliveries'`,
  p_detail: `'{}'`,
  p_warning: '1',
  p_before: `'infinity'`,
  p_asset: '(select min(id) from assets)',
  p_advisory: '(select min(id) from advisories)',
  p_written: '1',
  p_id: '1',
  'p_more[]': '(select array_agg(id) from written_warnings)',
  p_source: '1',
  p_version: '1',
  'p_ids[]': '(select array_agg(id) from written_passings)',
  p_name: `(select max(name) from organisations)`,
  p_relation: `'client'`,
  p_need: `'x'`,
  p_kind: `'new'`,
  p_topic: `'x'`,
  p_severity: '2',
  p_reason: `'x'`,
  p_rows: `'[]'`,
  p_list: `'ip'`,
  'p_people[]': '(select array_agg(distinct person_id) from engagements)',
}

export interface Called {
  name: string
  sql: string
}

/** A statement for each function that reads past the policies and that the pages' role may call, with `true` for every wish. */
export async function callsOf(owner: pg.Client, batches: number[]): Promise<Called[]> {
  const { rows: functions } = await owner.query<{ name: string; args: string[]; types: string[] }>(
    `select p.proname as name, coalesce(p.proargnames[1:p.pronargs], '{}') as args,
       array(select format_type(t, null) from unnest(p.proargtypes) as t) as types
     from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef and has_function_privilege('hsoc_app', p.oid, 'execute')`,
  )
  return functions.map(({ name, args, types }) => {
    const given = args.map((arg, i) => {
      const type = types[i] as string
      const value =
        type === 'boolean' ? 'true' : ((type.endsWith('[]') ? widest[`${arg}[]`] : undefined) ?? widest[arg])
      if (value === undefined) throw new Error(`Say in test/every-table.ts what to give ${name} as ${arg}`)
      return `${value}::${type}`
    })
    return {
      name,
      sql: `with known as (select unnest('{${batches.join(',')}}'::bigint[]) as id) select r::text as row from ${name}(${given.join(', ')}) as r`,
    }
  })
}
