-- module: events
-- Who reads the received bytes as they are: the sensor's owner and the coordinators. Another member whom the event concerns reads
-- a copy without what belongs to others; `shared` says that there is such a thing in it.

drop function batch_for_event(bigint, int);
drop function events_after(bigint, bigint, int, boolean);

create function batch_for_event(p_batch bigint, p_idx int)
returns table (raw bytea, raw_off int, raw_len int, received_at timestamptz, sensor_id int, shared boolean, format text, sender text,
  inline boolean, lenient boolean, zone text, inside text[])
language sql stable security definer set search_path = public, pg_temp as $$
  select b.raw, e.raw_off, e.raw_len, b.received_at, b.sensor_id,
    not r.whole and exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id <> all (actor_orgs())),
    b.format, s.name, s.inline, s.lenient, s.zone, (select array_agg(n.text) from sensor_networks n where n.sensor_id = s.id)
  from batches b join events e on e.batch_id = b.id and e.idx = p_idx join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false) as whole) r
  where b.id = p_batch
    and (r.whole or exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs())))
$$;

-- As before, with `shared`.
create function events_after(p_after bigint, p_upto bigint, p_limit int, p_others boolean)
returns table (serial bigint, batch_id bigint, idx int, raw_off int, raw_len int, raw_size int, mine boolean, shared boolean, seen text[],
  at_ms float8, received_ms float8, format text, sender text, inline boolean, lenient boolean, zone text, inside text[])
language sql stable security definer set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
  select b.first_serial + e.idx, e.batch_id, e.idx, e.raw_off, e.raw_len, b.raw_size, r.mine,
    not w.whole and r.mine and exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id <> all (actor_orgs())),
    case when not r.mine then o.seen end,
    extract(epoch from e.detected_at) * 1000, extract(epoch from b.received_at) * 1000, b.format, s.name, s.inline, s.lenient, s.zone,
    (select array_agg(n.text) from sensor_networks n where n.sensor_id = s.id)
  from batches b
  join events e on e.batch_id = b.id and b.first_serial + e.idx > p_after and b.first_serial + e.idx <= p_upto
  join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false) as whole) w
  cross join lateral (select w.whole
    or exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id = any (actor_orgs())) as mine) r
  left join lateral (select array_agg(k.text) as seen from source_keys k
    where p_others and actor_reads_sector() and not r.mine and e.lane = 0 and k.id = any (e.key_id || coalesce(e.more_keys, '{}')) and k.counted
      and exists (select 1 from sector_seen n where n.key_id = k.id and abs(n.hour - e.hour) <= 24)) o on true
  where b.first_serial >= coalesce((select max(first_serial) from batches where first_serial <= p_after), 0) and b.first_serial <= p_upto
    and (r.mine or o.seen is not null)
  order by b.first_serial, e.idx limit p_limit
$$;

-- Which of the addresses and host names found in an event belonged to others at its time (positions from 1), and what the actor's
-- own rows of it name anyway. Only for an event that the actor may read. A private address is known by the sensor's networks alone.
create function others_in_event(p_batch bigint, p_idx int, p_from inet[], p_to inet[], p_private boolean[], p_hosts text[])
returns table (nets int[], hosts int[], told text[])
language sql stable security definer set search_path = public, pg_temp as $$
  with event as (
    select e.detected_at as at, e.sensor_id from events e join sensors s on s.id = e.sensor_id
    where e.batch_id = p_batch and e.idx = p_idx and (actor_coordinates() or s.org_id = any (actor_orgs())
      or exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs())))),
  valid as materialized (
    select n.* from networks n, event where n.valid_from <= event.at and n.valid_to > event.at)
  select
    (select array_agg(a.i::int) from unnest(p_from, p_to, p_private) with ordinality as a (lo, hi, private, i)
      where case when a.private then not exists (select 1 from sensor_networks n
          where n.sensor_id = event.sensor_id and n.org_id = any (actor_orgs()) and n.net_from <= a.lo and n.net_to >= a.hi)
        else exists (select 1 from valid n where n.net_from <= a.hi and n.net_to >= a.lo)
          and not exists (select 1 from valid n where n.net_from <= a.hi and n.net_to >= a.lo and n.org_id = any (actor_orgs())
            and not exists (select 1 from valid x where x.net_from <= a.lo and x.net_to >= a.hi and x.net_from >= n.net_from
              and x.net_to <= n.net_to and (x.net_from > n.net_from or x.net_to < n.net_to)
              and x.org_id <> all (actor_orgs()) and not x.visible_to_parent)) end),
    (select array_agg(h.i::int) from unnest(p_hosts) with ordinality as h (name, i)
      where (select bool_and(d.org_id <> all (actor_orgs())) from (
        select d.org_id, rank() over (order by length(d.domain) desc) as r from domains d
        where d.valid_from <= event.at and d.valid_to > event.at
          and (h.name = d.domain or right(h.name, length(d.domain) + 1) = '.' || d.domain)) d where d.r = 1)),
    (select array_agg(distinct t.text) from matches m join source_keys k on k.id = m.key_id
      cross join lateral (values (k.text), (host(m.host)), (host(m.peer))) as t (text)
      where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs()) and t.text is not null)
  from event
$$;
revoke all on function batch_for_event(bigint, int), events_after(bigint, bigint, int, boolean),
  others_in_event(bigint, int, inet[], inet[], boolean[], text[]) from public;
grant execute on function batch_for_event(bigint, int), events_after(bigint, bigint, int, boolean),
  others_in_event(bigint, int, inet[], inet[], boolean[], text[]) to hsoc_app;
