-- module: members

-- Browsers from which somebody has signed in before, by the hash of a cookie of theirs.
create table devices (
  person_id  int not null references people,
  token_hash bytea not null,
  first_at   timestamptz not null,
  seen_at    timestamptz not null,
  primary key (person_id, token_hash)
);
alter table devices enable row level security;
grant select, insert, update, delete on devices to hsoc_engine;
create policy engine_all on devices to hsoc_engine using (true) with check (true);

-- Somebody who lost every second factor: one proposes, another confirms, and the person gets a link.
create table recoveries (
  id           int generated always as identity primary key,
  person_id    int not null references people,
  org_id       int references organisations,
  reason       text not null,
  proposed_by  int not null references people,
  proposed_at  timestamptz not null,
  confirmed_by int references people,
  confirmed_at timestamptz,
  withdrawn_at timestamptz,
  token_hash   bytea unique,
  expires_at   timestamptz not null,
  used_at      timestamptz,
  readers      int[] not null,
  check (proposed_by <> person_id),
  check (confirmed_by <> person_id and confirmed_by <> proposed_by),
  check ((confirmed_by is null) = (confirmed_at is null) and (confirmed_by is null) = (token_hash is null))
);
create index recoveries_person on recoveries (person_id);
comment on column recoveries.org_id is 'Two people of this organisation decide; null: two coordinators';
comment on column recoveries.expires_at is 'Until when it may be confirmed; once confirmed, until when the link works';
comment on column recoveries.readers is 'Scopes that may read the row: coordinators, the person, readers of the deciding organisation';

alter table recoveries enable row level security;
grant select (id, person_id, org_id, reason, proposed_by, proposed_at, confirmed_by, confirmed_at, withdrawn_at, expires_at, used_at, readers)
  on recoveries to hsoc_app;
grant insert (person_id, org_id, reason, proposed_by, proposed_at, expires_at, readers) on recoveries to hsoc_app;
grant update (withdrawn_at) on recoveries to hsoc_app;
grant select, insert, update, delete on recoveries to hsoc_engine;
create policy app_reads on recoveries for select to hsoc_app using (readers && (select actor_scopes()));
-- In one's own name, for somebody else, as a coordinator or within one's own organisation.
create policy app_proposes on recoveries for insert to hsoc_app with check (
  proposed_by = (select actor_person()) and person_id <> (select actor_person()) and confirmed_by is null
  and (org_id = any ((select actor_orgs())::int[]) or (org_id is null and (select actor_coordinates()))));
create policy app_withdraws on recoveries for update to hsoc_app
  using (readers && (select actor_scopes())) with check (readers && (select actor_scopes()));
create policy engine_all on recoveries to hsoc_engine using (true) with check (true);
