-- module: members
-- The contact book: whom to reach at an organisation for what, by which channel and in which order.

create table contact_points (
  id              int generated always as identity primary key,
  org_id          int not null references organisations,
  person_id       int references people,
  name            text not null check (length(name) between 1 and 100),
  channel         text not null check (channel in ('mail', 'phone', 'sms', 'other')),
  value           text not null check (length(value) between 1 and 254),
  hours           text not null default '' check (length(hours) <= 100),
  round_the_clock boolean not null default false,
  readers         int[] not null,
  agreed_at       timestamptz,
  added_at        timestamptz not null,
  changed_at      timestamptz not null,
  verified_at     timestamptz,
  verified_by     int references people,
  verified_how    text check (verified_how in ('mail', 'call')),
  ended_at        timestamptz,
  ended_why       text check (ended_why in ('removed', 'left')),
  check ((ended_at is null) = (ended_why is null)),
  check ((verified_at is null) = (verified_how is null))
);
comment on table contact_points is 'One way to reach somebody at an organisation; ended rather than deleted';
comment on column contact_points.person_id is 'Null for a function (a switchboard) and for somebody without an account';
comment on column contact_points.name is 'Of the person or the function, as the book shows it also to readers who may not see the person''s record';
comment on column contact_points.value is 'An address; a number as E.164; for other channels what the organisation wrote';
comment on column contact_points.readers is 'Who may read any of its entries';
comment on column contact_points.agreed_at is 'When the person agreed that other members see it; a function needs no agreement';
comment on column contact_points.verified_at is 'When somebody proved to be reached by this very value; a change of it takes that back';
comment on column contact_points.ended_why is 'left: the person stopped acting for the organisation';
create index contact_points_org on contact_points (org_id) where ended_at is null;
create index contact_points_person on contact_points (person_id) where person_id is not null;

create table contact_entries (
  id         int generated always as identity primary key,
  point_id   int not null references contact_points,
  org_id     int not null references organisations,
  purpose    text not null check (purpose in ('security', 'technical', 'out_of_hours', 'management', 'data_protection')),
  place      int not null,
  visibility text not null check (visibility in ('own', 'coordinators', 'members')),
  readers    int[] not null,
  ended_at   timestamptz
);
comment on table contact_entries is 'What a contact point is for; the place says who is tried first';
comment on column contact_entries.visibility is 'The owner''s choice: its own people, the coordinators too, or all members';
comment on column contact_entries.readers is 'What follows of visibility and the person''s agreement (src/values/scopes.ts)';
create unique index contact_entries_one on contact_entries (point_id, purpose) where ended_at is null;
create index contact_entries_org on contact_entries (org_id, purpose, place) where ended_at is null;

create table contact_checks (
  id         int generated always as identity primary key,
  point_id   int not null references contact_points,
  org_id     int not null references organisations,
  kind       text not null check (kind in ('mail', 'call')),
  code_hash  bytea not null unique,
  begun_at   timestamptz not null,
  begun_by   int references people,
  expires_at timestamptz not null,
  tries      int not null default 0,
  ended_at   timestamptz,
  outcome    text check (outcome in ('verified', 'replaced', 'refused', 'changed')),
  check ((ended_at is null) = (outcome is null))
);
comment on table contact_checks is 'Proofs under way that a contact point reaches somebody: a link by mail, or a code that a coordinator read out over a call';
comment on column contact_checks.code_hash is 'SHA-256 of the link''s token; of a code, which is short, the installation''s MAC with the check''s point and time';
comment on column contact_checks.begun_by is 'Who asked for the mail, or who called';
comment on column contact_checks.tries is 'Wrong codes; at five the check is over';
create index contact_checks_point on contact_checks (point_id, begun_at desc);

create table contact_attestations (
  id       int generated always as identity primary key,
  org_id   int not null references organisations,
  at       timestamptz not null,
  by       int not null references people,
  snapshot jsonb not null,
  sha256   bytea not null
);
comment on table contact_attestations is 'An organisation''s word that its whole contact book is right, with what it looked like';
comment on column contact_attestations.sha256 is 'Of the snapshot as canonical JSON: what whoever attested had before them';
create index contact_attestations_org on contact_attestations (org_id, at desc);

create table contact_reminders (
  org_id  int not null references organisations,
  due_on  date not null,
  step    text not null check (step in ('before', 'due', 'after', 'stale')),
  sent_at timestamptz not null,
  primary key (org_id, due_on, step)
);
comment on table contact_reminders is 'Mails that a contact book is to be attested, each once for a due day';

alter table contact_points enable row level security;
alter table contact_entries enable row level security;
alter table contact_checks enable row level security;
alter table contact_attestations enable row level security;
alter table contact_reminders enable row level security;
grant select on contact_points, contact_entries, contact_reminders to hsoc_app;
grant select (id, org_id, at, by, sha256) on contact_attestations to hsoc_app;
grant select (id, point_id, org_id, kind, begun_at, begun_by, expires_at, tries, ended_at, outcome) on contact_checks to hsoc_app;
grant select, insert, update on contact_points, contact_entries, contact_checks, contact_attestations, contact_reminders to hsoc_engine;
grant delete on contact_checks to hsoc_engine;
-- An entry that only its own organisation sees has its scope alone, so coordinators do not find it either.
create policy app_reads on contact_points for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on contact_entries for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on contact_checks for select to hsoc_app
  using (exists (select 1 from contact_points p where p.id = point_id)
    and (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())));
-- The snapshot holds what is for the organisation alone; that it attested is the coordinators' to know.
create policy app_reads on contact_attestations for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on contact_reminders for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy engine_all on contact_points to hsoc_engine using (true) with check (true);
create policy engine_all on contact_entries to hsoc_engine using (true) with check (true);
create policy engine_all on contact_checks to hsoc_engine using (true) with check (true);
create policy engine_all on contact_attestations to hsoc_engine using (true) with check (true);
create policy engine_all on contact_reminders to hsoc_engine using (true) with check (true);

-- Whose entry it is and how old the word for it: for whoever may read one of the organisation's entries, though not the
-- organisation's record. No row for one that has left: its book is shown to nobody.
create function contact_book_head(p_org int) returns table (name text, attested_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select o.name, (select max(a.at) from contact_attestations a where a.org_id = o.id) from organisations o
  where o.id = p_org and o.status <> 'left'
    and exists (select 1 from contact_entries e where e.org_id = o.id and e.ended_at is null and e.readers && actor_scopes())
$$;
revoke all on function contact_book_head(int) from public;
grant execute on function contact_book_head(int) to hsoc_app;

-- module: channels
-- A mail to a contact point as such, which need not be anybody's account. Its record is the organisation's alone.
create function queue_contact_mail(p_topic text, p_org int, p_address text, p_detail jsonb, p_now timestamptz)
returns void language sql as $$
  insert into deliveries (kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_org, p_address, p_detail || '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$$;
revoke all on function queue_contact_mail(text, int, text, jsonb, timestamptz) from public;
grant execute on function queue_contact_mail(text, int, text, jsonb, timestamptz) to hsoc_engine;
