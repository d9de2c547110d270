-- module: joining

-- Applications --------------------------------------------------------------------------------------

create table applications (
  id           int generated always as identity primary key,
  kind         text not null check (kind in ('organisation', 'work')),
  state        text not null default 'applied' check (state in ('applied', 'vetted', 'approved', 'refused')),
  language     text not null check (language in ('cs', 'en')),
  organisation text not null check (length(organisation) between 1 and 200),
  ico          text check (ico ~ '^[0-9]{8}$'),
  org_kind     text not null,
  nuts3        text,
  name         text not null check (length(name) between 1 and 100),
  position     text not null check (length(position) <= 100),
  email        text not null check (length(email) between 3 and 254),
  phone        text check (length(phone) <= 40),
  message      text not null check (length(message) <= 2000),
  org_id       int references organisations,
  token_hash   bytea not null unique,
  token_until  timestamptz not null,
  applied_at   timestamptz not null,
  confirmed_at timestamptz,
  decided_at   timestamptz
);
create index applications_state on applications (state, applied_at desc);
create index applications_org on applications (org_id) where org_id is not null;
comment on table applications is 'Who asked in public to take part (organisation), or to be added to an organisation that does (work); kept as written';
comment on column applications.ico is 'With its leading zeros; a wrong check digit and a number of somebody else are kept and shown to who vets it';
comment on column applications.org_id is 'The organisation that it concerns: found when the address was confirmed (work), handed over to, made or tied to by a coordinator. Never told to the applicant';
comment on column applications.token_hash is 'SHA-256 of the token in the mail by which the address is confirmed';
comment on column applications.confirmed_at is 'When the link in the mail was used: the address is the applicant''s own';

create table application_moves (
  id             int generated always as identity primary key,
  application_id int not null references applications on delete cascade,
  org_id         int references organisations,
  step           text not null check (step in ('applied', 'confirmed', 'vetted', 'handed', 'approved', 'refused')),
  reason         text not null default '' check (length(reason) <= 1000),
  person_id      int,
  actor          text not null,
  at             timestamptz not null
);
create index application_moves_application on application_moves (application_id, id);
comment on table application_moves is 'What happened to an application: who, when and why; only added to';

-- The register that the operator loads ----------------------------------------------------------------

create table register_entries (
  id      int generated always as identity primary key,
  ico     text not null check (ico ~ '^[0-9]{8}$'),
  name    text not null check (length(name) between 1 and 300),
  address text not null default '' check (length(address) <= 300),
  nuts3   text,
  kind    text
);
create index register_entries_ico on register_entries (ico);
create index register_entries_name on register_entries (lower(name));
create table register_loads (
  id        int generated always as identity primary key,
  file_name text not null,
  sha256    text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  entries   int not null,
  loaded_at timestamptz not null
);
comment on table register_entries is 'Organisations as a public register has them, from the file loaded last; one number may have several sites';
comment on table register_loads is 'Which file the entries came from; only the last one counts';

-- A new member's first steps --------------------------------------------------------------------------

create table joining_deferrals (
  org_id    int not null references organisations,
  step      text not null check (step in ('memorandum', 'sensor')),
  reason    text not null check (length(btrim(reason)) between 1 and 500),
  person_id int not null,
  actor     text not null,
  at        timestamptz not null,
  primary key (org_id, step)
);
comment on table joining_deferrals is 'A step that an organisation puts off, and why; what it does later counts all the same';

create table joining_tests (
  warning_id bigint primary key references warnings,
  org_id     int not null references organisations,
  asked_by   int not null,
  at         timestamptz not null
);
create index joining_tests_org on joining_tests (org_id, at desc);
comment on table joining_tests is 'Test warnings that a member asked for, each an exercise of its own';

-- Who may -----------------------------------------------------------------------------------------------

-- Manages the people of the organisation now: its representative, or whom it lets (people_managers).
create function manages_people(p_org_id int) returns boolean language sql stable as $$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.valid_from <= actor_now() and e.valid_to > actor_now() and (e.role = 'representative'
      or exists (select 1 from people_managers m where m.org_id = p_org_id and m.person_id = e.person_id and m.ended_at is null)))
$$;

alter table applications enable row level security;
alter table application_moves enable row level security;
alter table register_entries enable row level security;
alter table register_loads enable row level security;
alter table joining_deferrals enable row level security;
alter table joining_tests enable row level security;

-- Written by the program, which has asked who may; the token's digest is nobody's to read.
grant select (id, kind, state, language, organisation, ico, org_kind, nuts3, name, position, email, phone, message, org_id, applied_at,
  confirmed_at, decided_at) on applications to hsoc_app;
grant select on application_moves, register_entries, register_loads, joining_deferrals, joining_tests to hsoc_app;
grant insert, delete on joining_deferrals to hsoc_app;
grant select, insert, update, delete on applications, register_entries to hsoc_engine;
grant select, insert on application_moves, register_loads, joining_tests to hsoc_engine;
grant select on joining_deferrals to hsoc_engine;

-- Who works there is decided by who manages its people, once the address is known to be the applicant's; all else by coordinators.
create policy app_reads on applications for select to hsoc_app using ((select actor_coordinates())
  or kind = 'work' and confirmed_at is not null and org_id = any ((select actor_orgs())::int[]) and manages_people(org_id));
create policy app_reads on application_moves for select to hsoc_app using (exists (select 1 from applications a where a.id = application_id));
create policy app_reads on register_entries for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on register_loads for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on joining_deferrals for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_defers on joining_deferrals for insert to hsoc_app with check (represents(org_id) and person_id = (select actor_person()));
create policy app_takes_back on joining_deferrals for delete to hsoc_app using (represents(org_id));
create policy app_reads on joining_tests for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy engine_all on applications to hsoc_engine using (true) with check (true);
create policy engine_all on application_moves to hsoc_engine using (true) with check (true);
create policy engine_all on register_entries to hsoc_engine using (true) with check (true);
create policy engine_all on register_loads to hsoc_engine using (true) with check (true);
create policy engine_all on joining_deferrals to hsoc_engine using (true) with check (true);
create policy engine_all on joining_tests to hsoc_engine using (true) with check (true);

-- How many people act for an organisation and how many of them have a second factor; which, only they know themselves.
create function second_factors(p_org_id int) returns table (people int, secured int)
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int, (count(*) filter (where exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
    or exists (select 1 from passkeys k where k.person_id = p.id)))::int
  from people p where p.disabled_at is null and (p_org_id = any (actor_orgs()) or actor_coordinates())
    and exists (select 1 from engagements e where e.person_id = p.id and e.org_id = p_org_id and e.valid_from <= actor_now() and e.valid_to > actor_now())
  having p_org_id = any (actor_orgs()) or actor_coordinates()
$$;
revoke all on function second_factors(int) from public;
grant execute on function second_factors(int) to hsoc_app;

-- module: channels
-- A mail to somebody who is nobody here yet: no person, no organisation, read by coordinators alone.
create function queue_visitor_mail(p_topic text, p_address text, p_detail jsonb, p_now timestamptz)
returns void language sql as $$
  insert into deliveries (kind, topic, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_address, p_detail || '{"as": "visitor"}', p_now, p_now, array[2])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$$;
revoke all on function queue_visitor_mail(text, text, jsonb, timestamptz) from public;
grant execute on function queue_visitor_mail(text, text, jsonb, timestamptz) to hsoc_engine;
