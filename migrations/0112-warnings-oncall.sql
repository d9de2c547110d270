-- module: warnings
-- On call: what nobody has taken yet climbs the steps of a policy. The policy is copied at the beginning, who a step is is asked when it fires.

create table oncall_climbs (
  id          int generated always as identity primary key,
  kind        text not null check (kind in ('member', 'csirt')),
  cause       text not null check (cause in ('critical', 'emergency', 'sensor', 'handed-up', 'nobody', 'review')),
  org_id      int references organisations,
  warning_id  bigint references warnings on delete cascade,
  written_id  int references written_warnings on delete cascade,
  severity    smallint not null,
  topic       text,
  notice_kind text not null check (notice_kind in ('new', 'update', 'relapse', 'ladder', 'exercise')),
  policy      jsonb not null,
  state       text not null default 'climbing' check (state in ('climbing', 'taken', 'open', 'ended')),
  round       int not null default 1,
  first_round int not null default 1,
  next_no     int not null default 1,
  round_at    timestamptz not null,
  next_at     timestamptz,
  began_at    timestamptz not null,
  taken_at    timestamptz,
  taken_by    int references people,
  ended_at    timestamptz,
  ended_why   text check (ended_why in ('answered', 'over', 'closed', 'handed-up', 'reviewed')),
  readers     int[] not null,
  check ((warning_id is null) <> (written_id is null)),
  check ((state = 'ended') = (ended_at is not null) and (state = 'ended') = (ended_why is not null)),
  check ((state = 'climbing') = (next_at is not null))
);
comment on table oncall_climbs is 'What climbs the steps of an escalation policy, of a member or of the coordinators, until somebody takes it';
comment on column oncall_climbs.cause is 'handed-up: a member''s steps came to the coordinators; nobody: no step of the member''s reached anybody';
comment on column oncall_climbs.org_id is 'Whose thing it is; null: the coordinators'' own';
comment on column oncall_climbs.topic is 'Of the notice that went out at the beginning: the first step tells nobody twice';
comment on column oncall_climbs.policy is 'As it was at the beginning; later versions change nothing';
comment on column oncall_climbs.state is 'taken: acknowledged, opens again after an hour; open: every step was told, and nobody took it';
comment on column oncall_climbs.first_round is 'The round it began with, or began again with';
create unique index oncall_climbs_living on oncall_climbs (kind, coalesce(warning_id, 0), coalesce(written_id, 0), coalesce(org_id, 0))
  where ended_at is null;
create index oncall_climbs_due on oncall_climbs (next_at) where next_at is not null;
create index oncall_climbs_warning on oncall_climbs (warning_id) where warning_id is not null;
create index oncall_climbs_written on oncall_climbs (written_id) where written_id is not null;

create table oncall_steps (
  climb_id int not null references oncall_climbs on delete cascade,
  org_id   int references organisations,
  round    int not null,
  no       int not null,
  fired_at timestamptz not null,
  people   int[] not null default '{}',
  reached  int not null default 0,
  primary key (climb_id, round, no)
);
comment on table oncall_steps is 'Steps that fired: a step fires once in a round, whoever asks';
comment on column oncall_steps.people is 'Who the step was at that moment';
comment on column oncall_steps.reached is 'How many of them have a way by which they could be told';

alter table oncall_climbs enable row level security;
alter table oncall_steps enable row level security;
grant select on oncall_climbs, oncall_steps to hsoc_app;
grant select, insert, update on oncall_climbs, oncall_steps to hsoc_engine;
create policy app_reads on oncall_climbs for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on oncall_steps for select to hsoc_app using (exists (select 1 from oncall_climbs c where c.id = climb_id));
create policy engine_all on oncall_climbs to hsoc_engine using (true) with check (true);
create policy engine_all on oncall_steps to hsoc_engine using (true) with check (true);

-- Why a climb has nothing to climb for any more; null while it has. Asked when a step fires, and again before a message of it goes out.
create function oncall_over(c oncall_climbs, p_now timestamptz) returns text language sql stable as $$
  select case
    when c.cause = 'review' then (
      select case when v.judged_at is not null then 'reviewed' when v.id is null then 'over' end
      from written_warnings w left join written_versions v on v.warning_id = w.id and v.state = 'published' and v.review_due_at is not null
      where w.id = c.written_id)
    when c.warning_id is not null then (
      select case when w.state = 'closed' then 'over' when w.answer <> 'pending' then 'answered' end
      from warnings w where w.id = c.warning_id)
    else (
      select case when w.state <> 'published' or w.ends_at <= p_now then 'over' when a.answer <> 'pending' then 'answered'
        when a.org_id is null or a.out_at is not null then 'over' end
      from written_warnings w left join written_asked a on a.warning_id = w.id and a.org_id = c.org_id where w.id = c.written_id)
  end
$$;
comment on function oncall_over(oncall_climbs, timestamptz) is 'answered, over, reviewed, or null';

-- Names of whom steps told, for whoever may read the climb: a coordinator calls people of a member without reading their records.
create function oncall_people(p_climbs int[]) returns table (climb_id int, round int, no int, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.climb_id, s.round, s.no, p.name
  from oncall_climbs c join oncall_steps s on s.climb_id = c.id join people p on p.id = any (s.people)
  where c.id = any (p_climbs) and c.readers && actor_scopes()
$$;
revoke all on function oncall_people(int[]) from public;
grant execute on function oncall_people(int[]) to hsoc_app;
