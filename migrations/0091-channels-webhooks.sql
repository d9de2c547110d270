-- module: channels
-- Programs and chats of an organisation that are told of its warnings, each at an address that the organisation chose.

create table webhooks (
  id             int generated always as identity primary key,
  org_id         int not null references organisations,
  name           text not null check (length(name) between 1 and 100),
  form           text not null check (form in ('signed', 'text', 'teams', 'template')),
  template       text not null default '' check (length(template) <= 4000),
  sealed_url     text not null,
  host           text not null,
  sealed_secret  text not null,
  sealed_earlier text,
  earlier_until  timestamptz,
  events         text[] not null check (cardinality(events) > 0 and events <@ array['written', 'detected', 'answers']),
  least          smallint not null check (least between 1 and 4),
  language       text not null check (language in ('cs', 'en')),
  failures       int not null default 0,
  failing_since  timestamptz,
  disabled_at    timestamptz,
  disabled_why   text,
  made_at        timestamptz not null,
  made_by        int references people
);
comment on column webhooks.sealed_url is 'Where messages go, sealed (platform/seal.ts): the address of a chat is its key';
comment on column webhooks.host is 'Of the address, to be shown';
comment on column webhooks.sealed_secret is 'What messages are signed with, sealed (platform/seal.ts)';
comment on column webhooks.sealed_earlier is 'The secret before, sealed (platform/seal.ts): signed with as well until earlier_until';
comment on column webhooks.least is 'From this severity on: 1 low to 4 critical';
comment on column webhooks.failures is 'Tries in a row that failed';
comment on column webhooks.disabled_why is 'gone: the other side said so; failing: too many tries failed; a person''s hand otherwise';
create index webhooks_org on webhooks (org_id);
alter table webhooks enable row level security;
grant select, insert, update, delete on webhooks to hsoc_app;
grant select, insert, update, delete on webhooks to hsoc_engine;
-- Which of an organisation's people may is told by the roles of the route; nobody else's rows are ever theirs.
create policy app_own on webhooks to hsoc_app
  using (org_id = any ((select actor_orgs())::int[])) with check (org_id = any ((select actor_orgs())::int[]));
create policy engine_all on webhooks to hsoc_engine using (true) with check (true);

alter table deliveries drop constraint deliveries_kind_check;
alter table deliveries add constraint deliveries_kind_check
  check (kind in ('new', 'update', 'relapse', 'digest', 'exercise', 'sensor', 'account', 'ladder', 'talk', 'revoked', 'answer'));

-- One message for each webhook of an organisation that wants this kind of news at this severity.
create function queue_webhooks(p_news text, p_kind text, p_topic text, p_org int, p_warning bigint, p_written int, p_severity int, p_detail jsonb, p_now timestamptz)
returns bigint language sql as $$
  with made as (
    insert into deliveries (channel, kind, topic, org_id, address, warning_id, written_id, severity, detail, decided_at, due_at, readers, unit)
    select 'webhook', p_kind, p_topic, p_org, 'webhook:' || w.id, p_warning, p_written, p_severity, p_detail || '{"as": "contact"}', p_now, p_now,
      array[2, 1000 + 4 * p_org], p_org
    from webhooks w
    where w.org_id = organisation_now(p_org) and w.disabled_at is null and p_news = any (w.events) and w.least <= p_severity
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;
revoke all on function queue_webhooks(text, text, text, int, bigint, int, int, jsonb, timestamptz) from public;
grant execute on function queue_webhooks(text, text, text, int, bigint, int, int, jsonb, timestamptz) to hsoc_engine;

-- The same in the transaction of somebody who answers for the organisation, or for it on the telephone.
create function queue_answer(p_topic text, p_org int, p_warning bigint, p_written int, p_severity int, p_detail jsonb, p_now timestamptz) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  select case when p_org = any ((select actor_orgs())::int[]) or actor_coordinates()
    then queue_webhooks('answers', 'answer', p_topic, p_org, p_warning, p_written, p_severity, p_detail, p_now) else 0 end
$$;
revoke all on function queue_answer(text, int, bigint, int, int, jsonb, timestamptz) from public;
grant execute on function queue_answer(text, int, bigint, int, int, jsonb, timestamptz) to hsoc_app;

-- Beside each mail what its reader chose, and each organisation's webhooks once. Of TLP:RED, which is for persons, no organisation hears.
create or replace function queue_written(p_kind text, p_topic text, p_written int, p_severity int, p_now timestamptz, p_rows jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with wanted as (
    select r.* from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    where actor_coordinates()),
  made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, p_now, r.readers, coalesce(r.org, 0)
    from wanted r
    on conflict (topic, address) do nothing
    returning 1),
  beside as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select a.channel, p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, a.address, p_written, p_severity, r.detail,
      p_now, p_now, r.readers, coalesce(r.org, 0)
    from wanted r join channel_choices c on c.person_id = r.person and c.least <= p_severity
      join lateral short_addresses(r.person) a on a.channel = c.channel
    where (r.hold is null or r.hold = 'digest') and p_kind <> 'talk'
    on conflict (topic, address) do nothing
    returning 1),
  organisations as (
    select distinct on (r.org) r.org, r.detail from wanted r
    where (1000 + 4 * r.org) = any (r.readers) and p_kind in ('new', 'update', 'revoked') order by r.org),
  machines as (
    select coalesce(sum(queue_webhooks('written', p_kind, p_topic || ' webhook', o.org, null, p_written, p_severity, o.detail, p_now)), 0) as n
    from organisations o)
  select (select count(*) from made) + 0 * n from machines
$$;

-- What has not gone out stays here. Of a revoked one also those are told who had it by another way while their mail still waited.
create or replace function stop_written(p_written int, p_reason text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with had as (
    select distinct on (d.address, d.org_id) d.channel, d.person_id, d.org_id, d.address, d.severity, d.detail, d.readers, d.unit
    from deliveries d
    where p_reason = 'revoked' and d.written_id = p_written and d.channel <> 'mail' and d.kind in ('new', 'update')
      and d.state in ('sending', 'sent', 'delivered', 'unknown') and actor_coordinates()
    order by d.address, d.org_id, d.id desc),
  told as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select h.channel, 'revoked', 'written ' || p_written || ' revoked' || case when h.channel = 'webhook' then ' webhook' else coalesce(' org ' || h.org_id, '') end,
      h.person_id, h.org_id, h.address, p_written, h.severity, h.detail, (select actor_now()), (select actor_now()), h.readers, h.unit
    from had h
    on conflict (topic, address) do nothing
    returning 1),
  stopped as (
    update deliveries set state = 'dropped', reason = p_reason
    where written_id = p_written and state in ('queued', 'held') and kind <> 'revoked' and actor_coordinates()
    returning 1)
  select count(*) + 0 * (select count(*) from told) from stopped
$$;
