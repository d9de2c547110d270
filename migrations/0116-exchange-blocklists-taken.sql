-- module: exchange
-- How blocklists follow what is said of attackers: taken over and taken back in the transaction that says it, and fetched by key.

-- What a machine of an organisation may read: as its API keys, without the scope strict (src/platform/access.ts).
create function blocklist_scopes(p_org int) returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select scopes_held(array[1, 5] || array(select 1000 + 4 * m + 1 from unnest(organisation_with_merged(p_org)) as m), organisation_with_merged(p_org))
$$;
revoke all on function blocklist_scopes(int) from public;
grant execute on function blocklist_scopes(int) to hsoc_engine;

-- The item of a value, a new one being a candidate.
create function blocklist_put(p_kind text, p_value text, p_now timestamptz) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found_id bigint;
  its_host text := case p_kind when 'domain' then p_value when 'url' then substring(p_value from '^https?://([^/:?#]+)') end;
begin
  insert into blocklist_items (kind, value, net, host, first_at, seen_at, ends_at) values (p_kind, p_value,
    case when p_kind in ('ip', 'net') then p_value::inet when its_host ~ '^[0-9]+([.][0-9]+){3}$' then its_host::inet end, its_host, p_now, p_now, p_now)
    on conflict (kind, value) do nothing returning id into found_id;
  if found_id is null then
    select id into found_id from blocklist_items where kind = p_kind and value = p_value;
  end if;
  return found_id;
end
$$;
revoke all on function blocklist_put(text, text, timestamptz) from public;
grant execute on function blocklist_put(text, text, timestamptz) to hsoc_engine;

-- Takes off each list, at once, what of these items has no place on it any more: withdrawn, hit, excepted, or without a source that the
-- organisation may know of. What only ran out of its time leaves when the list is made anew.
create function blocklist_prune(p_items bigint[], p_now timestamptz) returns int
language sql security definer set search_path = public, pg_temp as $$
  with orgs as (select org_id, blocklist_scopes(org_id) as scopes from (
      select distinct org_id from blocklist_entries where item_id = any (p_items)) o),
  gone as (
    delete from blocklist_entries e using blocklist_items i, orgs o
    where i.id = e.item_id and o.org_id = e.org_id and e.item_id = any (p_items) and (
      i.state = 'withdrawn' or i.hits is not null and i.overruled_at is null
      or not exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null and s.readers && o.scopes
        having sum(s.observers) >= 2 or bool_or(s.source <> 'campaign'))
      or exists (select 1 from blocklist_exceptions x where x.org_id = any (organisation_with_merged(e.org_id)) and x.ended_at is null
        and (x.kind = i.kind and x.value = i.value or x.net && i.net or i.host = x.host or right(i.host, length(x.host) + 1) = '.' || x.host)))
    returning e.org_id, e.list),
  shorter as (
    update blocklist_lists l set version = l.version + 1, revision = l.revision + 1, entries = l.entries - g.n, changed_at = p_now, refreshed_at = p_now
    from (select org_id, list, count(*)::int as n from gone group by org_id, list) g where l.org_id = g.org_id and l.list = g.list
    returning g.n)
  select coalesce(sum(n), 0)::int from shorter
$$;
revoke all on function blocklist_prune(bigint[], timestamptz) from public;
grant execute on function blocklist_prune(bigint[], timestamptz) to hsoc_engine;

-- What written warnings say, taken over in the transaction in which they say it, or take it back.
create function blocklist_of_written(p_warnings int[], p_now timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  touched bigint[];
begin
  insert into blocklist_sources as s (item_id, source, ref, observers, readers, added_at, seen_at, ends_at)
    select blocklist_put(i.kind, i.value, p_now), 'warning', i.warning_id, 1,
      -- A version may have been narrowed since; what expired has its own readers for as long as it is good.
      case w.state when 'published' then array(select unnest(i.readers) intersect select unnest(w.readers)) else i.readers end, p_now, i.confirmed_at, coalesce(i.valid_until, i.confirmed_at)
    from written_indicators i join written_warnings w on w.id = i.warning_id and w.version = i.version
    where i.warning_id = any (p_warnings) and i.state = 'confirmed' and w.state in ('published', 'expired')
      and i.kind in ('ip', 'net', 'domain', 'url', 'sha256')
    on conflict (item_id, source, ref) do update set readers = excluded.readers, seen_at = excluded.seen_at, ends_at = excluded.ends_at, ended_at = null;
  update blocklist_sources s set ended_at = p_now
    where s.source = 'warning' and s.ref = any (p_warnings) and s.ended_at is null and not exists (
      select 1 from blocklist_items b, written_indicators i join written_warnings w on w.id = i.warning_id and w.version = i.version
      where b.id = s.item_id and i.warning_id = s.ref and i.kind = b.kind and i.value = b.value and i.state = 'confirmed'
        and w.state in ('published', 'expired'));
  select array_agg(distinct item_id) into touched from blocklist_sources where source = 'warning' and ref = any (p_warnings);
  if touched is null then return; end if;
  perform blocklist_prune(touched, p_now);
  -- What was announced in one transaction is heard once for each item; of many the whole is looked at.
  if cardinality(touched) > 50 then perform announce('blocklists', '');
  else perform announce('blocklists', 'item ' || i) from unnest(touched) as i; end if;
end
$$;
revoke all on function blocklist_of_written(int[], timestamptz) from public;

create function blocklist_written_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform blocklist_of_written(array_agg(distinct c.id), max(c.changed_at)) from (select id, changed_at from changed) c
    where exists (select 1 from written_indicators i where i.warning_id = c.id and i.state <> 'proposed') having count(*) > 0;
  return null;
end
$$;
revoke all on function blocklist_written_changed() from public;
create trigger blocklists_follow after update on written_warnings referencing new table as changed
  for each statement execute function blocklist_written_changed();

create function blocklist_indicators_changed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform blocklist_of_written(array_agg(distinct c.warning_id), max(coalesce(c.withdrawn_at, c.confirmed_at))) from changed c
    where c.state <> 'proposed' having count(*) > 0;
  return null;
end
$$;
revoke all on function blocklist_indicators_changed() from public;
create trigger blocklists_follow after update on written_indicators referencing new table as changed
  for each statement execute function blocklist_indicators_changed();
create trigger blocklists_begin after insert on written_indicators referencing new table as changed
  for each statement execute function blocklist_indicators_changed();

-- Whose firewall it is, by its key, and how its list stands; no row for a key that is unknown, over, revoked, or whose organisation has
-- left. Counts the request for its limit.
create function use_blocklist_key(p_key_hash bytea, p_list text, p_now timestamptz)
returns table (device_id int, label text, org_id int, org_name text, language text, slow boolean, version int, revision int, entries int,
  changed_at timestamptz, refreshed_at timestamptz)
language plpgsql security definer set search_path = public, pg_temp as $$
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
  return query select d.id, d.label, o.id, o.name, o.language, d.minute_n > d.per_minute, l.version, l.revision, l.entries, l.changed_at, l.refreshed_at
    from (select 1) as one left join blocklist_lists l on l.org_id = o.id and l.list = p_list and l.version > 0;
end
$$;
revoke all on function use_blocklist_key(bytea, text, timestamptz) from public;
grant execute on function use_blocklist_key(bytea, text, timestamptz) to hsoc_app;
