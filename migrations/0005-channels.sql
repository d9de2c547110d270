-- module: channels

create table deliveries (
  id          bigint generated always as identity primary key,
  kind        text not null check (kind in ('new', 'update', 'relapse', 'digest', 'exercise', 'sensor', 'account', 'ladder')),
  topic       text not null,
  person_id   int references people,
  org_id      int references organisations,
  address     text not null,
  warning_id  bigint,
  severity    smallint,
  detail      jsonb not null default '{}',
  state       text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'held', 'digested', 'dropped')),
  reason      text,
  decided_at  timestamptz not null,
  due_at      timestamptz not null,
  claimed_at  timestamptz,
  attempts    int not null default 0,
  message_id  text,
  reply       text,
  sent_at     timestamptz,
  opened_at   timestamptz,
  readers     int[] not null,
  unique (topic, address)
);
comment on table deliveries is 'The outbox and its log: decided, queued, handed over with the server''s reply, failed, or held for the digest with the reason';
comment on column deliveries.topic is 'Names what is said (warning 12 opened, digest of a day): the same is never queued twice for one address';
create index deliveries_due on deliveries (due_at) where state in ('queued', 'sending');
create index deliveries_held on deliveries (person_id, decided_at) where state = 'held';
create index deliveries_warning on deliveries (warning_id);
create index deliveries_recent on deliveries (decided_at desc, id desc);

alter table deliveries enable row level security;
grant select on deliveries to hsoc_app;
grant select, insert, update, delete on deliveries to hsoc_engine;
create policy app_reads on deliveries for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on deliveries to hsoc_engine using (true) with check (true);

-- One place wakes the listeners of all nodes; payloads hold ids only, never content.
create function announce(channel text, payload text) returns void language sql as $$ select pg_notify('hsoc_' || channel, payload) $$;
revoke all on function announce(text, text) from public;
grant execute on function announce(text, text) to hsoc_app, hsoc_engine;
