-- module: trail
-- Break-glass access: what an organisation keeps from the coordinators opens to one of them for an hour, with a reason. The
-- organisation hears of it at once, everything read meanwhile is marked, and another coordinator judges it afterwards.

create table glass_openings (
  id            int generated always as identity primary key,
  org_id        int not null references organisations,
  person_id     int not null references people,
  opener        text not null,
  reason        text not null check (length(btrim(reason)) between 10 and 1000),
  opened_at     timestamptz not null,
  ends_at       timestamptz not null,
  ended_at      timestamptz,
  ended_by      int references people,
  review_due_at timestamptz not null,
  reviewed_by   int references people,
  reviewer      text,
  reviewed_at   timestamptz,
  verdict       text check (verdict in ('justified', 'unjustified')),
  finding       text check (length(btrim(finding)) between 10 and 4000),
  reminded_at   timestamptz,
  readers       int[] not null,
  check (ends_at > opened_at and ends_at <= opened_at + interval '60 minutes'),
  check (ended_at >= opened_at and ended_at < ends_at),
  check ((ended_at is null) = (ended_by is null)),
  check (num_nonnulls(reviewed_by, reviewer, reviewed_at, verdict, finding) in (0, 5)),
  check (reviewed_by <> person_id),
  check (reviewed_at >= coalesce(ended_at, ends_at)),
  check (readers = array[2, 1000 + 4 * org_id]),
  -- Nobody looks behind two glasses at once.
  exclude using gist (int4range(person_id, person_id, '[]') with &&, tstzrange(opened_at, coalesce(ended_at, ends_at)) with &&)
);
comment on table glass_openings is 'Break-glass access of a coordinator to what one organisation keeps from the coordinators';
comment on column glass_openings.opener is 'Name at that time, as that of the reviewer: the organisation may know it without seeing the record';
comment on column glass_openings.ends_at is 'When it ends by itself; ended_at when a coordinator ended it before';
comment on column glass_openings.review_due_at is 'By when another coordinator has to judge it; past it all are reminded every day';
comment on column glass_openings.readers is 'Scopes that may read the row: coordinators and the readers of the organisation';
create index glass_openings_org on glass_openings (org_id, opened_at desc);
create index glass_openings_waiting on glass_openings (review_due_at) where reviewed_at is null;

create table glass_comments (
  id         int generated always as identity primary key,
  opening_id int not null references glass_openings,
  person_id  int not null references people,
  author     text not null,
  text       text not null check (length(btrim(text)) between 1 and 4000),
  at         timestamptz not null
);
comment on table glass_comments is 'What the organisation and the coordinators say of an opening; only added to';
comment on column glass_comments.author is 'The person''s name at that time';
create index glass_comments_opening on glass_comments (opening_id, id);

alter table trail_reads add column glass_id int references glass_openings;
comment on column trail_reads.glass_id is 'Read while this break-glass access to the organisation was open';
alter table trail_reads drop constraint trail_reads_org_id_hour_person_id_way_place_object_reader_key;
alter table trail_reads add constraint trail_reads_once
  unique nulls not distinct (org_id, hour, person_id, way, place, object, reader, glass_id);
create index trail_reads_glass on trail_reads (glass_id) where glass_id is not null;

-- The scopes that an open glass gives the actor now: the fourth number of each organisation. They stand in rows that an
-- organisation keeps to itself, never in hsoc.scopes; so an end is an end at once, on every node and in every transaction.
-- A program with a key has no person and a person who is no coordinator any more has none.
create function glass_scopes() returns int[] language sql stable as $$
  select coalesce(array_agg(1000 + 4 * g.org_id + 3), '{}') from glass_openings g
  where actor_coordinates() and g.person_id = actor_person() and g.ended_at is null and g.opened_at <= actor_now() and g.ends_at > actor_now()
$$;

-- What an organisation writes for itself alone.
alter table warning_log add column readers int[];
comment on column warning_log.readers is 'Scopes that may read a line that its organisation keeps to itself; null: whoever sees the warning';
drop policy app_reads on warning_log;
create policy app_reads on warning_log for select to hsoc_app using (
  exists (select 1 from warnings w where w.id = warning_log.warning_id)
  and (readers is null or readers && (select actor_scopes()) or readers && (select glass_scopes())));
drop policy app_writes on warning_log;
create policy app_writes on warning_log for insert to hsoc_app with check (
  person_id = (select actor_person())
  and exists (select 1 from warnings w where w.id = warning_log.warning_id
    and (warning_log.readers is null
      or w.org_id = any ((select actor_orgs())::int[]) and warning_log.readers = array[1000 + 4 * w.org_id, 1000 + 4 * w.org_id + 3])));
create policy glass_reads on audit for select to hsoc_app using (readers && (select glass_scopes()));

alter table glass_openings enable row level security;
alter table glass_comments enable row level security;
grant select on glass_openings to hsoc_app, hsoc_engine;
grant insert (org_id, person_id, opener, reason, opened_at, ends_at, review_due_at, readers) on glass_openings to hsoc_app;
grant update (ended_at, ended_by, reviewed_by, reviewer, reviewed_at, verdict, finding) on glass_openings to hsoc_app;
grant update (reminded_at) on glass_openings to hsoc_engine;
grant select, insert on glass_comments to hsoc_app;
grant select on glass_comments to hsoc_engine;
create policy app_reads on glass_openings for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_opens on glass_openings for insert to hsoc_app with check (
  (select actor_coordinates()) and person_id = (select actor_person()) and opened_at = (select actor_now()));
create policy app_ends on glass_openings for update to hsoc_app
  using ((select actor_coordinates()) and ended_at is null and ends_at > (select actor_now()))
  with check (ended_at = (select actor_now()) and ended_by = (select actor_person()) and reviewed_at is null);
create policy app_reviews on glass_openings for update to hsoc_app
  using ((select actor_coordinates()) and person_id <> (select actor_person()) and reviewed_at is null
    and coalesce(ended_at, ends_at) <= (select actor_now()))
  with check (reviewed_by = (select actor_person()) and reviewed_at = (select actor_now()) and person_id <> (select actor_person()));
create policy engine_reads on glass_openings for select to hsoc_engine using (true);
create policy engine_reminds on glass_openings for update to hsoc_engine using (true) with check (true);
create policy app_reads on glass_comments for select to hsoc_app
  using (exists (select 1 from glass_openings g where g.id = glass_comments.opening_id));
create policy app_says on glass_comments for insert to hsoc_app with check (
  person_id = (select actor_person()) and at = (select actor_now())
  and exists (select 1 from glass_openings g where g.id = glass_comments.opening_id));
create policy engine_reads on glass_comments for select to hsoc_engine using (true);

-- Who is told of an opening: of the organisation its representatives and data-protection officers, where there is neither
-- whoever works for it; and the other coordinators.
create function glass_hears(p_opening glass_openings, p_at timestamptz) returns table (person_id int, email text)
language sql stable security definer set search_path = public, pg_temp as $$
  with there as (
    select p.id, p.email, e.org_id, e.role from engagements e join people p on p.id = e.person_id and p.disabled_at is null
    where e.valid_from <= p_at and e.valid_to > p_at and (e.org_id = p_opening.org_id or e.role = 'coordinator'))
  select distinct id, email from there
  where role = 'coordinator' and id <> p_opening.person_id
    or org_id = p_opening.org_id and (role in ('representative', 'dpo')
      or not exists (select 1 from there where org_id = p_opening.org_id and role in ('representative', 'dpo')))
$$;
revoke all on function glass_hears(glass_openings, timestamptz) from public;

-- An opening without its mails cannot be written, nor a finding; whoever has pages open is judged anew.
create function glass_told() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  step text := case when tg_op = 'INSERT' then 'opened' when new.reviewed_at is distinct from old.reviewed_at then 'reviewed' end;
  at timestamptz := case when tg_op = 'INSERT' then new.opened_at else new.reviewed_at end;
begin
  if step is not null then
    perform queue_account_mail('glass:' || new.id || ':' || step, h.person_id, h.email, jsonb_build_object('template', 'glass-' || step, 'glass', new.id,
      'organisation', (select o.name from organisations o where o.id = new.org_id), 'by', new.opener,
      'reason', new.reason, 'ends', new.ends_at, 'verdict', new.verdict, 'finding', new.finding,
      'reviewer', new.reviewer), at)
    from glass_hears(new, at) h;
  end if;
  perform announce('people', new.person_id::text);
  return new;
end $$;
revoke all on function glass_told() from public;
create trigger glass_told after insert or update of ended_at, reviewed_at on glass_openings for each row execute function glass_told();

-- What the pages of a session's holder have to say above all: the own open glass, those open at the own organisations, and
-- for coordinators those that nobody judged in time.
create function glass_of_session(p_token_hash bytea, p_now timestamptz)
returns table (kind text, id int, org_id int, organisation text, person text, ends_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  with held as (
    select e.org_id, e.role, s.person_id from sessions s join engagements e on e.person_id = s.person_id
    where s.token_hash = p_token_hash and s.expires_at > p_now and e.valid_from <= p_now and e.valid_to > p_now),
  found as (
    select case when g.ended_at is null and g.ends_at > p_now
        then case when g.person_id in (select h.person_id from held h where h.role = 'coordinator') then 'own'
          when g.org_id in (select h.org_id from held h where h.role <> 'operator') then 'ours' end
        when g.reviewed_at is null and g.review_due_at <= p_now and exists (select 1 from held h where h.role = 'coordinator') then 'unreviewed' end as kind,
      g.id, g.org_id, g.opener, g.ends_at
    from glass_openings g where g.reviewed_at is null)
  select f.kind, f.id, f.org_id, o.name, f.opener, f.ends_at
  from found f join organisations o on o.id = f.org_id where f.kind is not null order by f.id limit 20
$$;
revoke all on function glass_of_session(bytea, timestamptz) from public;
grant execute on function glass_of_session(bytea, timestamptz) to hsoc_app;

-- module: site
-- Public pages are kept as they were drawn until something changes that they show: whoever writes it, all nodes hear of it.
create function site_changed() returns trigger language plpgsql as $$
begin
  perform announce('site', '');
  return null;
end $$;
create trigger site_changed after insert or update or delete on site_pages for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on site_versions for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on site_occasions for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on site_showings for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on plan_goals for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on plan_actions for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on plan_updates for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on plan_evidence for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on plan_date_changes for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on organisations for each statement execute function site_changed();
