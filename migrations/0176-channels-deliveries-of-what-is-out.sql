-- module: channels
-- Who had a written warning is known from the messages alone, so those of a warning that is still out are kept past their period: it may have to be called back.

create function deliveries_past(p_before timestamptz) returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select d.id from deliveries d where d.decided_at < p_before and d.state not in ('queued', 'sending')
    and not exists (select 1 from written_warnings w where w.id = d.written_id and w.state = 'published' and d.kind <> 'talk')
    -- A digest stays as long as one of those that it lists.
    and not exists (select 1 from deliveries k join written_warnings w on w.id = k.written_id and w.state = 'published' where k.digest_id = d.id and k.kind <> 'talk')
$$;
comment on function deliveries_past(timestamptz) is 'Messages past their period that nothing needs any more';
revoke all on function deliveries_past(timestamptz) from public;
grant execute on function deliveries_past(timestamptz) to hsoc_engine;

create or replace function retention_count(p_what text, p_before timestamptz) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select case p_what
    when 'raw_events' then (select coalesce(sum(n), 0) from batches where received_at < p_before and first_serial is not null)
    when 'sums' then (select count(*) from detections d where d.hour < floor(extract(epoch from p_before) / 3600)
      and not exists (select 1 from events e where e.hour = d.hour))
    when 'rejects' then (select count(*) from rejects where at < p_before)
    when 'sensor_minutes' then (select count(*) from sensor_minutes where minute < p_before)
    when 'sensor_batches' then (select count(*) from sensor_batches where at < p_before)
    when 'api_key_uses' then (select count(*) from api_key_uses where on_day < (p_before at time zone 'UTC')::date)
    when 'deliveries' then (select count(*) from deliveries_past(p_before))
    when 'invitations' then (select count(*) from invitations where expires_at < p_before)
    when 'recoveries' then (select count(*) from recoveries where expires_at < p_before)
    when 'devices' then (select count(*) from devices where seen_at < p_before)
    when 'reads' then (select count(*) from trail_reads where last_at < p_before)
    when 'people' then (select count(*) from people_gone(p_before))
  end
  where actor_coordinates() or actor_operates()
$$;
