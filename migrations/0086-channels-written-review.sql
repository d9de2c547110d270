-- module: channels
-- Letters among those who write warnings: one waits for review, was given back, is out, or is overdue to be looked at. The program
-- reminds by itself, so the outbox takes its rows too; what coordinators wrote to each other is nothing that a reader has.

create function queue_written_rows(p_kind text, p_topic text, p_written int, p_severity int, p_now timestamptz, p_rows jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, p_now, r.readers, coalesce(r.org, 0)
    from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;
comment on function queue_written_rows(text, text, int, int, timestamptz, jsonb) is 'For the program alone';
revoke all on function queue_written_rows(text, text, int, int, timestamptz, jsonb) from public;
grant execute on function queue_written_rows(text, text, int, int, timestamptz, jsonb) to hsoc_engine;

create or replace function queue_written(p_kind text, p_topic text, p_written int, p_severity int, p_now timestamptz, p_rows jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  select case when actor_coordinates() then queue_written_rows(p_kind, p_topic, p_written, p_severity, p_now, p_rows) else 0 end
$$;

create or replace function told_of_written(p_written int)
returns table (person_id int, org_id int, address text, "as" text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (d.address, d.org_id) d.person_id, d.org_id, d.address, d.detail->>'as'
  from deliveries d
  where d.written_id = p_written and d.state in ('sending', 'sent', 'digested') and d.kind not in ('revoked', 'talk') and actor_coordinates()
  order by d.address, d.org_id, d.id
$$;
