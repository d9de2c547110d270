-- module: duty
-- Duties in somebody's own calendar: an address that programs read without signing in, with the rights that its owner has at that moment.

create table duty_feeds (
  id          int generated always as identity primary key,
  person_id   int not null references people,
  schedule_id int references duty_schedules,
  token_hash  bytea not null unique,
  made_at     timestamptz not null,
  ended_at    timestamptz
);
comment on table duty_feeds is 'Calendar feeds; ended rather than deleted';
comment on column duty_feeds.schedule_id is 'Null: the shifts of the person, whichever duty they belong to';
comment on column duty_feeds.token_hash is 'SHA-256 of the token in the address; the address is shown once and kept nowhere';
create index duty_feeds_person on duty_feeds (person_id) where ended_at is null;

alter table duty_feeds enable row level security;
grant select (id, person_id, schedule_id, made_at, ended_at) on duty_feeds to hsoc_app;
grant select, insert, update, delete on duty_feeds to hsoc_engine;
create policy app_own on duty_feeds for select to hsoc_app using (person_id = (select actor_person()));
create policy engine_all on duty_feeds to hsoc_engine using (true) with check (true);

-- Whose feed it is and what the owner may do now: the one thing that must be known before there is an actor. No row where the owner has gone.
create function duty_feed(p_token_hash bytea, p_now timestamptz)
returns table (schedule_id int, person_id int, email text, name text, language text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select f.schedule_id, p.id, p.email, p.name, p.language, r.held
  from duty_feeds f join people p on p.id = f.person_id,
    lateral (select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', e.org_name, 'role', e.role, 'through', e.through)
      order by e.org_name, e.role) as held from roles_of_person(p.id, p_now) e) r
  where f.token_hash = p_token_hash and f.ended_at is null and p.disabled_at is null and r.held is not null
$$;
revoke all on function duty_feed(bytea, timestamptz) from public;
grant execute on function duty_feed(bytea, timestamptz) to hsoc_app;
