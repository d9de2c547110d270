/** What somebody leaves in the tables of calls; the parameters are those of traces-of-members.ts. */
export const tracesOfCalls = (at: number): string[] => [
  `insert into broadcasts (class, title, body, tlp, answers, within_min, author_id, editor_id, created_at, changed_at, readers)
   values ('drill', 'x', 'x', 'GREEN', '[]', 60, $1, $1, $3, $3, '{2}')`,
  `insert into org_rollcalls (broadcast_id, org_id, state, person_id) select max(id), $2, 'pending', $1 from broadcasts`,
  `insert into rollcall_attempts (broadcast_id, org_id, step, person_id, channel, address, at, called_by)
   select max(id), $2, ${at % 1000}, $1, 'mail', $4, $3, $1 from broadcasts`,
  `insert into rollcall_answers (broadcast_id, org_id, person_id, role, code, note, via, counted, at)
   select max(id), $2, $1, 'admin', 'seen', 'x ' || $5::text, 'page', true, $3 from broadcasts`,
  `insert into rollcall_links (token_hash, delivery_id, broadcast_id, org_id, person_id, created_at)
   select '\\x${(at + 6000).toString(16).padStart(4, '0')}', 1, max(id), $2, $1, $3 from broadcasts`,
  `insert into rollcall_log (broadcast_id, org_id, what, person_id, at) select max(id), $2, 'answer', $1, $3 from broadcasts`,
  `insert into rollcall_policies (version, policy, by, at) values (${at + 100}, '{}', $1, $3)`,
  `insert into protected_windows (org_id, from_at, to_at, reason, declared_by, declared_at)
   values ($2, $3, $3::timestamptz + interval '1 hour', 'xxx', $1, $3)`,
]
