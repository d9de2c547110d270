-- module: channels
-- Who was told of a written warning by text message, push or webhook is told by the same way when it is narrowed or revoked, also
-- while their mail still waited. Who was told once that it is nothing for them any more is not told so by every later version.

create function told_short_of_written(p_written int)
returns table (channel text, person_id int, org_id int, address text, severity int, detail jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (d.address, d.org_id) d.channel, d.person_id, d.org_id, d.address, d.severity, d.detail
  from deliveries d
  where d.written_id = p_written and d.channel <> 'mail' and d.kind not in ('revoked', 'talk', 'answer')
    and d.state in ('sending', 'sent', 'delivered', 'unknown') and actor_coordinates()
    and not exists (select 1 from deliveries r where r.written_id = p_written and r.address = d.address and r.org_id is not distinct from d.org_id
      and r.kind = 'revoked' and r.id > d.id and r.state not in ('failed', 'dropped'))
  order by d.address, d.org_id, d.id desc
$$;
revoke all on function told_short_of_written(int) from public;
grant execute on function told_short_of_written(int) to hsoc_app;

-- Only where the same address heard of the same warning before.
create function queue_short_written(p_kind text, p_topic text, p_written int, p_now timestamptz, p_rows jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with made as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select r.channel, p_kind, p_topic || case when r.channel = 'webhook' then ' webhook' else coalesce(' org ' || r.org, '') end,
      r.person, r.org, r.address, p_written, r.severity, r.detail, p_now, p_now, r.readers, coalesce(r.org, 0)
    from jsonb_to_recordset(p_rows) as r (channel text, person int, org int, address text, severity int, detail jsonb, readers int[])
    where actor_coordinates() and r.channel <> 'mail' and exists (select 1 from deliveries d
      where d.written_id = p_written and d.channel = r.channel and d.address = r.address)
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;
revoke all on function queue_short_written(text, text, int, timestamptz, jsonb) from public;
grant execute on function queue_short_written(text, text, int, timestamptz, jsonb) to hsoc_app;

create or replace function stop_written(p_written int, p_reason text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with stopped as (
    update deliveries set state = 'dropped', reason = p_reason
    where written_id = p_written and state in ('queued', 'held') and kind <> 'revoked' and actor_coordinates()
    returning 1)
  select count(*) from stopped
$$;

create or replace function told_of_written(p_written int)
returns table (person_id int, org_id int, address text, "as" text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (d.address, d.org_id) d.person_id, d.org_id, d.address, d.detail->>'as'
  from deliveries d
  where d.written_id = p_written and d.channel = 'mail' and d.state in ('sending', 'sent', 'delivered', 'digested') and d.kind not in ('revoked', 'talk') and actor_coordinates()
    and not exists (select 1 from deliveries r where r.written_id = p_written and r.address = d.address and r.org_id is not distinct from d.org_id
      and r.channel = 'mail' and r.kind = 'revoked' and r.id > d.id and r.state not in ('failed', 'dropped'))
  order by d.address, d.org_id, d.id
$$;
