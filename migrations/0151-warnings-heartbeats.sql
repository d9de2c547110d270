-- module: warnings
-- Heartbeats: something outside says again and again that it lives (POST /hb/<token>); when it does not, the coordinators are called.

create table heartbeats (
  id           int generated always as identity primary key,
  name         text not null check (name <> '' and length(name) <= 100),
  interval_min int not null check (interval_min between 1 and 44640),
  grace_min    int not null check (grace_min between 5 and 10080),
  token_hash   bytea not null unique,
  made_by      int not null references people,
  made_at      timestamptz not null,
  renewed_at   timestamptz,
  beat_at      timestamptz,
  due_at       timestamptz,
  ended_at     timestamptz,
  readers      int[] not null default '{2}',
  check ((beat_at is null) = (due_at is null))
);
comment on table heartbeats is 'What is to say again and again that it lives; its silence calls the coordinators on duty';
comment on column heartbeats.token_hash is 'Of the address at which it says so; the address is shown once';
comment on column heartbeats.beat_at is 'When it said so last; null: never yet, and then its silence means nothing';
comment on column heartbeats.due_at is 'beat_at, the interval and the grace: from then on it is missing';
create index heartbeats_due on heartbeats (due_at) where ended_at is null and due_at is not null;

alter table heartbeats enable row level security;
create policy app_reads on heartbeats for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on heartbeats to hsoc_engine using (true) with check (true);
grant select (id, name, interval_min, grace_min, made_by, made_at, renewed_at, beat_at, due_at, ended_at, readers) on heartbeats to hsoc_app;
grant select, insert, update on heartbeats to hsoc_engine;

alter table oncall_climbs drop constraint oncall_climbs_cause_check;
alter table oncall_climbs add constraint oncall_climbs_cause_check
  check (cause in ('critical', 'emergency', 'sensor', 'handed-up', 'nobody', 'review', 'heartbeat'));
