-- module: channels
-- Messages to browsers (RFC 8030): who subscribed which device, and the pair of keys by which push services know us.

alter table deliveries drop constraint deliveries_channel_check;
alter table deliveries add constraint deliveries_channel_check check (channel in ('mail', 'sms', 'push', 'webhook'));
alter table channel_states drop constraint channel_states_channel_check;
alter table channel_states add constraint channel_states_channel_check check (channel in ('mail', 'sms', 'push', 'webhook'));
alter table channel_choices drop constraint channel_choices_channel_check;
alter table channel_choices add constraint channel_choices_channel_check check (channel in ('sms', 'push'));

create table push_keys (
  id         int primary key check (id = 1),
  public_key text not null,
  sealed_key text not null,
  made_at    timestamptz not null
);
comment on table push_keys is 'The pair of keys of this installation (RFC 8292), made once: with another pair every device would have to subscribe anew';
comment on column push_keys.sealed_key is 'The private key, sealed (platform/seal.ts)';
alter table push_keys enable row level security;
grant select, insert, update, delete on push_keys to hsoc_engine;
create policy engine_all on push_keys to hsoc_engine using (true) with check (true);

create table push_devices (
  id        int generated always as identity primary key,
  person_id int not null references people,
  name      text not null,
  endpoint  text not null unique,
  p256dh    text not null,
  auth      text not null,
  added_at  timestamptz not null,
  seen_at   timestamptz not null,
  told_at   timestamptz,
  gone_at   timestamptz
);
comment on table push_devices is 'Browsers that a person wants messages in';
comment on column push_devices.gone_at is 'Its push service no longer knows it (404, 410): nothing is sent until the browser says anew, at its next visit, where to';
comment on column push_devices.endpoint is 'Where its push service takes messages; of one browser there is one, whoever signs in there last';
comment on column push_devices.seen_at is 'When the browser last said at a visit that it still wants them';
comment on column push_devices.told_at is 'When it last said that it had shown a message';
create index push_devices_person on push_devices (person_id);
alter table push_devices enable row level security;
grant select, update, delete on push_devices to hsoc_app;
grant select, insert, update, delete on push_devices to hsoc_engine;
create policy app_own on push_devices to hsoc_app
  using (person_id = (select actor_person())) with check (person_id = (select actor_person()));
create policy engine_all on push_devices to hsoc_engine using (true) with check (true);

-- Where a person is reached beside mail: numbers that are proved, and devices that subscribed.
create function short_addresses(p_person int) returns table (channel text, address text) language sql stable as $$
  select distinct 'sms', p.value from contact_points p
  where p.channel = 'sms' and p.person_id = p_person and p.ended_at is null and p.verified_at is not null
  union all
  select 'push', 'push:' || d.id from push_devices d where d.person_id = p_person and d.gone_at is null
$$;
revoke all on function short_addresses(int) from public;
grant execute on function short_addresses(int) to hsoc_engine;

-- Of written warnings too: beside each mail that goes at once or waits for the digest, what its reader chose.
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
    where r.hold is null or r.hold = 'digest'
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;

-- The mails that went out: what went beside them has addresses of its own.
create or replace function told_of_written(p_written int)
returns table (person_id int, org_id int, address text, "as" text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (d.address, d.org_id) d.person_id, d.org_id, d.address, d.detail->>'as'
  from deliveries d
  where d.written_id = p_written and d.channel = 'mail' and d.state in ('sending', 'sent', 'delivered', 'digested') and d.kind not in ('revoked', 'talk') and actor_coordinates()
  order by d.address, d.org_id, d.id
$$;
