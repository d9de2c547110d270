-- module: members

create table organisations (
  id            int generated always as identity primary key,
  name          text not null,
  kind          text not null,
  region        text,
  language      text not null default 'cs' check (language in ('cs', 'en')),
  status        text not null default 'participant' check (status in ('prospect', 'follower', 'participant', 'signatory', 'left')),
  contact_email text,
  phone         text,
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  readers       int[] not null default '{}'
);
create unique index organisations_name on organisations (lower(name));
comment on column organisations.readers is 'Scopes that may read the row: coordinators and the readers of the organisation itself';

-- Address ranges with their time of validity; a correction ends one record and begins another.
create table networks (
  id                int generated always as identity primary key,
  org_id            int not null references organisations,
  net_from          inet not null,
  net_to            inet not null,
  text              text not null,
  role              text not null default 'owner' check (role in ('owner', 'delegated', 'provider')),
  label             text not null default 'office',
  visible_to_parent boolean not null default false,
  valid_from        timestamptz not null default '-infinity',
  valid_to          timestamptz not null default 'infinity',
  claimed_from      text not null default 'import',
  recorded_at       timestamptz not null
);
create index networks_org on networks (org_id);

create table domains (
  id         int generated always as identity primary key,
  org_id     int not null references organisations,
  domain     text not null,
  valid_from timestamptz not null default '-infinity',
  valid_to   timestamptz not null default 'infinity'
);
create index domains_org on domains (org_id);
create index domains_name on domains (domain);

create table people (
  id            int generated always as identity primary key,
  email         text not null,
  name          text not null,
  password_hash text,
  language      text not null default 'cs' check (language in ('cs', 'en')),
  digest        text not null default 'daily' check (digest in ('daily', 'weekly')),
  created_at    timestamptz not null,
  disabled_at   timestamptz,
  readers       int[] not null default '{}'
);
create unique index people_email on people (lower(email));
comment on column people.password_hash is 'argon2id in PHC form; null until the person has chosen a password';

create table engagements (
  id         int generated always as identity primary key,
  person_id  int not null references people,
  org_id     int references organisations,
  role       text not null check (role in
    ('coordinator', 'operator', 'representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager')),
  valid_from timestamptz not null,
  valid_to   timestamptz not null default 'infinity',
  check ((org_id is null) = (role in ('coordinator', 'operator')))
);
create index engagements_person on engagements (person_id);
create index engagements_org on engagements (org_id);

-- module: platform
create table sessions (
  token_hash bytea primary key,
  person_id  int not null references people,
  csrf       text not null,
  created_at timestamptz not null,
  seen_at    timestamptz not null,
  expires_at timestamptz not null,
  address    text,
  agent      text
);
create index sessions_person on sessions (person_id);

-- Slow-down of guessing, shared by all nodes; a key is an account or an address.
create table sign_in_failures (
  key text not null,
  at  timestamptz not null
);
create index sign_in_failures_key on sign_in_failures (key, at);

create table password_resets (
  token_hash bytea primary key,
  person_id  int not null references people,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);

-- module: members
alter table organisations enable row level security;
alter table networks enable row level security;
alter table domains enable row level security;
alter table people enable row level security;
alter table engagements enable row level security;
alter table sessions enable row level security;
alter table sign_in_failures enable row level security;
alter table password_resets enable row level security;

grant select on organisations, networks, domains, engagements to hsoc_app;
grant select (id, email, name, language, digest, created_at, disabled_at, readers) on people to hsoc_app;
grant update (language, digest) on people to hsoc_app;
grant select, insert, update, delete on organisations, networks, domains, people, engagements, sessions, sign_in_failures, password_resets to hsoc_engine;

create policy app_reads on organisations for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on networks for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on domains for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on people for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_changes_self on people for update to hsoc_app using (id = (select actor_person())) with check (id = (select actor_person()));
create policy app_reads on engagements for select to hsoc_app
  using (person_id = (select actor_person()) or org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy engine_all on organisations to hsoc_engine using (true) with check (true);
create policy engine_all on networks to hsoc_engine using (true) with check (true);
create policy engine_all on domains to hsoc_engine using (true) with check (true);
create policy engine_all on people to hsoc_engine using (true) with check (true);
create policy engine_all on engagements to hsoc_engine using (true) with check (true);
create policy engine_all on sessions to hsoc_engine using (true) with check (true);
create policy engine_all on sign_in_failures to hsoc_engine using (true) with check (true);
create policy engine_all on password_resets to hsoc_engine using (true) with check (true);

-- A person is readable by itself, by colleagues of the same organisations, and by coordinators.
-- Scope numbers as in src/values/scopes.ts: 2 coordinators, 1000 + 4 n readers of organisation n, -p person p.
create function people_set_readers(p int) returns void language sql as $$
  update people set readers = array[2, -p] || coalesce((
    select array_agg(distinct 1000 + 4 * org_id) from engagements
    where person_id = p and org_id is not null and valid_to = 'infinity'), '{}')
  where id = p
$$;

-- Who the holder of a session is: the one thing that must be known before there is an actor.
create function session_person(p_token_hash bytea, p_now timestamptz)
returns table (person_id int, email text, name text, language text, csrf text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.email, p.name, p.language, s.csrf,
    coalesce((select jsonb_agg(jsonb_build_object('org_id', e.org_id, 'org_name', o.name, 'role', e.role) order by o.name, e.role)
      from engagements e left join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.valid_from <= p_now and e.valid_to > p_now
        and (o.id is null or o.status <> 'left')), '[]')
  from sessions s join people p on p.id = s.person_id
  where s.token_hash = p_token_hash and s.expires_at > p_now and p.disabled_at is null
$$;
revoke all on function session_person(bytea, timestamptz) from public;
grant execute on function session_person(bytea, timestamptz) to hsoc_app, hsoc_engine;
revoke all on function people_set_readers(int) from public;
grant execute on function people_set_readers(int) to hsoc_engine;
