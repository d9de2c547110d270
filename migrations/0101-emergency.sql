-- module: emergency
-- Emergency broadcasts and roll-calls: one message to many organisations, each of which must answer. Whoever writes, releases or ends one is
-- checked by the program, which does it as its own hand; what is read follows the policies below.

create table broadcasts (
  id            int generated always as identity primary key,
  class         text not null check (class in ('test', 'drill', 'warning', 'emergency')),
  state         text not null default 'draft' check (state in ('draft', 'approved', 'sending', 'open', 'closed', 'cancelled')),
  number        text,
  title         text not null check (length(title) <= 120),
  body          text not null check (length(body) <= 4000),
  room          text not null default '' check (length(room) <= 300),
  tlp           text not null check (tlp in ('CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT')),
  orgs          int[],
  kinds         text[] not null default '{}',
  regions       text[] not null default '{}',
  answers       jsonb not null,
  mode          text not null default 'org' check (mode in ('org', 'all', 'quorum')),
  quorum        smallint not null default 1 check (quorum between 1 and 20),
  within_min    int not null check (within_min between 5 and 10080),
  channel       text check (channel in ('mail', 'sms', 'push')),
  with_managers boolean not null default true,
  policy        jsonb,
  deadline_at   timestamptz,
  author_id     int not null references people,
  editor_id     int not null references people,
  approver_id   int references people,
  period_id     int references single_duty_periods,
  review_due_at timestamptz,
  judged_by     int references people,
  judged_at     timestamptz,
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  released_at   timestamptz,
  ended_at      timestamptz,
  ended_by      int references people,
  readers       int[] not null,
  unique (class, number),
  check ((number is null) = (state = 'draft'))
);
comment on table broadcasts is 'A message to many organisations, each of which must answer; what was released is never changed';
comment on column broadcasts.number is 'Within its class and year: 3/2026';
comment on column broadcasts.orgs is 'The chosen organisations; null: all members';
comment on column broadcasts.kinds is 'Of these organisations those of such a kind; empty: of any';
comment on column broadcasts.regions is 'The same by region (NUTS 3)';
comment on column broadcasts.answers is 'Code, words in both languages, whether a note is needed; none for a test of delivery';
comment on column broadcasts.mode is 'What stops an organisation: the first answer, one of each person asked, or of several (quorum)';
comment on column broadcasts.channel is 'Of a test: the one way that it tries';
comment on column broadcasts.policy is 'The steps as they were at the release: what is changed later holds for the next one';
comment on column broadcasts.period_id is 'Released by one person alone in this period';
create index broadcasts_running on broadcasts (id) where state in ('approved', 'sending', 'open');

create table broadcast_numbers (
  class text not null,
  year  int not null check (year between 2020 and 2200),
  last  int not null check (last >= 1),
  primary key (class, year)
);
comment on table broadcast_numbers is 'The last number given in a class and year; a number is never given twice';

create table org_rollcalls (
  broadcast_id int not null references broadcasts on delete cascade,
  org_id       int not null references organisations,
  state        text not null check (state in ('no_contact', 'pending', 'delivered', 'acknowledged', 'answered', 'handed_to_operator')),
  excused      text,
  answer       text check (answer ~ '^[1-9]$'),
  role         text check (role in ('manager', 'representative', 'security_manager', 'duty', 'admin', 'dpo', 'coordinator')),
  person_id    int references people,
  via          text check (via in ('page', 'link', 'sms', 'api', 'coordinator')),
  conflict     boolean not null default false,
  first_at     timestamptz,
  answered_at  timestamptz,
  last_step    smallint not null default 0,
  next_step    smallint,
  next_at      timestamptz,
  asked_again  boolean not null default false,
  primary key (broadcast_id, org_id)
);
comment on table org_rollcalls is 'The board: each organisation asked, and where it stands';
comment on column org_rollcalls.excused is 'Why it is not asked: the reason of its protected window';
comment on column org_rollcalls.answer is 'The answer that stands: a code of the broadcast''s';
comment on column org_rollcalls.first_at is 'When anybody of it first said anything, be it only that it was seen';
comment on column org_rollcalls.next_at is 'When its next step fires; null: no more, or it has answered';
comment on column org_rollcalls.asked_again is 'Seen but not answered, it was asked once more at the deadline';
create index org_rollcalls_due on org_rollcalls (next_at) where next_at is not null;
create index org_rollcalls_org on org_rollcalls (org_id);

create table rollcall_attempts (
  id           bigint generated always as identity primary key,
  broadcast_id int not null references broadcasts on delete cascade,
  org_id       int not null references organisations,
  step         smallint not null,
  round        smallint not null default 0,
  person_id    int references people,
  channel      text not null check (channel in ('mail', 'sms', 'push', 'phone')),
  address      text not null,
  code         text check (code ~ '^[0-9A-Z]{4}$'),
  delivery_id  bigint references deliveries on delete set null,
  reason       text,
  at           timestamptz not null,
  state        text check (state in ('queued', 'sending', 'sent', 'delivered', 'failed', 'bounced', 'unknown', 'held', 'digested', 'dropped')),
  settled_at   timestamptz,
  called_at    timestamptz,
  called_by    int references people,
  unique (broadcast_id, org_id, step, round, channel, address)
);
comment on table rollcall_attempts is 'Who was told by which way in which step; what became of it stands in deliveries until the call ends';
comment on column rollcall_attempts.step is '0: asked once more at the deadline';
comment on column rollcall_attempts.round is 'Above 0: sent again to the silent';
comment on column rollcall_attempts.code is 'By which a reply by text message is known';
comment on column rollcall_attempts.reason is 'Why this way: the others failed';
comment on column rollcall_attempts.state is 'Of the message when the call ended; deliveries are forgotten earlier';
create index rollcall_attempts_org on rollcall_attempts (broadcast_id, org_id);
create index rollcall_attempts_code on rollcall_attempts (address, code) where code is not null;
create index rollcall_attempts_delivery on rollcall_attempts (delivery_id) where delivery_id is not null;

create table rollcall_answers (
  id           int generated always as identity primary key,
  broadcast_id int not null references broadcasts on delete cascade,
  org_id       int not null references organisations,
  person_id    int not null references people,
  role         text not null check (role in ('manager', 'representative', 'security_manager', 'duty', 'admin', 'dpo', 'coordinator')),
  code         text not null check (code ~ '^([1-9]|seen)$'),
  note         text not null default '' check (length(note) <= 2000),
  via          text not null check (via in ('page', 'link', 'sms', 'api', 'coordinator')),
  counted      boolean not null,
  at           timestamptz not null
);
comment on table rollcall_answers is 'Every answer that was given; only added to';
comment on column rollcall_answers.code is 'seen, or a code of the broadcast''s answers';
comment on column rollcall_answers.counted is 'False: kept, but the answer of a higher role stands';
create index rollcall_answers_org on rollcall_answers (broadcast_id, org_id, id);

create table rollcall_links (
  token_hash   bytea primary key,
  delivery_id  bigint not null,
  broadcast_id int not null references broadcasts on delete cascade,
  org_id       int not null references organisations,
  person_id    int not null references people,
  created_at   timestamptz not null,
  revoked_at   timestamptz
);
comment on column rollcall_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';
create index rollcall_links_broadcast on rollcall_links (broadcast_id);

create table rollcall_log (
  id           bigint generated always as identity primary key,
  broadcast_id int not null references broadcasts on delete cascade,
  org_id       int references organisations,
  what         text not null check (what in ('released', 'step', 'moved', 'early', 'handed', 'no_contact', 'answer', 'conflict', 'stray',
    'again', 'deadline', 'called', 'closed', 'cancelled', 'judged')),
  person_id    int references people,
  detail       jsonb not null default '{}',
  at           timestamptz not null
);
comment on table rollcall_log is 'What happened in a call, in its order: the protocol';
create index rollcall_log_broadcast on rollcall_log (broadcast_id, id);

create table rollcall_policies (
  version  int primary key,
  policy   jsonb not null,
  by       int not null references people,
  at       timestamptz not null
);
comment on table rollcall_policies is 'The steps of roll-calls as coordinators set them, each version; without one those that ship with the platform hold';

create table protected_windows (
  id           int generated always as identity primary key,
  org_id       int not null references organisations,
  from_at      timestamptz not null,
  to_at        timestamptz not null check (to_at > from_at),
  reason       text not null check (length(reason) between 3 and 200),
  declared_by  int not null references people,
  declared_at  timestamptz not null,
  withdrawn_at timestamptz
);
comment on table protected_windows is 'When an organisation wants no drill: operations, another crisis';
create index protected_windows_org on protected_windows (org_id, to_at) where withdrawn_at is null;

create table drill_results (
  org_id       int not null references organisations,
  broadcast_id int not null references broadcasts on delete cascade,
  kind         text not null check (kind in ('test', 'drill')),
  at           timestamptz not null,
  outcome      text not null check (outcome in ('in_time', 'late', 'silent', 'excused')),
  primary key (org_id, broadcast_id)
);
comment on table drill_results is 'How each organisation came out of a drill or test that ended; real calls are never here';
create index drill_results_broadcast on drill_results (broadcast_id);

alter table broadcasts enable row level security;
alter table broadcast_numbers enable row level security;
alter table org_rollcalls enable row level security;
alter table rollcall_attempts enable row level security;
alter table rollcall_answers enable row level security;
alter table rollcall_links enable row level security;
alter table rollcall_log enable row level security;
alter table rollcall_policies enable row level security;
alter table protected_windows enable row level security;
alter table drill_results enable row level security;

grant select on broadcasts, org_rollcalls, rollcall_attempts, rollcall_answers, rollcall_log, rollcall_policies, protected_windows, drill_results to hsoc_app;
grant select, insert, update, delete on broadcasts, broadcast_numbers, org_rollcalls, rollcall_attempts, rollcall_answers, rollcall_links,
  rollcall_log, rollcall_policies, protected_windows, drill_results to hsoc_engine;

create policy engine_all on broadcasts to hsoc_engine using (true) with check (true);
create policy engine_all on broadcast_numbers to hsoc_engine using (true) with check (true);
create policy engine_all on org_rollcalls to hsoc_engine using (true) with check (true);
create policy engine_all on rollcall_attempts to hsoc_engine using (true) with check (true);
create policy engine_all on rollcall_answers to hsoc_engine using (true) with check (true);
create policy engine_all on rollcall_links to hsoc_engine using (true) with check (true);
create policy engine_all on rollcall_log to hsoc_engine using (true) with check (true);
create policy engine_all on rollcall_policies to hsoc_engine using (true) with check (true);
create policy engine_all on protected_windows to hsoc_engine using (true) with check (true);
create policy engine_all on drill_results to hsoc_engine using (true) with check (true);

create policy app_reads on broadcasts for select to hsoc_app using (readers && (select actor_scopes()));
-- An organisation sees its own line and nobody else's.
create policy app_reads on org_rollcalls for select to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from broadcasts b where b.id = broadcast_id));
create policy app_reads on rollcall_attempts for select to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from broadcasts b where b.id = broadcast_id));
create policy app_reads on rollcall_answers for select to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from broadcasts b where b.id = broadcast_id));
create policy app_reads on rollcall_log for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on rollcall_policies for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on protected_windows for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on drill_results for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));

-- Whose link it is: known before there is an actor. What the owner may do is decided by its roles of this moment at the organisation.
create function rollcall_link(p_token_hash bytea, p_now timestamptz)
returns table (broadcast_id int, org_id int, revoked boolean, over boolean, person_id int, email text, name text, language text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.broadcast_id, l.org_id, l.revoked_at is not null, b.state not in ('approved', 'sending', 'open'),
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role) order by e.role)
      from engagements e join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.org_id = l.org_id and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'), '[]')
  from rollcall_links l join broadcasts b on b.id = l.broadcast_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$$;

-- Whoever holds a link may make it useless, for example after the mail was sent on.
create function revoke_rollcall_link(p_token_hash bytea, p_now timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  update rollcall_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$$;
revoke all on function rollcall_link(bytea, timestamptz), revoke_rollcall_link(bytea, timestamptz) from public;
grant execute on function rollcall_link(bytea, timestamptz), revoke_rollcall_link(bytea, timestamptz) to hsoc_app;
