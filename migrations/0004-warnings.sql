-- module: warnings

create table rule_settings (
  id         int generated always as identity primary key,
  rule       text not null,
  version    int not null,
  params     jsonb not null,
  enabled    boolean not null default true,
  changed_at timestamptz not null,
  changed_by int,
  reason     text not null,
  unique (rule, version)
);
comment on table rule_settings is 'Every version of every rule''s thresholds; the one in force at a time is the newest not after it';

create sequence warning_numbers;
create table warnings (
  id          bigint generated always as identity primary key,
  number      text not null unique,
  org_id      int references organisations,
  rule        text not null,
  rule_version int not null,
  topic       text not null,
  side        smallint not null default 0,
  family_id   int,
  key_id      int,
  sensor_id   int,
  severity    smallint not null,
  tlp         text not null default 'AMBER' check (tlp in ('RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  state       text not null default 'open' check (state in ('open', 'closed', 'reopened')),
  answer      text not null default 'pending' check (answer in ('pending', 'seen', 'working', 'done', 'not_affected')),
  answered_at timestamptz,
  answered_by int,
  first_answer_at timestamptz,
  title       jsonb not null,
  explanation jsonb not null,
  seen_band   text,
  lane        smallint not null default 0,
  exercise    text,
  opened_at   timestamptz not null,
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  closed_at   timestamptz,
  notified_at timestamptz,
  quiet_until timestamptz,
  relapse_from timestamptz,
  notified_state jsonb,
  ladder_step int not null default 0,
  ladder_due_at timestamptz,
  assignee_id int references people,
  readers     int[] not null,
  changed_at  timestamptz not null
);
comment on column warnings.topic is 'What makes two findings one trouble: (rule, topic) is open at most once an organisation';
comment on column warnings.org_id is 'Null for warnings of the coordinators themselves (a sensor of the sector, a campaign below the number that members may know of)';
comment on column warnings.title is 'Key and parameters of the title sentence; rendered in the reader''s language';
comment on column warnings.explanation is 'Rule, version, each threshold with the value met, matched range, severity steps, what was already done';
comment on column warnings.quiet_until is 'Repeat threshold: nothing is sent about more of the same before; relapse_from begins its relapse window';
create unique index warnings_living on warnings (coalesce(org_id, 0), rule, topic, lane, coalesce(exercise, '')) where state <> 'closed';
create index warnings_list on warnings (org_id, opened_at desc, id desc);
create index warnings_all on warnings (opened_at desc, id desc);
create index warnings_changed on warnings (changed_at desc);
create index warnings_ladder on warnings (ladder_due_at) where ladder_due_at is not null;

-- One row per reading scope, so that a list for somebody who may read little never walks over what he may not read.
create table warning_scopes (
  scope      int not null,
  opened_at  timestamptz not null,
  warning_id bigint not null references warnings on delete cascade,
  primary key (scope, opened_at, warning_id)
);

create table warning_episodes (
  warning_id bigint not null references warnings on delete cascade,
  episode_id bigint not null,
  primary key (warning_id, episode_id)
);
create index warning_episodes_episode on warning_episodes (episode_id);

create table warning_log (
  id         bigint generated always as identity primary key,
  warning_id bigint not null references warnings on delete cascade,
  at         timestamptz not null,
  kind       text not null,
  person_id  int,
  detail     jsonb not null default '{}'
);
create index warning_log_warning on warning_log (warning_id, at, id);
comment on table warning_log is 'What happened to a warning: opened, raised, relapse, merged, mailed, answer, note, question, reply, assigned, closed, reopened, band';

create table answers (
  id         bigint generated always as identity primary key,
  warning_id bigint not null references warnings on delete cascade,
  org_id     int,
  person_id  int not null,
  answer     text not null check (answer in ('seen', 'working', 'done', 'not_affected', 'false_alarm')),
  counted    boolean not null,
  via        text not null check (via in ('page', 'mail', 'coordinator')),
  note       text,
  at         timestamptz not null
);
create index answers_warning on answers (warning_id, at);
comment on column answers.counted is 'False when the rights or the state at that moment did not let it change the warning (a later seen never undoes done)';

create table action_links (
  token_hash  bytea primary key,
  delivery_id bigint not null,
  warning_id  bigint not null references warnings on delete cascade,
  person_id   int not null references people,
  actions     text[] not null,
  created_at  timestamptz not null,
  revoked_at  timestamptz
);

create table announced_tests (
  id           int generated always as identity primary key,
  org_id       int not null references organisations,
  net_from     inet not null,
  net_to       inet not null,
  text         text not null,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null check (ends_at > starts_at),
  note         text not null default '',
  announced_by int not null references people,
  announced_at timestamptz not null,
  withdrawn_at timestamptz
);
create index announced_tests_org on announced_tests (org_id, ends_at);

create table exercises (
  id         text primary key,
  title      text not null,
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  created_by int references people,
  created_at timestamptz not null
);

do $$
declare t text;
begin
  foreach t in array array['rule_settings', 'warnings', 'warning_scopes', 'warning_episodes', 'warning_log', 'answers', 'action_links',
    'announced_tests', 'exercises'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert, update, delete on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
end $$;
grant usage on sequence warning_numbers to hsoc_engine;

grant select on rule_settings, warnings, warning_scopes, warning_episodes, warning_log, answers, announced_tests, exercises to hsoc_app;
grant insert on rule_settings, warning_log, answers, announced_tests, exercises to hsoc_app;
grant update (answer, answered_at, answered_by, first_answer_at, state, closed_at, assignee_id, changed_at, ladder_due_at) on warnings to hsoc_app;
grant update (withdrawn_at) on announced_tests to hsoc_app;

-- Thresholds are no secret: whoever is warned may see the rule that did it.
create policy app_reads on rule_settings for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_writes on rule_settings for insert to hsoc_app with check ((select actor_coordinates()) and changed_by = (select actor_person()));
create policy app_reads on warnings for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_changes on warnings for update to hsoc_app using (readers && (select actor_scopes())) with check (readers && (select actor_scopes()));
create policy app_reads on warning_scopes for select to hsoc_app using (scope = any ((select actor_scopes())::int[]));
create policy app_reads on warning_episodes for select to hsoc_app using (exists (select 1 from warnings w where w.id = warning_episodes.warning_id));
create policy app_reads on warning_log for select to hsoc_app using (exists (select 1 from warnings w where w.id = warning_log.warning_id));
create policy app_writes on warning_log for insert to hsoc_app
  with check (person_id = (select actor_person()) and exists (select 1 from warnings w where w.id = warning_log.warning_id));
create policy app_reads on answers for select to hsoc_app using (exists (select 1 from warnings w where w.id = answers.warning_id));
create policy app_writes on answers for insert to hsoc_app
  with check (person_id = (select actor_person()) and exists (select 1 from warnings w where w.id = answers.warning_id));
create policy app_reads on announced_tests for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_writes on announced_tests for insert to hsoc_app
  with check (org_id = any ((select actor_orgs())::int[]) and announced_by = (select actor_person()));
create policy app_changes on announced_tests for update to hsoc_app
  using (org_id = any ((select actor_orgs())::int[])) with check (org_id = any ((select actor_orgs())::int[]));
create policy app_reads on exercises for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_writes on exercises for insert to hsoc_app with check ((select actor_coordinates()) and created_by = (select actor_person()));
