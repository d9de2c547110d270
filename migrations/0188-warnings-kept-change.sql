-- module: warnings
-- Revoking a warning no longer throws away the change of it that somebody is writing: it becomes a draft of its own, made of the revoked warning,
-- so that it is never wider than that was and does not go out before its writers have said that they know. Answers null when nothing was revoked,
-- else that draft or 0.

drop function revoke_written(int, text, timestamptz);
create function revoke_written(p_id int, p_reason text, p_now timestamptz) returns int
language sql security definer set search_path = public, pg_temp as $$
  with done as (
    update written_warnings w set state = 'revoked', readers = w.readers_after, ends_at = null, revoked_by = actor_person(), revoked_at = p_now,
      revoke_reason = p_reason, changed_at = p_now
    where w.id = p_id and w.state in ('published', 'expired') and actor_coordinates() and w.readers && reader_scopes()
      and (w.revoke_asked_by <> actor_person()
        or exists (select 1 from written_versions v where v.warning_id = w.id and v.state = 'published' and v.kind = 'emergency')
        or exists (select 1 from single_duty_periods d where d.starts_at <= p_now and d.ends_at > p_now))
    returning w.id, w.version, w.number),
  stone as (insert into written_tombstones (warning_id, number, revoked_at, reason, readers)
    select d.id, d.number, p_now, case when v.tlp in ('CLEAR', 'GREEN', 'AMBER') then p_reason end, v.readers
    from done d join written_versions v on v.warning_id = d.id and v.no = d.version),
  off as (update written_indicators i set state = 'withdrawn', withdrawn_at = p_now from done d
    where i.warning_id = d.id and i.version <= d.version and i.state <> 'withdrawn'),
  -- What was being written, at most one.
  change as (select v.id, v.warning_id, v.no, v.author_id, v.readers, d.version from written_versions v join done d on d.id = v.warning_id
    where v.state in ('draft', 'review')),
  own as (insert into written_warnings (author_id, created_at, changed_at, readers, readers_after)
    select author_id, p_now, p_now, readers, readers from change returning id),
  kept as (update written_versions v set warning_id = o.id, no = 1, state = 'draft', change_note = '', review_note = ''
    from change c, own o where v.id = c.id),
  proposed as (update written_indicators i set warning_id = o.id, version = 1 from change c, own o
    where i.warning_id = c.warning_id and i.version = c.no),
  source as (insert into written_sources (warning_id, source_id, version, added_at)
    select o.id, c.warning_id, c.version, p_now from own o, change c)
  select coalesce((select id from own), 0) from done
$$;
revoke all on function revoke_written(int, text, timestamptz) from public;
grant execute on function revoke_written(int, text, timestamptz) to hsoc_app;
