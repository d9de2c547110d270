-- module: channels
-- By which ways besides mail a written warning will reach whom: the preview says it before it goes. As queue_written decides.

create function ways_of_written(p_people int[], p_orgs int[], p_severity int) returns table (person_id int, org_id int, channel text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct c.person_id, null::int, a.channel
  from channel_choices c join lateral short_addresses(c.person_id) a on a.channel = c.channel
  where c.person_id = any (p_people) and c.least <= p_severity and actor_coordinates()
  union all
  select null, o.id, 'webhook' from unnest(p_orgs) as o (id)
  where actor_coordinates() and exists (select 1 from webhooks w
    where w.org_id = organisation_now(o.id) and w.disabled_at is null and 'written' = any (w.events) and w.least <= p_severity)
$$;
revoke all on function ways_of_written(int[], int[], int) from public;
grant execute on function ways_of_written(int[], int[], int) to hsoc_app;
