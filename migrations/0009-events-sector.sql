-- module: events
-- What the sector's published figures and the search need to stay quick.

-- The program counts anew "seen by N" of just the keys whose episodes changed since it last looked.
create index episodes_changed on episodes (changed_at) where org_id > 0 and lane = 0 and alias_of is null;

-- Source keys whose address lies in a range, newest first: only such as the actor may know, at most p_limit of them. A range
-- operator loses its index under row-level security, so the comparison and the right are decided here together.
create function keys_between(p_from inet, p_to inet, p_limit int) returns setof int
language sql stable security definer set search_path = public, pg_temp as $$
  select k.id from source_keys k
  where k.addr >= p_from and k.addr <= p_to and (actor_coordinates()
    or exists (select 1 from detections d where d.key_id = k.id and d.org_id = any (actor_orgs())))
  order by k.addr limit p_limit
$$;
revoke all on function keys_between(inet, inet, int) from public;
grant execute on function keys_between(inet, inet, int) to hsoc_app;

-- A sensor's habit is shown to whoever may see the sensor.
grant select on sensor_minutes to hsoc_app;
create policy app_reads on sensor_minutes for select to hsoc_app using (exists (select 1 from sensors s where s.id = sensor_minutes.sensor_id));
