-- module: channels
-- Webhooks can be told of advisories that concern the organisation's inventory, where whoever keeps them chooses so; those that are there are told of nothing new.

alter table webhooks drop constraint webhooks_events_check;
alter table webhooks add constraint webhooks_events_check
  check (cardinality(events) > 0 and events <@ array['written', 'detected', 'answers', 'matches']);

-- Like messages about a match, for the organisation's own eyes: coordinators do not read of it.
create function queue_match_webhooks(p_kind text, p_topic text, p_org int, p_match int, p_severity int, p_now timestamptz) returns bigint
language sql as $$
  with made as (
    insert into deliveries (channel, kind, topic, org_id, address, match_id, severity, detail, decided_at, due_at, readers, unit)
    select 'webhook', p_kind, p_topic, p_org, 'webhook:' || w.id, p_match, p_severity, '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org], p_org
    from webhooks w
    where w.org_id = organisation_now(p_org) and w.disabled_at is null and 'matches' = any (w.events) and w.least <= p_severity
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;
revoke all on function queue_match_webhooks(text, text, int, int, int, timestamptz) from public;
grant execute on function queue_match_webhooks(text, text, int, int, int, timestamptz) to hsoc_engine;
