-- module: events
-- Machines read the log through these: the scope is decided here, from the actor, not by a filter of the caller.

-- Events after a serial that the actor may read whole (its organisations' events and those of its sensors; coordinators all),
-- and, when asked, those of others, of which only a reduced form may be given.
create function events_after(p_after bigint, p_limit int, p_others boolean)
returns table (serial bigint, batch_id bigint, idx int, raw_off int, raw_len int, mine boolean, key_id int, hour int, sender text)
language sql stable security definer set search_path = public, pg_temp as $$
  select b.first_serial + e.idx, e.batch_id, e.idx, e.raw_off, e.raw_len, r.mine, e.key_id, e.hour, s.name
  from batches b
  join events e on e.batch_id = b.id and b.first_serial + e.idx > p_after
  join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or s.org_id = any (actor_orgs())
    or exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id = any (actor_orgs())) as mine) r
  where b.first_serial + b.span > p_after and (r.mine or (p_others and e.lane = 0
    and exists (select 1 from sector_seen n where n.key_id = e.key_id and abs(n.hour - e.hour) <= 24)))
  order by 1 limit p_limit
$$;

-- The packed bytes of a batch of which the actor may read at least one event, whole or reduced; the program cuts out just those.
create function batch_bytes(p_batch bigint, p_others boolean) returns bytea
language sql stable security definer set search_path = public, pg_temp as $$
  select b.raw from batches b join sensors s on s.id = b.sensor_id
  where b.id = p_batch and (actor_coordinates() or s.org_id = any (actor_orgs()) or p_others
    or exists (select 1 from matches m where m.batch_id = b.id and m.org_id = any (actor_orgs())))
$$;

create function last_serial() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select first_serial + span - 1 from batches where first_serial is not null order by first_serial desc limit 1), 0)
$$;
create function first_serial() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select min(first_serial) from batches), 0)
$$;
revoke all on function events_after(bigint, int, boolean), batch_bytes(bigint, boolean), last_serial(), first_serial() from public;
grant execute on function events_after(bigint, int, boolean), batch_bytes(bigint, boolean), last_serial(), first_serial() to hsoc_app, hsoc_engine;
