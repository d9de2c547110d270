-- module: exchange
-- Blocklists for firewalls: what is known of attackers, who confirmed it, what may never be listed, each organisation's own list with its
-- choices and exceptions, and which firewall has fetched which version of it. A list is rows, so that what is taken back leaves all lists
-- in the transaction that takes it back.

create table blocklist_items (
  id            bigint generated always as identity primary key,
  kind          text not null check (kind in ('ip', 'net', 'domain', 'url', 'sha256')),
  value         text not null check (octet_length(value) between 3 and 2048),
  net           inet,
  host          text,
  state         text not null default 'candidate' check (state in ('candidate', 'confirmed', 'listed', 'expired', 'withdrawn')),
  first_at      timestamptz not null,
  seen_at       timestamptz not null,
  ends_at       timestamptz not null,
  confirmed_at  timestamptz,
  closed_at     timestamptz,
  closed_why    text check (closed_why in ('source', 'coordinator', 'false-positive')),
  closed_by     int references people,
  reason        text not null default '' check (length(reason) <= 500),
  hits          jsonb,
  hit_at        timestamptz,
  overruled_by  int references people,
  overruled_at  timestamptz,
  overruled_why text check (length(btrim(overruled_why)) between 1 and 500),
  check ((overruled_by is null) = (overruled_at is null) and (overruled_at is null) = (overruled_why is null)),
  check ((state = 'withdrawn') = (closed_at is not null) and (closed_at is null) = (closed_why is null)),
  check ((hits is null) = (hit_at is null))
);
create unique index blocklist_items_value on blocklist_items (kind, value);
create index blocklist_items_state on blocklist_items (state, id);
create index blocklist_items_hit on blocklist_items (hit_at) where hits is not null and overruled_at is null and state <> 'withdrawn';
comment on column blocklist_items.value is 'Normal form of src/values/indicators.ts, never defanged';
comment on column blocklist_items.host is 'Of a domain or URL';
comment on column blocklist_items.seen_at is 'Last sighting by any of its sources';
comment on column blocklist_items.closed_why is 'source: those who said it took it back; false-positive: two organisations said that it broke their care';
comment on column blocklist_items.hits is 'What of the never-list it meets, as [{list, what, firm}]; on no list while a coordinator has not decided';

create table blocklist_sources (
  item_id  bigint not null references blocklist_items,
  source   text not null check (source in ('campaign', 'coordinator', 'warning')),
  ref      bigint not null,
  observers smallint not null check (observers > 0),
  readers  int[] not null,
  added_at timestamptz not null,
  seen_at  timestamptz not null,
  ends_at  timestamptz not null,
  ended_at timestamptz,
  person_id int references people,
  reason   text not null default '' check (length(reason) <= 500),
  primary key (item_id, source, ref)
);
create index blocklist_sources_ref on blocklist_sources (source, ref);
comment on table blocklist_sources is 'Who says of an item that it is an attacker''s, and who may know of that';
comment on column blocklist_sources.ref is 'campaign: the network''s warning of the coordinators; warning: the written one; coordinator: 0';
comment on column blocklist_sources.observers is 'Independent ones among them: members met, or owners of sensors';
comment on column blocklist_sources.ended_at is 'Since when it says so no more';

create table blocklist_never (
  id         int generated always as identity primary key,
  value      text not null check (octet_length(value) between 3 and 253),
  net        inet,
  host       text,
  reason     text not null check (length(btrim(reason)) between 1 and 500),
  added_by   int references people,
  added_at   timestamptz not null,
  removed_by int references people,
  removed_at timestamptz,
  check ((net is null) <> (host is null)),
  check (removed_by is null or removed_at is not null)
);
comment on table blocklist_never is 'What coordinators put on the never-list, besides members'' own and content/never-list.json';

create table blocklist_choices (
  org_id     int primary key references organisations,
  kinds      text[] not null check (kinds <@ '{ip,net,domain,url,sha256}'),
  sources    text[] not null check (sources <@ '{campaign,coordinator,warning}'),
  confidence smallint not null check (confidence in (1, 2)),
  max_days   int not null check (max_days between 1 and 365),
  changed_by int references people,
  changed_at timestamptz not null
);
comment on column blocklist_choices.confidence is '1: somebody''s word is enough; 2: two independent observers';
comment on column blocklist_choices.max_days is 'Left out when not seen for longer';

create table blocklist_exceptions (
  id        int generated always as identity primary key,
  org_id    int not null references organisations,
  kind      text not null check (kind in ('ip', 'net', 'domain', 'url', 'sha256')),
  value     text not null check (octet_length(value) between 3 and 2048),
  net       inet,
  host      text,
  broke     boolean not null,
  reason    text not null default '' check (length(reason) <= 500),
  device_id int,
  person_id int references people,
  made_at   timestamptz not null,
  ended_by  int references people,
  ended_at  timestamptz
);
create index blocklist_exceptions_org on blocklist_exceptions (org_id) where ended_at is null;
comment on table blocklist_exceptions is 'What an organisation lets through whoever lists it';
comment on column blocklist_exceptions.broke is 'It broke the care: a false positive, which others are to know of';
comment on column blocklist_exceptions.device_id is 'The firewall whose key said so';

create table blocklist_devices (
  id             int generated always as identity primary key,
  org_id         int not null references organisations,
  label          text not null check (length(btrim(label)) between 1 and 60),
  key_hash       bytea not null unique,
  expires_at     timestamptz not null,
  previous_hash  bytea unique,
  previous_until timestamptz,
  made_by        int references people,
  made_at        timestamptz not null,
  rotated_at     timestamptz,
  revoked_by     int references people,
  revoked_at     timestamptz,
  used_at        timestamptz,
  per_minute     int not null default 60 check (per_minute between 1 and 600),
  minute         timestamptz not null default '-infinity',
  minute_n       int not null default 0,
  check ((previous_hash is null) = (previous_until is null))
);
create index blocklist_devices_org on blocklist_devices (org_id);
comment on table blocklist_devices is 'Firewalls that fetch lists, each with a key that opens nothing else';
comment on column blocklist_devices.key_hash is 'SHA-256 of the key, which is shown once and kept nowhere';
comment on column blocklist_devices.previous_hash is 'After a rotation the key before is good for seven days more';
comment on column blocklist_devices.minute_n is 'Requests in that minute on all nodes, for its limit';

create table blocklist_lists (
  org_id       int not null references organisations,
  list         text not null check (list in ('ip', 'domain', 'url', 'sha256')),
  version      int not null default 0,
  revision     int not null default 0,
  entries      int not null default 0,
  changed_at   timestamptz not null default '-infinity',
  refreshed_at timestamptz not null default '-infinity',
  generated_at timestamptz not null default '-infinity',
  held         int,
  held_at      timestamptz,
  passed_until timestamptz not null default '-infinity',
  failed_at    timestamptz,
  primary key (org_id, list),
  check ((held is null) = (held_at is null))
);
comment on column blocklist_lists.version is 'Rises when a value comes or goes; 0: never made';
comment on column blocklist_lists.revision is 'Rises when anything of it changes';
comment on column blocklist_lists.held is 'How long it would be: a jump that waits for a coordinator';
comment on column blocklist_lists.passed_until is 'A coordinator lets a jump through until then';
comment on column blocklist_lists.failed_at is 'Since when it could not be made anew; what was good before is served';

create table blocklist_entries (
  org_id        int not null references organisations,
  list          text not null check (list in ('ip', 'domain', 'url', 'sha256')),
  item_id       bigint not null references blocklist_items,
  kind          text not null check (kind in ('ip', 'net', 'domain', 'url', 'sha256')),
  value         text not null,
  confidence    smallint not null,
  seen_at       timestamptz not null,
  ends_at       timestamptz not null,
  since_at      timestamptz not null,
  since_version int not null,
  primary key (org_id, list, item_id),
  foreign key (org_id, list) references blocklist_lists
);
create index blocklist_entries_item on blocklist_entries (item_id);
comment on table blocklist_entries is 'The lists as they are served now';

create table blocklist_fetches (
  device_id int not null references blocklist_devices,
  org_id    int not null references organisations,
  list      text not null check (list in ('ip', 'domain', 'url', 'sha256')),
  version   int not null,
  entries   int not null,
  complete  boolean not null,
  first_at  timestamptz not null,
  last_at   timestamptz not null,
  times     int not null default 1,
  primary key (device_id, list, version, complete)
);
create index blocklist_fetches_org on blocklist_fetches (org_id, list, version);
comment on table blocklist_fetches is 'Which firewall had which version from when to when; the last hundred versions of each list';
comment on column blocklist_fetches.complete is 'It did not ask for a shortened list';

alter table blocklist_items enable row level security;
alter table blocklist_sources enable row level security;
alter table blocklist_never enable row level security;
alter table blocklist_choices enable row level security;
alter table blocklist_exceptions enable row level security;
alter table blocklist_devices enable row level security;
alter table blocklist_lists enable row level security;
alter table blocklist_entries enable row level security;
alter table blocklist_fetches enable row level security;
grant select, insert, update, delete on blocklist_items, blocklist_sources, blocklist_never, blocklist_choices, blocklist_exceptions, blocklist_devices,
  blocklist_lists, blocklist_entries, blocklist_fetches to hsoc_engine;
grant select on blocklist_items, blocklist_sources, blocklist_never, blocklist_choices, blocklist_exceptions, blocklist_lists, blocklist_entries,
  blocklist_fetches to hsoc_app;
grant select (id, org_id, label, expires_at, previous_until, made_by, made_at, rotated_at, revoked_by, revoked_at, used_at, per_minute)
  on blocklist_devices to hsoc_app;
create policy engine_all on blocklist_items to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_sources to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_never to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_choices to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_exceptions to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_devices to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_lists to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_entries to hsoc_engine using (true) with check (true);
create policy engine_all on blocklist_fetches to hsoc_engine using (true) with check (true);
-- What is behind an item may be for some alone: members see their own lists, coordinators what they may read.
create policy app_reads on blocklist_items for select to hsoc_app using ((select actor_coordinates()) and exists (
  select 1 from blocklist_sources s where s.item_id = id));
create policy app_reads on blocklist_sources for select to hsoc_app using ((select actor_coordinates()) and readers && (select actor_scopes()));
create policy app_reads on blocklist_never for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on blocklist_choices for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on blocklist_exceptions for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on blocklist_devices for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on blocklist_lists for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on blocklist_entries for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on blocklist_fetches for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));

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
