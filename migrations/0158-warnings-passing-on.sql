-- module: warnings
-- Passing on: an organisation of the audience lets a supplier or a client of its own read a warning, as far as the label lets it (sharing.md 3 and 5).
-- A released row that may be passed on bears a scope of its own (1100000000 + the warning); the database finds who holds it, as it finds seats.

create table written_passings (
  id int generated always as identity primary key,
  warning_id int not null references written_warnings on delete cascade,
  version int not null,
  org_id int not null references organisations,
  to_org_id int not null references organisations,
  relation text not null check (relation in ('supplier', 'client')),
  need text not null check (length(btrim(need)) between 1 and 1000),
  people smallint not null check (people > 0),
  passed_by int not null references people,
  passed_at timestamptz not null,
  ended_at timestamptz,
  ended_by int references people,
  end_reason text check (end_reason in ('withdrawn', 'narrowed')),
  check (to_org_id <> org_id),
  check ((ended_at is null) = (end_reason is null) and (ended_at is null) = (ended_by is null))
);
create unique index written_passings_living on written_passings (warning_id, org_id, to_org_id) where ended_at is null;
create index written_passings_org on written_passings (org_id);
create index written_passings_to on written_passings (to_org_id);
comment on table written_passings is 'Who passed a written warning on, to whom and why';
comment on column written_passings.version is 'The version that was out then; a newer one is read as well, unless it is narrower';
comment on column written_passings.org_id is 'The organisation of the audience that passed it on';
comment on column written_passings.need is 'Why the receiver needs it, in the words of who passed it on';
comment on column written_passings.people is 'How many people got it';
comment on column written_passings.end_reason is 'withdrawn by who passed it on or a coordinator; narrowed: a newer version no longer allows it';

create table written_passed (
  passing_id int not null references written_passings on delete cascade,
  person_id int not null references people,
  primary key (passing_id, person_id)
);
create index written_passed_person on written_passed (person_id);
comment on table written_passed is 'The people who may read what was passed on; each as long as they act for the receiving organisation';

create function actor_passed() returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(distinct 1100000000 + g.warning_id) from written_passed p
  join written_passings g on g.id = p.passing_id and g.ended_at is null
  join organisations o on o.id = organisation_now(g.org_id) and o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
  where p.person_id = actor_person() and organisation_now(g.to_org_id) = any (actor_orgs())
$$;
comment on function actor_passed() is 'Scopes of warnings that were passed on to the actor by an organisation that is a member still';
revoke all on function actor_passed() from public;
grant execute on function actor_passed() to hsoc_app, hsoc_engine;

create or replace function reader_scopes() returns int[]
language sql stable as $$
  select actor_scopes() || actor_seats() || actor_passed()
$$;

create function passes_written(p_warning int, p_org int) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select true where exists (
    select 1 from written_warnings w join written_versions v on v.warning_id = w.id and v.state = 'published'
    join organisations o on o.id = p_org and o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
    where w.id = p_warning and w.state = 'published' and (w.ends_at is null or w.ends_at > actor_now()) and 1100000000 + w.id = any (w.readers)
      and p_org = any (actor_orgs())
      and exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org
        and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now())
      and case v.audience when 'all_members' then true
        when 'organisations' then p_org in (select organisation_now(x) from unnest(v.orgs) x)
        when 'group' then exists (select 1 from seats_in_force() s
          where s.group_id = v.group_id and s.member and s.org_id = p_org and s.person_id = actor_person())
        else false end)
$$;
comment on function passes_written(int, int) is 'May the actor pass the warning on for the organisation';
revoke all on function passes_written(int, int) from public;
grant execute on function passes_written(int, int) to hsoc_app;

create function passing_target(p_warning int, p_org int, p_name text)
returns table (id int, name text, reads boolean, people int[], roles text[])
language sql stable security definer set search_path = public, pg_temp as $$
  select o.id, o.name,
    o.id = p_org or case v.audience when 'organisations' then o.id in (select organisation_now(x) from unnest(v.orgs) x)
      when 'all_members' then o.status in ('participant', 'signatory') and o.rules_accepted_at is not null else false end,
    array(select distinct e.person_id from engagements e join people p on p.id = e.person_id and p.disabled_at is null
      where e.org_id = o.id and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()
      order by 1),
    array(select distinct e.role from engagements e join people p on p.id = e.person_id and p.disabled_at is null
      where e.org_id = o.id and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()
      order by 1)
  from organisations o join written_versions v on v.warning_id = p_warning and v.state = 'published'
  where passes_written(p_warning, p_org) and o.status <> 'left' and (lower(o.name) = lower(btrim(p_name)) or o.ico = btrim(p_name))
  order by o.id limit 1
$$;
comment on function passing_target(int, int, text) is 'The receiver by its whole name or its number in the register of companies, and who there would read; nothing is listed';
revoke all on function passing_target(int, int, text) from public;
grant execute on function passing_target(int, int, text) to hsoc_app;

create function pass_written_on(p_warning int, p_org int, p_name text, p_relation text, p_need text, p_now timestamptz) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  target record;
  made int;
begin
  select * into target from passing_target(p_warning, p_org, p_name) t where not t.reads and cardinality(t.people) > 0;
  if not found then return null; end if;
  insert into written_passings (warning_id, version, org_id, to_org_id, relation, need, people, passed_by, passed_at)
  select w.id, w.version, p_org, target.id, p_relation, p_need, cardinality(target.people), actor_person(), p_now from written_warnings w where w.id = p_warning
  on conflict (warning_id, org_id, to_org_id) where ended_at is null do nothing returning id into made;
  if made is null then return null; end if;
  insert into written_passed (passing_id, person_id) select made, unnest(target.people);
  perform queue_written_rows('new', 'written ' || p_warning || ' passing ' || made, p_warning, v.severity, p_now,
      jsonb_agg(jsonb_build_object('person', p.id, 'address', p.email, 'detail', jsonb_build_object('as', 'member', 'version', v.no),
        'hold', case when v.severity <= 1 then 'digest' when v.severity < 3 and not coalesce(c.singles, true) then 'unsubscribed' end,
        'readers', array[2, -p.id])))
    from written_versions v, people p left join mail_choices c on c.address_key = address_key(p.email)
    where v.warning_id = p_warning and v.state = 'published' and p.id = any (target.people) group by v.no, v.severity;
  return made;
end $$;
comment on function pass_written_on(int, int, text, text, text, timestamptz) is 'Answers the number of the passing; null where it may not be, or is already';
revoke all on function pass_written_on(int, int, text, text, text, timestamptz) from public;
grant execute on function pass_written_on(int, int, text, text, text, timestamptz) to hsoc_app;

create function tell_passed_out(p_passings int[], p_now timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  -- Who holds it by another passing still, or reads it anyway, has nothing to be told.
  select coalesce(sum(queue_written_rows('revoked', 'written ' || o.warning_id || ' passing ' || o.id || ' out', o.warning_id, o.severity, p_now, o.rows)), 0)::bigint
  from (select g.id, g.warning_id, v.severity,
      jsonb_agg(jsonb_build_object('person', p.id, 'address', p.email, 'detail', jsonb_build_object('as', 'member', 'version', g.version), 'readers', array[2, -p.id])) as rows
    from written_passings g join written_passed d on d.passing_id = g.id join people p on p.id = d.person_id and p.disabled_at is null
    join written_versions v on v.warning_id = g.warning_id and v.no = g.version
    where g.id = any (p_passings) and not exists (select 1 from written_passings x join written_passed y on y.passing_id = x.id
      where x.warning_id = g.warning_id and x.ended_at is null and y.person_id = p.id)
    group by g.id, g.warning_id, v.severity) o
$$;
revoke all on function tell_passed_out(int[], timestamptz) from public;

create function take_passing_back(p_id int, p_now timestamptz) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ended int;
begin
  update written_passings g set ended_at = p_now, ended_by = actor_person(), end_reason = 'withdrawn'
  where g.id = p_id and g.ended_at is null and (actor_coordinates() or g.org_id = any (actor_orgs())
    and exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = organisation_now(g.org_id)
      and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()))
  returning g.warning_id into ended;
  if ended is not null then perform tell_passed_out(array[p_id], p_now); end if;
  return ended;
end $$;
comment on function take_passing_back(int, timestamptz) is 'By who passed it on, or a coordinator; answers the warning';
revoke all on function take_passing_back(int, timestamptz) from public;
grant execute on function take_passing_back(int, timestamptz) to hsoc_app;

create function end_passings(p_warning int, p_orgs int[], p_now timestamptz) returns int[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  over int[];
begin
  if not actor_coordinates() then return null; end if;
  with ended as (
    update written_passings g set ended_at = p_now, ended_by = actor_person(), end_reason = 'narrowed'
    where g.warning_id = p_warning and g.ended_at is null and organisation_now(g.org_id) <> all (p_orgs) returning g.id)
  select coalesce(array_agg(id), '{}') into over from ended;
  return over;
end $$;
comment on function end_passings(int, int[], timestamptz) is 'When a narrower version goes out: those of organisations that it does not reach; none may pass on where the list is empty';
revoke all on function end_passings(int, int[], timestamptz) from public;
grant execute on function end_passings(int, int[], timestamptz) to hsoc_app;

create function passed_people(p_warning int)
returns table (person_id int, address text, singles boolean, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct p.id, p.email, coalesce(c.singles, true), p.name
  from written_passings g join written_passed d on d.passing_id = g.id join people p on p.id = d.person_id and p.disabled_at is null
  left join mail_choices c on c.address_key = address_key(p.email)
  where g.warning_id = p_warning and g.ended_at is null and actor_coordinates()
    and exists (select 1 from engagements e where e.person_id = p.id and e.org_id = organisation_now(g.to_org_id) and e.valid_from <= actor_now() and e.valid_to > actor_now())
  order by 1
$$;
comment on function passed_people(int) is 'To whom a newer version goes because the warning was passed on to them';
revoke all on function passed_people(int) from public;
grant execute on function passed_people(int) to hsoc_app;

create function passed_to_actor() returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(p.passing_id) from written_passed p join written_passings g on g.id = p.passing_id
  where p.person_id = actor_person() and g.ended_at is null
$$;
revoke all on function passed_to_actor() from public;
grant execute on function passed_to_actor() to hsoc_app;

create function passing_names(p_ids int[]) returns table (id int, org_name text, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select g.id, a.name, b.name from written_passings g join organisations a on a.id = g.org_id join organisations b on b.id = g.to_org_id
  where g.id = any (p_ids) and (g.org_id = any (actor_orgs()) or actor_coordinates() or g.id = any (coalesce(passed_to_actor(), '{}')))
$$;
comment on function passing_names(int[]) is 'Names of both organisations, for each of the two and coordinators';
revoke all on function passing_names(int[]) from public;
grant execute on function passing_names(int[]) to hsoc_app;

alter table written_passings enable row level security;
create policy app_reads on written_passings for select to hsoc_app using (
  (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()) or id = any ((select passed_to_actor())::int[]))
  and exists (select 1 from written_warnings w where w.id = written_passings.warning_id));
create policy engine_all on written_passings for all to hsoc_engine using (true) with check (true);
grant select on written_passings to hsoc_app;
grant select, insert, update, delete on written_passings to hsoc_engine;

alter table written_passed enable row level security;
create policy app_reads on written_passed for select to hsoc_app using (
  (select actor_coordinates()) and exists (select 1 from written_passings g where g.id = written_passed.passing_id));
create policy engine_all on written_passed for all to hsoc_engine using (true) with check (true);
grant select on written_passed to hsoc_app;
grant select, insert, update, delete on written_passed to hsoc_engine;

-- What is out already may be passed on as well.
update written_versions v set readers = v.readers || (1100000000 + v.warning_id)
where v.state in ('published', 'past') and v.tlp in ('AMBER', 'GREEN', 'CLEAR')
  and (v.audience in ('group', 'all_members') or v.audience = 'organisations' and v.orgs <> '{}');
update written_warnings w set readers = w.readers || (1100000000 + w.id) from written_versions v
where v.warning_id = w.id and v.state = 'published' and w.state = 'published' and 1100000000 + w.id = any (v.readers);
update written_indicators i set readers = v.readers from written_versions v
where v.warning_id = i.warning_id and v.no = i.version and v.state in ('published', 'past') and 1100000000 + v.warning_id = any (v.readers);
