-- module: events
-- What a request is said to have brought late, from the future or repaired are the positions of such events, from 1, of
-- which only those that are new count: a retry is no second late event.
-- account: {refused, deferred, lost, conflict, requests, reasons: {reason: n}, run, seq, late: [], future: [], repaired: []}.

-- How many of some positions are new, when those in `fresh` are, out of `n`.
create function count_new(positions int[], fresh int[], n int) returns int language sql immutable as $$
  select case when cardinality(fresh) = n then cardinality(positions)
    else (select count(*)::int from unnest(positions) as p (at) where p.at = any (fresh)) end
$$;
revoke all on function count_new(int[], int[], int) from public;
grant execute on function count_new(int[], int[], int) to hsoc_engine;

create or replace function store_batch(p_sensor int, p_received timestamptz, p_format text, p_raw bytea, p_raw_size int, account jsonb,
  e_key bigint[], e_detector int[], e_detected float8[], e_hour int[], e_lane int[], e_archive boolean[], e_matched boolean[], e_class int[],
  e_severity int[], e_verdict int[], e_share int[], e_weight int[], e_source int[], e_more text[], e_target inet[], e_port int[], e_flags int[],
  e_exercise text[], e_off int[], e_len int[],
  m_at int[], m_org int[], m_side int[], m_class int[], m_source int[], m_severity int[], m_network int[], m_host inet[], m_peer inet[])
returns table (batch bigint, dup_at int[], dup_batch bigint[], dup_idx int[])
language plpgsql as $$
declare
  b bigint := nextval('batch_ids');
  fresh int[];
  n int := cardinality(e_key);
begin
  with ins as (
    insert into event_keys (key, batch_id, idx)
    select k, b, at - 1 from unnest(e_key) with ordinality as u (k, at) order by k
    on conflict do nothing returning idx + 1 as at)
  select array_agg(at order by at) into fresh from ins;
  if cardinality(fresh) is distinct from n then
    select array_agg(u.at order by u.at), array_agg(k.batch_id order by u.at), array_agg(k.idx order by u.at)
      into dup_at, dup_batch, dup_idx
    from unnest(e_key) with ordinality as u (k, at) join event_keys k on k.key = u.k
    where not (u.at = any (coalesce(fresh, '{}')));
  end if;
  if fresh is not null then
    insert into batches (id, sensor_id, received_at, format, n, span, raw, raw_size)
      values (b, p_sensor, p_received, p_format, cardinality(fresh), n, p_raw, p_raw_size);
    insert into events (batch_id, idx, sensor_id, detector_id, detected_at, hour, lane, archive, matched, class_id, severity, verdict, share,
        weight, key_id, more_keys, target, port, flags, exercise, raw_off, raw_len)
      select b, u.at - 1, p_sensor, u.detector, to_timestamp(u.detected), u.hour, u.lane, u.archive, u.matched, u.class, u.severity, u.verdict,
        u.share, u.weight, u.source, u.more::int[], u.target, u.port, u.flags, u.exercise, u.off, u.len
      from unnest(e_detector, e_detected, e_hour, e_lane, e_archive, e_matched, e_class, e_severity, e_verdict, e_share, e_weight, e_source,
          e_more, e_target, e_port, e_flags, e_exercise, e_off, e_len) with ordinality
        as u (detector, detected, hour, lane, archive, matched, class, severity, verdict, share, weight, source, more, target, port, flags,
          exercise, off, len, at)
      where cardinality(fresh) = n or u.at = any (fresh);
    insert into matches (org_id, batch_id, idx, side, class_id, key_id, hour, detected_at, lane, archive, severity, verdict, share, weight,
        sensor_id, detector_id, network_id, host, peer, port, flags, exercise)
      select u.org, b, u.at - 1, u.side, u.class, u.source, e_hour[u.at], to_timestamp(e_detected[u.at]), e_lane[u.at], e_archive[u.at],
        u.severity, e_verdict[u.at], e_share[u.at], e_weight[u.at], p_sensor, e_detector[u.at], u.network, u.host, u.peer, e_port[u.at],
        e_flags[u.at], e_exercise[u.at]
      from unnest(m_at, m_org, m_side, m_class, m_source, m_severity, m_network, m_host, m_peer)
        as u (at, org, side, class, source, severity, network, host, peer)
      where cardinality(fresh) = n or u.at = any (fresh);
  end if;
  insert into requests (sensor_id, at, received, stored, duplicate, refused, deferred, conflict, late, future, repaired, lost, requests, reasons, run, seq)
    select p_sensor, p_received, n + a.refused + a.deferred, coalesce(cardinality(fresh), 0), n - coalesce(cardinality(fresh), 0), a.refused, a.deferred,
      a.conflict, count_new(a.late, fresh, n), count_new(a.future, fresh, n), count_new(a.repaired, fresh, n), a.lost, a.requests, a.reasons,
      a.run, a.seq
    from jsonb_to_record(account) as a (refused int, deferred int, conflict int, late int[], future int[], repaired int[], lost int, requests int,
      reasons jsonb, run text, seq bigint);
  batch := b;
  return next;
end $$;
