-- channels: what an emergency says to those who are asked waits a moment, so that whoever its roll-call tells is told once.
create or replace function queue_written(p_kind text, p_topic text, p_written integer, p_severity integer, p_now timestamp with time zone, p_rows jsonb)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with wanted as (
    select r.*, p_now + case when p_severity = 4 and p_kind in ('new', 'update') and (1000 + 4 * r.org) = any (r.readers)
        and exists (select 1 from written_asked a where a.warning_id = p_written and a.org_id = r.org and a.asked and a.out_at is null)
      then interval '10 seconds' else interval '0' end as due
    from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    where actor_coordinates()),
  made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, r.due, r.readers, coalesce(r.org, 0)
    from wanted r
    on conflict (topic, address) do nothing
    returning 1),
  beside as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select a.channel, p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, a.address, p_written, p_severity, r.detail,
      p_now, r.due, r.readers, coalesce(r.org, 0)
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
$function$
;
