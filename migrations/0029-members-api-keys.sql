-- module: members
-- Keys for people's programs: each acts for one organisation, or for the coordinators, and only reads.

create table api_keys (
  id           int generated always as identity primary key,
  key_hash     bytea not null unique,
  org_id       int references organisations,
  label        text not null check (length(label) between 1 and 100),
  scopes       text[] not null check (cardinality(scopes) > 0),
  per_minute   int not null default 60 check (per_minute between 1 and 600),
  made_at      timestamptz not null,
  made_by      int references people,
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  revoked_by   int references people,
  last_used_on date
);
comment on column api_keys.key_hash is 'SHA-256 of the key, which is long and random; the key itself is shown once and kept nowhere';
comment on column api_keys.org_id is 'Whose reader it is; null: the coordinators''';
comment on column api_keys.label is 'Names the device or program that holds it';
comment on column api_keys.scopes is 'What it may read (src/values/key-scopes.ts)';
comment on column api_keys.made_by is 'Null: at the terminal of the server';
create index api_keys_org on api_keys (org_id);

-- The ledger of use: a firewall that asks every five minutes would drown the trail of what people did.
create table api_key_uses (
  key_id int not null references api_keys,
  on_day date not null,
  route  text not null,
  uses   int not null,
  primary key (key_id, on_day, route)
);
comment on table api_key_uses is 'Which key read by which door on which day (UTC), and how often';

create table api_key_minutes (
  key_id int not null references api_keys,
  minute timestamptz not null,
  n      int not null,
  primary key (key_id, minute)
);
comment on table api_key_minutes is 'Requests of a key in a minute on all nodes, for its limit';

alter table api_keys enable row level security;
alter table api_key_uses enable row level security;
alter table api_key_minutes enable row level security;
grant select, insert, update on api_keys to hsoc_engine;
grant select, delete on api_key_uses, api_key_minutes to hsoc_engine;
grant select (id, org_id, label, scopes, per_minute, made_at, made_by, expires_at, revoked_at, revoked_by, last_used_on) on api_keys to hsoc_app;
grant insert on api_keys to hsoc_app;
grant update (revoked_at, revoked_by) on api_keys to hsoc_app;
grant select on api_key_uses to hsoc_app;

create policy engine_all on api_keys to hsoc_engine using (true) with check (true);
create policy engine_all on api_key_uses to hsoc_engine using (true) with check (true);
create policy engine_all on api_key_minutes to hsoc_engine using (true) with check (true);
create policy app_reads on api_keys for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_adds on api_keys for insert to hsoc_app
  with check ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and made_by is not distinct from (select actor_person()));
create policy app_revokes on api_keys for update to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) with check (revoked_at is not null);
create policy app_reads on api_key_uses for select to hsoc_app using (exists (select 1 from api_keys k where k.id = key_id));

-- Counts a use and says whom the key acts for; 'slow' past its limit, 'scope' for a door that it has no scope for. No row
-- for a key that is unknown, over, revoked, or whose organisation has left: the one thing that must be known before there is an actor.
create function use_api_key(p_key_hash bytea, p_scope text, p_route text, p_now timestamptz)
returns table (key_id int, label text, org_id int, org_name text, language text, strict boolean, verdict text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  k api_keys;
  o organisations;
  used int;
begin
  select * into k from api_keys a where a.key_hash = p_key_hash and a.revoked_at is null and a.expires_at > p_now;
  if not found then return; end if;
  if k.org_id is not null then
    select * into o from organisations x where x.id = k.org_id and x.status <> 'left';
    if not found then return; end if;
  end if;
  insert into api_key_minutes as m (key_id, minute, n) values (k.id, date_trunc('minute', p_now), 1)
    on conflict on constraint api_key_minutes_pkey do update set n = m.n + 1 returning n into used;
  verdict := case when used > k.per_minute then 'slow' when p_scope = any (k.scopes) then 'yes' else 'scope' end;
  if verdict = 'yes' then
    insert into api_key_uses as u (key_id, on_day, route, uses) values (k.id, (p_now at time zone 'UTC')::date, p_route, 1)
      on conflict on constraint api_key_uses_pkey do update set uses = u.uses + 1;
    update api_keys a set last_used_on = (p_now at time zone 'UTC')::date
      where a.id = k.id and a.last_used_on is distinct from (p_now at time zone 'UTC')::date;
  end if;
  return query select k.id, k.label, k.org_id, o.name, coalesce(o.language, 'cs'), 'strict' = any (k.scopes), verdict;
end
$$;
revoke all on function use_api_key(bytea, text, text, timestamptz) from public;
grant execute on function use_api_key(bytea, text, text, timestamptz) to hsoc_app;

-- Whoever acts for an organisation may know its name, a key too.
create policy own_read on organisations for select to hsoc_app using (id = any ((select actor_orgs())::int[]));

-- module: events
-- What is published for all members is for their keys too (5; 6 with the scope strict: src/values/scopes.ts).
create policy keys_read on sector_figures for select to hsoc_app using (array[5, 6] && (select actor_scopes()));
