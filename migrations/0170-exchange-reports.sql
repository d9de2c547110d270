-- module: exchange
-- Reports of a broken care count by the person behind them: of a firewall's key that is whoever was shown it.

alter table blocklist_devices add key_by int references people, add previous_by int references people;
comment on column blocklist_devices.key_by is 'Who was shown the key; null: not known, and what the key reports counts for others as nothing';
comment on column blocklist_devices.previous_by is 'Who was shown the key before';
-- Who rotated a key stands in the trail only.
update blocklist_devices set key_by = made_by where rotated_at is null;

alter table blocklist_exceptions add key_by int references people;
comment on column blocklist_exceptions.key_by is 'Who was shown the key that said so, at that time';
update blocklist_exceptions x set key_by = d.key_by from blocklist_devices d where d.id = x.device_id;
create index blocklist_exceptions_broke on blocklist_exceptions (kind, value) where broke and ended_at is null;

alter table blocklist_items add reported_at timestamptz, add judged_at timestamptz;
comment on column blocklist_items.reported_at is 'Since when reports wait for a coordinator, while it stands on lists';
comment on column blocklist_items.judged_at is 'When a coordinator last looked at reports: those before it count no more';
create index blocklist_items_closed on blocklist_items (closed_at) where closed_why = 'false-positive';

drop function use_blocklist_key(bytea, text, timestamptz);
create function use_blocklist_key(p_key_hash bytea, p_list text, p_now timestamptz)
 RETURNS TABLE(device_id int, label text, org_id int, org_name text, language text, slow boolean, version int, revision int, entries int, changed_at timestamptz, refreshed_at timestamptz, key_by int)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  d blocklist_devices;
  o organisations;
begin
  select * into d from blocklist_devices x where x.revoked_at is null and x.expires_at > p_now
    and (x.key_hash = p_key_hash or x.previous_hash = p_key_hash and x.previous_until > p_now);
  if not found then return; end if;
  select now_one.* into o from organisations mine join organisations now_one on now_one.id = coalesce(mine.present_id, mine.id)
    where mine.id = d.org_id and now_one.status <> 'left';
  if not found then return; end if;
  -- A count that a crash of the database loses is no harm; a firewall need not wait for the disk.
  perform set_config('synchronous_commit', 'off', true);
  update blocklist_devices x set used_at = p_now, minute = date_trunc('minute', p_now),
      minute_n = case when x.minute = date_trunc('minute', p_now) then x.minute_n + 1 else 1 end
    where x.id = d.id returning * into d;
  return query select d.id, d.label, o.id, o.name, o.language, d.minute_n > d.per_minute, l.version, l.revision, l.entries, l.changed_at, l.refreshed_at,
      case when d.key_hash = p_key_hash then d.key_by else d.previous_by end
    from (select 1) as one left join blocklist_lists l on l.org_id = o.id and l.list = p_list and l.version > 0;
end
$function$;
revoke all on function use_blocklist_key(bytea, text, timestamptz) from public;
grant execute on function use_blocklist_key(bytea, text, timestamptz) to hsoc_app;
