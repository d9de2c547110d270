-- module: events
-- The right to read what may be told of the whole sector is a scope of the actor: a call that only says so gets nothing.

-- Scope 7 is held by machines that the coordinators let read the sector (src/values/scopes.ts).
create function actor_reads_sector() returns boolean language sql stable parallel safe as
$$ select 7 = any (actor_scopes()) $$;

drop function batch_bytes(bigint[], boolean);

-- `seen` are the sources of another's event that enough members met: nothing else of it may be given.
-- p_others is only the wish for them; the right is the actor's.
create or replace function events_after(p_after bigint, p_upto bigint, p_limit int, p_others boolean)
returns table (serial bigint, batch_id bigint, idx int, raw_off int, raw_len int, raw_size int, mine boolean, seen text[], at_ms float8,
  received_ms float8, format text, sender text, inline boolean, lenient boolean, zone text, inside text[])
language sql stable security definer set search_path = public, pg_temp set enable_hashjoin = off set enable_mergejoin = off as $$
  select b.first_serial + e.idx, e.batch_id, e.idx, e.raw_off, e.raw_len, b.raw_size, r.mine, case when not r.mine then o.seen end,
    extract(epoch from e.detected_at) * 1000, extract(epoch from b.received_at) * 1000, b.format, s.name, s.inline, s.lenient, s.zone,
    (select array_agg(n.text) from sensor_networks n where n.sensor_id = s.id)
  from batches b
  join events e on e.batch_id = b.id and b.first_serial + e.idx > p_after and b.first_serial + e.idx <= p_upto
  join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false)
    or exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id = any (actor_orgs())) as mine) r
  left join lateral (select array_agg(k.text) as seen from source_keys k
    where p_others and actor_reads_sector() and not r.mine and e.lane = 0 and k.id = any (e.key_id || coalesce(e.more_keys, '{}')) and k.counted
      and exists (select 1 from sector_seen n where n.key_id = k.id and abs(n.hour - e.hour) <= 24)) o on true
  where b.first_serial >= coalesce((select max(first_serial) from batches where first_serial <= p_after), 0) and b.first_serial <= p_upto
    and (r.mine or o.seen is not null)
  order by b.first_serial, e.idx limit p_limit
$$;

-- The packed bytes of batches of which the actor may read at least one event, whole or reduced; the program cuts out just those.
create function batch_bytes(p_batches bigint[]) returns table (id bigint, raw bytea)
language sql stable security definer set search_path = public, pg_temp as $$
  select b.id, b.raw from batches b join sensors s on s.id = b.sensor_id
  where b.id = any (p_batches) and (actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false)
    or exists (select 1 from matches m where m.batch_id = b.id and m.org_id = any (actor_orgs()))
    or (actor_reads_sector() and exists (select 1 from events e join source_keys k on k.id = any (e.key_id || coalesce(e.more_keys, '{}'))
      where e.batch_id = b.id and e.lane = 0 and k.counted
        and exists (select 1 from sector_seen n where n.key_id = k.id and abs(n.hour - e.hour) <= 24))))
$$;

-- How far the log goes is for readers too.
create or replace function last_serial() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select first_serial + span - 1 from batches where first_serial is not null and cardinality(actor_scopes()) > 0
    order by first_serial desc limit 1), 0)
$$;
create or replace function first_serial() returns bigint language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select min(first_serial) from batches where cardinality(actor_scopes()) > 0), 0)
$$;
revoke all on function batch_bytes(bigint[]) from public;
grant execute on function batch_bytes(bigint[]) to hsoc_app;
