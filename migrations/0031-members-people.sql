-- module: members

create table people_managers (
  id        int generated always as identity primary key,
  org_id    int not null references organisations,
  person_id int not null references people,
  given_by  int not null references people,
  given_at  timestamptz not null,
  ended_at  timestamptz
);
comment on table people_managers is 'Whom a representative has let manage the people of the organisation; representatives do so by their role';
create unique index people_managers_one on people_managers (org_id, person_id) where ended_at is null;
create index people_managers_person on people_managers (person_id);

create table invitations (
  id         int generated always as identity primary key,
  org_id     int not null references organisations,
  person_id  int not null references people,
  name       text not null,
  role       text not null check (role in ('representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager')),
  token_hash bytea not null unique,
  invited_by int not null references people,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at   timestamptz,
  outcome    text check (outcome in ('accepted', 'withdrawn', 'replaced')),
  check ((ended_at is null) = (outcome is null))
);
comment on table invitations is 'A role offered to the holder of a mailbox; the token itself is in the mail alone';
comment on column invitations.name is 'As whoever invited wrote it; it becomes the person''s name only where the person is new';
create index invitations_org on invitations (org_id, created_at desc);
create index invitations_person on invitations (person_id);

alter table people_managers enable row level security;
alter table invitations enable row level security;
grant select on people_managers to hsoc_app;
grant select (id, org_id, person_id, name, role, invited_by, created_at, expires_at, ended_at, outcome) on invitations to hsoc_app;
grant select, insert, update on people_managers, invitations to hsoc_engine;
create policy app_reads on people_managers for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on invitations for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy engine_all on people_managers to hsoc_engine using (true) with check (true);
create policy engine_all on invitations to hsoc_engine using (true) with check (true);

-- Whom an invitation went to: the address may be told to the organisation's people, the person's record not before it was accepted.
create function invited_address(p_invitation int) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select p.email from invitations i join people p on p.id = i.person_id
  where i.id = p_invitation and (i.org_id = any (actor_orgs()) or actor_coordinates())
$$;
revoke all on function invited_address(int) from public;
grant execute on function invited_address(int) to hsoc_app;

-- As in 0002, and open pages of the person hear that what they may see has changed.
create or replace function people_set_readers(p int) returns void language sql as $$
  update people set readers = array[2, -p] || coalesce((
    select array_agg(distinct 1000 + 4 * org_id) from engagements
    where person_id = p and org_id is not null and valid_to = 'infinity'), '{}')
  where id = p;
  select announce('people', p::text)
$$;
