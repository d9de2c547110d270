-- module: warnings
-- A warning that was made of other warnings is never wider than they are (sharing.md 8). The author of one of them may let it be wider.

create table written_sources (
  warning_id int not null references written_warnings on delete cascade,
  source_id int not null references written_warnings on delete cascade,
  version int not null,
  over_noted boolean not null default false,
  added_at timestamptz not null,
  primary key (warning_id, source_id),
  check (warning_id <> source_id)
);
create index written_sources_source on written_sources (source_id);
comment on table written_sources is 'Of which warnings a warning was made; never taken away';
comment on column written_sources.version is 'The version of the source of which its writers know';
comment on column written_sources.over_noted is 'Its writers know that the source was revoked, and took out what came from it';

create table written_grants (
  id int generated always as identity primary key,
  warning_id int not null references written_warnings on delete cascade,
  version int not null,
  tlp text not null check (tlp in ('RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  audience text not null check (audience in ('coordinators', 'organisations', 'group', 'all_members', 'public')),
  orgs int[] not null default '{}' check (cardinality(orgs) <= 2000),
  group_id int references groups,
  granted_by int not null references people,
  granted_at timestamptz not null,
  withdrawn_at timestamptz,
  check ((audience = 'group') = (group_id is not null)),
  check (audience <> 'public' or tlp = 'CLEAR'),
  check (audience <> 'all_members' or tlp <> 'RED')
);
create unique index written_grants_living on written_grants (warning_id) where withdrawn_at is null;
comment on table written_grants is 'How wide the author of a warning lets others be that are made of it: stands for its own label and audience there';
comment on column written_grants.version is 'The version for which it was given: a newer one needs a new word';

create function inputs_of_written(p_warning int, p_more int[])
returns table (derived int, source int, state text, version int, noted int, over_noted boolean, tlp text, audience text, orgs int[], group_id int, named int[],
  advisory_tlp text, grant_tlp text, grant_audience text, grant_orgs int[], grant_group int, granted_by int)
language sql stable security definer set search_path = public, pg_temp as $$
  with recursive up (derived, source) as (
    select s.warning_id, s.source_id from written_sources s where s.warning_id = p_warning
    union select p_warning, w.id from written_warnings w where w.id = any (p_more) and (w.readers || w.readers_after) && reader_scopes()
    union select s.warning_id, s.source_id from written_sources s join up on s.warning_id = up.source)
  select u.derived, u.source, w.state, w.version, s.version, coalesce(s.over_noted, false), v.tlp, v.audience, v.orgs, v.group_id,
    array(select n.person_id from written_named n where n.version_id = v.id order by 1),
    (select a.tlp from advisories a where a.id = v.advisory_id), g.tlp, g.audience, g.orgs, g.group_id, g.granted_by
  from up u join written_warnings w on w.id = u.source join written_versions v on v.warning_id = w.id and v.no = w.version
  left join written_sources s on s.warning_id = u.derived and s.source_id = u.source
  left join written_grants g on g.warning_id = w.id and g.version = w.version and g.withdrawn_at is null
  where actor_coordinates() order by u.derived, u.source
$$;
comment on function inputs_of_written(int, int[]) is 'What a warning was made of, and what that was made of; p_more are further inputs of it, as far as the actor sees them';
revoke all on function inputs_of_written(int, int[]) from public;
grant execute on function inputs_of_written(int, int[]) to hsoc_app;

create function only_sources(p_warning int, p_version int) returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  with held as (
    select distinct i.kind, i.value, o.warning_id as holder
    from written_indicators i join written_indicators o on o.kind = i.kind and o.value = i.value and o.warning_id <> i.warning_id and o.state <> 'proposed'
    where i.warning_id = p_warning and i.version = p_version and i.kind <> 'cve'
      -- What is known from elsewhere too came from nobody alone.
      and not exists (select 1 from blocklist_items b join blocklist_sources s on s.item_id = b.id and s.source <> 'warning' where b.kind = i.kind and b.value = i.value)),
  firsts as (
    select h.* from held h where not exists (select 1 from written_sources s join held x on x.kind = h.kind and x.value = h.value and x.holder = s.source_id where s.warning_id = h.holder)
      and not exists (select 1 from written_sources s where s.warning_id = h.holder and s.source_id = p_warning)),
  alone as (select min(f.holder) as holder from firsts f group by f.kind, f.value having count(*) = 1)
  select array_agg(distinct a.holder) from alone a join written_warnings w on w.id = a.holder and (w.readers || w.readers_after) && reader_scopes()
  where actor_coordinates()
$$;
comment on function only_sources(int, int) is 'Warnings from which alone an indicator of the version is known: copying by hand does not help';
revoke all on function only_sources(int, int) from public;
grant execute on function only_sources(int, int) to hsoc_app;

create function derived_of_written(p_source int)
returns table (id int, warning int, no int, state text, severity smallint, tlp text, audience text, orgs int[], "group" int, named int[], author int, editor int, readers int[])
language sql stable security definer set search_path = public, pg_temp as $$
  with recursive down (warning_id) as (
    select s.warning_id from written_sources s where s.source_id = p_source
    union select s.warning_id from written_sources s join down d on d.warning_id = s.source_id)
  select v.id, v.warning_id, v.no, v.state, v.severity, v.tlp, v.audience, v.orgs, v.group_id,
    array(select n.person_id from written_named n where n.version_id = v.id order by 1), v.author_id, v.editor_id, w.readers
  from down d join written_warnings w on w.id = d.warning_id and w.state in ('draft', 'review', 'published')
  join written_versions v on v.warning_id = w.id and v.state in ('draft', 'review', 'published')
  where actor_coordinates() order by v.id
$$;
comment on function derived_of_written(int) is 'What was made of it, however far: for telling its writers';
revoke all on function derived_of_written(int) from public;
grant execute on function derived_of_written(int) to hsoc_app;

alter table written_sources enable row level security;
create policy app_reads on written_sources for select to hsoc_app using (
  (select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = written_sources.warning_id));
create policy app_writes on written_sources for insert to hsoc_app with check (
  (select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = warning_id and w.version = 0 and w.author_id = (select actor_person()))
  and exists (select 1 from written_warnings w where w.id = source_id and w.state = 'published'));
create policy app_changes on written_sources for update to hsoc_app using (
  (select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = written_sources.warning_id)) with check ((select actor_coordinates()));
create policy engine_all on written_sources for all to hsoc_engine using (true) with check (true);
grant select, insert, update (version, over_noted) on written_sources to hsoc_app;
grant select, insert, update, delete on written_sources to hsoc_engine;

alter table written_grants enable row level security;
create policy app_reads on written_grants for select to hsoc_app using (
  (select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = written_grants.warning_id));
create policy app_writes on written_grants for insert to hsoc_app with check (
  (select actor_coordinates()) and granted_by = (select actor_person())
  and exists (select 1 from written_warnings w where w.id = warning_id and w.state = 'published' and w.author_id = (select actor_person())));
create policy app_changes on written_grants for update to hsoc_app using (
  (select actor_coordinates()) and granted_by = (select actor_person())) with check (withdrawn_at is not null);
create policy engine_all on written_grants for all to hsoc_engine using (true) with check (true);
grant select, insert, update (withdrawn_at) on written_grants to hsoc_app;
grant select, insert, update, delete on written_grants to hsoc_engine;
