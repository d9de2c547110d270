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
