-- module: members
-- Organisations that become one. Rows stay with the organisation for which they were made; it points to its successor, whose readers hold its scopes too.

alter table organisations
  add column merged_into int references organisations check (merged_into <> id),
  add column present_id int references organisations check (present_id <> id),
  add constraint organisations_merged_left check ((merged_into is null) = (present_id is null) and (merged_into is null or status = 'left'));
comment on column organisations.merged_into is 'The organisation that it was merged into, and that goes on for it; null for one that stands for itself';
comment on column organisations.present_id is 'The end of that way: the organisation that stands for it today, after any number of mergers';
create index organisations_merged on organisations (merged_into) where merged_into is not null;
create index organisations_present on organisations (present_id) where present_id is not null;

create table organisation_merges (
  id            int generated always as identity primary key,
  org_id        int not null references organisations,
  into_id       int not null references organisations,
  from_status   text not null,
  reason        text not null check (length(btrim(reason)) between 1 and 1000),
  person_id     int not null,
  actor         text not null,
  at            timestamptz not null,
  undone_at     timestamptz,
  undone_reason text check (length(btrim(undone_reason)) between 1 and 1000),
  undone_by     int,
  undone_actor  text,
  check (org_id <> into_id),
  check (num_nulls(undone_at, undone_reason, undone_by, undone_actor) in (0, 4))
);
create unique index organisation_merges_standing on organisation_merges (org_id) where undone_at is null;
create index organisation_merges_into on organisation_merges (into_id);
comment on table organisation_merges is 'Who merged which organisation into which, when and why; a merger undone within 30 days keeps its line';
comment on column organisation_merges.from_status is 'How the organisation took part before, and does again when the merger is undone';
comment on column organisation_merges.actor is 'Name of the person at that time';

create table organisation_merge_records (
  merge_id int not null references organisation_merges,
  kind     text not null check (kind in ('network', 'domain', 'engagement')),
  was_id   int not null,
  is_id    int,
  until    timestamptz not null,
  primary key (merge_id, kind, was_id)
);
comment on table organisation_merge_records is 'What a merger carried over: the record of the organisation, and the one of the successor that goes on with it';
comment on column organisation_merge_records.is_id is 'Null where the successor held the same already';
comment on column organisation_merge_records.until is 'Planned end of the record before the merger ended it';

alter table networks add column continues_id int references networks;
alter table domains add column continues_id int references domains;
comment on column networks.continues_id is 'The record of another organisation that this one goes on with, after a merger or its undoing';
comment on column domains.continues_id is 'As of networks';

alter table organisation_merges enable row level security;
alter table organisation_merge_records enable row level security;
grant select on organisation_merges to hsoc_app;
grant select, insert, update on organisation_merges to hsoc_engine;
grant select, insert on organisation_merge_records to hsoc_engine;
create policy app_reads on organisation_merges for select to hsoc_app
  using (array[org_id, into_id] && (select actor_orgs())::int[] or (select actor_coordinates()));
create policy engine_all on organisation_merges to hsoc_engine using (true) with check (true);
create policy engine_all on organisation_merge_records to hsoc_engine using (true) with check (true);

-- The organisation and all that were merged into it, as far as the reader may see them: what a page about it is about.
create function organisation_with_merged(p_org int) returns int[]
language sql stable as $$
  with recursive found (id) as (
    select p_org union select o.id from organisations o join found f on o.merged_into = f.id)
  select array_agg(id) from found
$$;

-- Who stands for an organisation today; itself where it was not merged.
create function organisation_now(p_org int) returns int
language sql stable as $$
  select coalesce((select o.present_id from organisations o where o.id = p_org), p_org)
$$;

-- What a person is at a moment, for the policies: the own roles, and the same roles at what was merged into the own organisation.
create function roles_of_person(p_person int, p_now timestamptz)
returns table (org_id int, org_name text, role text, through int)
language sql stable as $$
  select e.org_id, o.name, e.role, null::int from engagements e left join organisations o on o.id = e.org_id
  where e.person_id = p_person and e.valid_from <= p_now and e.valid_to > p_now and (o.id is null or o.status <> 'left')
  union all
  select m.id, m.name, e.role, o.id from engagements e join organisations o on o.id = e.org_id join organisations m on m.present_id = o.id
  where e.person_id = p_person and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'
$$;
revoke all on function roles_of_person(int, timestamptz) from public;
grant execute on function roles_of_person(int, timestamptz) to hsoc_engine;

create or replace function session_person(p_token_hash bytea, p_now timestamptz)
returns table (person_id int, email text, name text, language text, csrf text, engagements jsonb, ways text[], proved_at timestamptz, has_second boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.email, p.name, p.language, s.csrf,
    coalesce((select jsonb_agg(jsonb_build_object('org_id', r.org_id, 'org_name', r.org_name, 'role', r.role, 'through', r.through) order by r.org_name, r.role)
      from roles_of_person(p.id, p_now) r), '[]'),
    s.ways, coalesce(s.proved_at, s.created_at),
    exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
      or exists (select 1 from passkeys k where k.person_id = p.id)
  from sessions s join people p on p.id = s.person_id
  where s.token_hash = p_token_hash and s.expires_at > p_now and p.disabled_at is null
$$;

-- A key reads what was merged into its organisation as well; the keys of what was merged are at rest, as of any that left.
drop function use_api_key(bytea, text, text, timestamptz);
create function use_api_key(p_key_hash bytea, p_scope text, p_route text, p_now timestamptz)
returns table (key_id int, label text, org_id int, org_name text, merged jsonb, language text, strict boolean, verdict text)
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
  return query select k.id, k.label, k.org_id, o.name,
    coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.id) from organisations x where x.present_id = k.org_id), '[]'),
    coalesce(o.language, 'cs'), 'strict' = any (k.scopes), verdict;
end
$$;
revoke all on function use_api_key(bytea, text, text, timestamptz) from public;
grant execute on function use_api_key(bytea, text, text, timestamptz) to hsoc_app;

-- Who signed, counted once also where two that signed have become one.
create or replace function memorandum_sets() returns table (involved int, signed int)
language sql stable security definer set search_path = public, pg_temp as $$
  select (select count(*)::int from organisations where status in ('participant', 'signatory')),
    (select count(distinct organisation_now(org_id))::int from signatures where state <> 'withdrawn')
  where actor_person() is not null
$$;

-- What an institution that signed is called today, where it was merged: of organisations that the reader may not see, this and nothing else.
create function signed_and_merged(p_org int) returns table (org_id int, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select h.id, h.name from organisations o join organisations h on h.id = o.present_id
  where o.id = p_org and actor_person() is not null and exists (select 1 from signatures s where s.org_id = o.id and s.state <> 'withdrawn')
$$;
revoke all on function signed_and_merged(int) from public;
grant execute on function signed_and_merged(int) to hsoc_app, hsoc_engine;

-- module: warnings
-- As in 0010; whoever acts for the successor answers from a mail about what was merged into it.
create or replace function action_link(p_token_hash bytea, p_now timestamptz)
returns table (delivery_id bigint, warning_id bigint, actions text[], revoked boolean, over boolean, person_id int, email text,
  name text, language text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.delivery_id, l.warning_id, l.actions, l.revoked_at is not null,
    w.state = 'closed' and w.closed_at + interval '30 days' < p_now,
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', r.org_id, 'orgName', r.org_name, 'role', r.role, 'through', r.through) order by r.role)
      from roles_of_person(p.id, p_now) r where r.org_id = w.org_id), '[]')
  from action_links l join warnings w on w.id = l.warning_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$$;
