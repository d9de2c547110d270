-- module: duty
-- Who is on duty when, at an organisation or among the coordinators. Who that is at a moment is computed (src/modules/duty/rota.ts);
-- a person who stopped acting for the organisation is on duty nowhere at once, and their time shows as a gap.

create table duty_schedules (
  id         int generated always as identity primary key,
  org_id     int references organisations,
  name       text not null check (length(name) between 1 and 60),
  holidays   text not null check (holidays in ('ignored', 'sunday')),
  readers    int[] not null,
  created_at timestamptz not null,
  ended_at   timestamptz
);
comment on table duty_schedules is 'A duty; ended rather than deleted';
comment on column duty_schedules.org_id is 'Null: the coordinators'' own';
comment on column duty_schedules.holidays is 'What a public holiday is: a day like any other, or a Sunday';
comment on column duty_schedules.readers is 'Its organisation and the coordinators, who must reach somebody at night';
create unique index duty_schedules_name on duty_schedules (coalesce(org_id, 0), lower(name)) where ended_at is null;

create table duty_rules (
  id          int generated always as identity primary key,
  schedule_id int not null references duty_schedules,
  org_id      int references organisations,
  weekdays    smallint[] not null check (weekdays <@ '{1,2,3,4,5,6,7}' and cardinality(weekdays) between 1 and 7),
  from_clock  text not null check (from_clock ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  to_clock    text not null check (to_clock ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  rotation    text check (rotation in ('hourly', 'daily', 'weekly', 'monthly')),
  turn_length int check (turn_length between 1 and 366),
  turn_start  timestamp,
  added_at    timestamptz not null,
  ended_at    timestamptz,
  check ((rotation is null) = (turn_length is null) and (rotation is null) = (turn_start is null))
);
comment on table duty_rules is 'A window of the week and who is on duty in it: one person, or people who take turns';
comment on column duty_rules.weekdays is '1 Monday to 7 Sunday';
comment on column duty_rules.to_clock is 'Not after from_clock: of the next day';
comment on column duty_rules.rotation is 'Null: the one person';
comment on column duty_rules.turn_start is 'When the first one''s turn begins, by the wall clock';
create index duty_rules_schedule on duty_rules (schedule_id) where ended_at is null;

create table duty_turns (
  rule_id   int not null references duty_rules,
  org_id    int references organisations,
  place     smallint not null,
  person_id int not null references people,
  primary key (rule_id, place)
);
comment on table duty_turns is 'Who takes turns in a rule, in order';
create index duty_turns_person on duty_turns (person_id);

create table duty_changes (
  id           int generated always as identity primary key,
  schedule_id  int not null references duty_schedules,
  org_id       int references organisations,
  kind         text not null check (kind in ('add', 'remove', 'replace', 'temporary')),
  person_id    int not null references people,
  stand_in     int references people,
  from_at      timestamptz not null,
  to_at        timestamptz not null check (to_at > from_at),
  note         text not null default '' check (length(note) <= 200),
  made_by      int not null references people,
  made_at      timestamptz not null,
  withdrawn_at timestamptz,
  check ((kind = 'replace') = (stand_in is not null))
);
comment on table duty_changes is 'What differs from the rules for a while';
comment on column duty_changes.kind is 'temporary: nobody but the people of temporary changes is on duty then';
comment on column duty_changes.stand_in is 'Who is on duty instead of the person';
create index duty_changes_schedule on duty_changes (schedule_id, to_at) where withdrawn_at is null;
create index duty_changes_person on duty_changes (person_id);

alter table duty_schedules enable row level security;
alter table duty_rules enable row level security;
alter table duty_turns enable row level security;
alter table duty_changes enable row level security;
grant select on duty_schedules, duty_rules, duty_turns, duty_changes to hsoc_app;
grant select, insert, update on duty_schedules, duty_rules, duty_turns, duty_changes to hsoc_engine;
create policy app_reads on duty_schedules for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on duty_rules for select to hsoc_app using (exists (select 1 from duty_schedules s where s.id = schedule_id));
create policy app_reads on duty_turns for select to hsoc_app using (exists (select 1 from duty_rules r where r.id = rule_id));
create policy app_reads on duty_changes for select to hsoc_app using (exists (select 1 from duty_schedules s where s.id = schedule_id));
create policy engine_all on duty_schedules to hsoc_engine using (true) with check (true);
create policy engine_all on duty_rules to hsoc_engine using (true) with check (true);
create policy engine_all on duty_turns to hsoc_engine using (true) with check (true);
create policy engine_all on duty_changes to hsoc_engine using (true) with check (true);

-- Names of those on duty, for whoever may read the schedule: a coordinator reads the duty of a member without its people's records.
create function duty_people(p_schedule int) returns table (id int, name text, acts boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.name, p.disabled_at is null and exists (
      select 1 from engagements e where e.person_id = p.id and e.valid_from <= actor_now() and e.valid_to > actor_now()
        and case when s.org_id is null then e.role = 'coordinator' else e.org_id = any (organisation_with_merged(s.org_id)) end)
  from duty_schedules s, people p
  where s.id = p_schedule and s.readers && actor_scopes() and p.id in (
    select t.person_id from duty_turns t join duty_rules r on r.id = t.rule_id where r.schedule_id = s.id and r.ended_at is null
    union select c.person_id from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null
    union select c.stand_in from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null)
$$;
comment on function duty_people(int) is 'acts: whether they still act for whose duty it is; a merged account of one and the same person counts by its own number';
revoke all on function duty_people(int) from public;
grant execute on function duty_people(int) to hsoc_app;
