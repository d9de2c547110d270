-- module: events
-- Small numbers used below: side 0 perimeter row, 1 our host is the source, 2 our host is the target, 3 both ends are ours;
-- lane 0 real, 1 test, 2 exercise; verdict 0 unknown, 1 dropped, 2 passed, 3 partial; severity 0 info … 4 critical;
-- hour = UTC hours since 1970; share = sum over partial events of the dropped share in millionths;
-- org_id 0 = the perimeter (the sector as a whole), readable by coordinators.

create table sensors (
  id              int generated always as identity primary key,
  name            text not null unique check (name = lower(name)),
  org_id          int references organisations,
  can_read        boolean not null default false,
  can_write       boolean not null default false,
  can_test        boolean not null default false,
  can_exercise    boolean not null default false,
  scope           text not null default 'own' check (scope in ('own', 'sector', 'all')),
  secret_hash     bytea unique,
  cert_cn         text unique,
  hostname        text,
  lenient         boolean not null default false,
  inline          boolean not null default false,
  default_verdict int not null default 0,
  batch           boolean not null default false,
  zone            text not null default 'UTC',
  contact         text,
  created_at      timestamptz not null,
  disabled_at     timestamptz,
  last_seen_at    timestamptz,
  newest_event_at timestamptz
);
comment on column sensors.secret_hash is 'HMAC-SHA-256 of the secret under the installation''s key: findable by the secret alone, useless without the key';
comment on column sensors.batch is 'Sends dumps of a past day; its silence during the day means nothing';

-- Private addresses seen by this sensor belong to this organisation.
create table sensor_networks (
  sensor_id int not null references sensors on delete cascade,
  org_id    int not null references organisations,
  net_from  inet not null,
  net_to    inet not null,
  text      text not null,
  primary key (sensor_id, text)
);

create table sensor_minutes (
  sensor_id int not null,
  minute    timestamptz not null,
  primary key (sensor_id, minute)
);
comment on table sensor_minutes is 'Minutes in which a sensor made any authenticated request: its habit, from which silence is judged';

-- The log. A batch is one request's events with the bytes as received (zstd); everything else can be rebuilt from it.
create sequence batch_ids;
create table batches (
  id           bigint primary key,
  sensor_id    int not null,
  received_at  timestamptz not null,
  format       text not null,
  n            int not null,
  span         int not null,
  raw          bytea not null,
  raw_size     int not null,
  first_serial bigint
);
alter table batches alter column raw set storage external;
comment on column batches.span is 'Positions in the request, of which n were new; serials are reserved for all of them';
comment on column batches.first_serial is 'Given when the batch is condensed, thus in the order in which batches became visible; event serial = first_serial + idx';
create index batches_waiting on batches (id) where first_serial is null;
create index batches_serial on batches (first_serial);
create index batches_received on batches using brin (received_at);
create sequence event_serials minvalue 0 start 1;

-- What each request brought, written with its events and summed into `loss` when it is condensed.
create table requests (
  id          bigint generated always as identity primary key,
  sensor_id   int not null,
  at          timestamptz not null,
  received    int not null,
  stored      int not null,
  duplicate   int not null,
  refused     int not null,
  deferred    int not null default 0,
  conflict    int not null default 0,
  late        int not null default 0,
  future      int not null default 0,
  repaired    int not null default 0,
  lost        int not null default 0,
  requests    int not null default 1,
  reasons     jsonb,
  run         text,
  seq         bigint
);

-- Exactly once: key = 64-bit hash of (sensor, event id); for another content under the same id, of (sensor, id, content).
-- A table of its own, because it must hold over 30 days whatever happens to the events' own tables.
create table event_keys (
  key      bigint primary key,
  batch_id bigint not null,
  idx      int not null
);
create index event_keys_batch on event_keys using brin (batch_id);

create table classes (
  id     int generated always as identity primary key,
  name   text not null unique,
  family text not null,
  gap_hours int not null
);
comment on column classes.gap_hours is 'Quiet hours after which an episode of the class ends: 2 where it can be critical, else 6';
create table detectors (
  id   int generated always as identity primary key,
  name text not null unique
);
create table source_keys (
  id      int generated always as identity primary key,
  text    text not null,
  counted boolean not null,
  kind    text not null,
  addr    inet,
  unique (text, counted)
);
comment on column source_keys.counted is 'False for spoofed, special and non-address keys: they do not count among the distinct sources';
create index source_keys_addr on source_keys (addr);

create table key_labels (
  key_id  int not null,
  list    text not null,
  grp     text not null,
  effect  text not null,
  version text not null,
  since   timestamptz not null,
  until   timestamptz not null default 'infinity',
  primary key (key_id, list, since)
);
comment on table key_labels is 'Which warning list held a source key and when, so that a list update does not rewrite the past';

create table warning_lists (
  name       text primary key,
  grp        text not null,
  effect     text not null,
  version    text not null,
  version_on date,
  entries    int not null,
  loaded_at  timestamptz not null
);

-- One row an event. raw_off and raw_len point into the batch's bytes.
create table events (
  batch_id    bigint not null,
  idx         int not null,
  sensor_id   int not null,
  detector_id int not null,
  detected_at timestamptz not null,
  hour        int not null,
  lane        smallint not null,
  archive     boolean not null,
  matched     boolean not null,
  class_id    int not null,
  severity    smallint not null,
  verdict     smallint not null,
  share       int not null,
  weight      int not null,
  key_id      int not null,
  more_keys   int[],
  target      inet,
  port        int,
  flags       int not null,
  exercise    text,
  raw_off     int not null,
  raw_len     int not null
);
comment on column events.flags is 'Bits: 1 future, 2 id_conflict, 4 no-time, 8 no-zone, 16 repaired, 32 other quality mark';
create index events_batch on events (batch_id, idx);
create index events_key on events (key_id, hour);
create index events_hour on events (hour);

-- One row for each (event, organisation, side, key): what a member sees of an event.
create table matches (
  org_id      int not null,
  batch_id    bigint not null,
  idx         int not null,
  side        smallint not null,
  class_id    int not null,
  key_id      int not null,
  hour        int not null,
  detected_at timestamptz not null,
  lane        smallint not null,
  archive     boolean not null,
  severity    smallint not null,
  verdict     smallint not null,
  share       int not null,
  weight      int not null,
  sensor_id   int not null,
  detector_id int not null,
  network_id  int,
  host        inet,
  peer        inet,
  port        int,
  flags       int not null,
  exercise    text
);
comment on column matches.host is 'The member''s own address in the event';
comment on column matches.peer is 'The other end, when it is a single address';
create index matches_batch on matches (batch_id, idx);
create index matches_key on matches (org_id, key_id, hour);
create index matches_hour on matches (org_id, hour);

-- Condensed rows: (hour, class, source key) for the perimeter (org_id 0) and, apart, for each organisation and side.
create table detections (
  hour        int not null,
  org_id      int not null,
  lane        smallint not null,
  side        smallint not null,
  class_id    int not null,
  key_id      int not null,
  events      int not null,
  occurrences bigint not null,
  dropped     int not null,
  passed      int not null,
  partial     int not null,
  share       bigint not null,
  severity    smallint not null,
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  archive     boolean not null,
  primary key (hour, org_id, lane, side, class_id, key_id)
);
create index detections_key on detections (key_id, org_id, hour);
comment on table detections is 'Unknown verdicts are events - dropped - passed - partial';

-- Event totals; each event once per row. dim 0 all, 1 class, 2 sensor, 3 detector, 4 target port.
create table totals (
  hour        int not null,
  org_id      int not null,
  lane        smallint not null,
  dim         smallint not null,
  dim_id      int not null,
  events      int not null,
  occurrences bigint not null,
  dropped     int not null,
  passed      int not null,
  partial     int not null,
  share       bigint not null,
  primary key (hour, org_id, lane, dim, dim_id)
);

create table days (
  day        date primary key,
  revision   int not null,
  changed_at timestamptz not null,
  purged_at  timestamptz
);
comment on table days is 'Days in Europe/Prague; a late event raises the revision, the first purged event marks the day as purged';

create table episodes (
  id          bigint generated always as identity primary key,
  org_id      int not null,
  side        smallint not null,
  lane        smallint not null,
  family_id   int not null,
  key_id      int not null,
  gap_hours   int not null,
  first_at    timestamptz not null,
  last_at     timestamptz not null,
  events      int not null,
  occurrences bigint not null,
  dropped     int not null,
  passed      int not null,
  partial     int not null,
  share       bigint not null,
  severity    smallint not null,
  severities  jsonb not null default '[]',
  detectors   int[] not null,
  sensors     int[] not null,
  classes     int[] not null,
  ports       int[] not null,
  targets     int,
  state       text not null default 'open' check (state in ('open', 'closed')),
  continues   bigint,
  alias_of    bigint,
  exercise    text,
  archive     boolean not null,
  dirty       boolean not null default true,
  track       bigint not null generated always as (hashint4extended(key_id, hashint4extended(org_id,
                hashint4extended(family_id, (side * 8 + lane)::bigint)))) stored,
  outcome     text,
  outcome_detail jsonb not null default '{}',
  changed_at  timestamptz not null
);
create index episodes_key on episodes (key_id, org_id, family_id) where alias_of is null;
create index episodes_track on episodes (track) where alias_of is null;
create index episodes_recent on episodes (org_id, last_at desc, id desc) where alias_of is null;
create index episodes_dirty on episodes (id) where dirty;
create index episodes_open on episodes (last_at) where state = 'open' and alias_of is null;
comment on column episodes.track is 'Hash of the key, so that finding a key''s episodes never depends on what the planner knows of the table';
comment on column episodes.targets is 'Distinct own addresses hit, exact up to 1000; counted from the log when rules look at the episode';
comment on column episodes.outcome is 'What became of it: warning, or the code of the rule that suppressed it (content/rules-text.json)';

create table rejects (
  id        bigint generated always as identity primary key,
  sensor_id int not null,
  at        timestamptz not null,
  format    text not null,
  line      int not null,
  event_id  text,
  code      int not null,
  reason    text not null,
  sample    bytea not null
);
create index rejects_sensor on rejects (sensor_id, at desc);
comment on table rejects is 'Samples only: the newest few hundred a sensor; all are counted in loss and loss_reasons';

create table loss (
  sensor_id int not null,
  hour      int not null,
  received  int not null default 0,
  stored    int not null default 0,
  duplicate int not null default 0,
  refused   int not null default 0,
  deferred  int not null default 0,
  conflict  int not null default 0,
  late      int not null default 0,
  future    int not null default 0,
  repaired  int not null default 0,
  lost      int not null default 0,
  requests  int not null default 0,
  primary key (sensor_id, hour)
);
comment on table loss is 'Always received = stored + duplicate + refused + deferred; lost = what the sender says it discarded itself';

create table loss_reasons (
  sensor_id int not null,
  hour      int not null,
  reason    text not null,
  n         int not null,
  primary key (sensor_id, hour, reason)
);

create table sensor_batches (
  sensor_id int not null,
  run       text not null,
  seq       bigint not null,
  at        timestamptz not null,
  tries     int not null default 1,
  primary key (sensor_id, run, seq)
);

create table reader_cursors (
  sensor_id       int primary key,
  serial          bigint not null,
  previous_serial bigint not null
);

create table credibility (
  detector_id int not null,
  class_id    int not null,
  org_id      int not null,
  good        int not null,
  bad         int not null,
  lowered     boolean not null,
  changed_at  timestamptz not null,
  restored_at timestamptz,
  primary key (detector_id, class_id, org_id)
);

-- What members may know of the sector: written by the program's own counting, never with a cell of fewer than five organisations.
create table sector_figures (
  day     date not null,
  dim     text not null check (dim in ('day', 'class', 'hour')),
  item    text not null,
  events  bigint not null,
  detections bigint not null,
  sources bigint,
  dropped bigint not null,
  known   bigint not null,
  share   bigint not null,
  changed_at timestamptz not null,
  primary key (day, dim, item)
);
create table sector_seen (
  key_id    int not null,
  family_id int not null,
  hour      int not null,
  band      text not null,
  changed_at timestamptz not null,
  primary key (key_id, family_id, hour)
);
comment on table sector_seen is 'Bands of members that met the same source and family within 24 hours around the hour; rows exist only from five members up and only grow';

-- Sets of small numbers as sorted arrays; 256 are enough to tell what a person can still read.
create function int_union_step(a int[], b int[]) returns int[] language plpgsql immutable parallel safe as $$
begin
  if b <@ a then return a; end if;
  if cardinality(a) = 0 then return b[1:256]; end if;
  return array(select distinct u from unnest(a || b) u order by u limit 256);
end $$;
create aggregate int_union (int[]) (sfunc = int_union_step, stype = int[], initcond = '{}', parallel = safe);

-- Everything that carries rows of persons or members is bound to its readers.
do $$
declare t text;
begin
  foreach t in array array['sensors', 'sensor_networks', 'sensor_minutes', 'batches', 'requests', 'event_keys', 'classes', 'detectors', 'source_keys',
    'key_labels', 'warning_lists', 'events', 'matches', 'detections', 'totals', 'days', 'episodes', 'rejects', 'loss', 'loss_reasons',
    'sensor_batches', 'reader_cursors', 'credibility', 'sector_figures', 'sector_seen'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert, update, delete on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
end $$;
grant usage on sequence batch_ids to hsoc_engine;
grant usage, select, update on sequence event_serials to hsoc_engine;

grant select on sensors, sensor_networks, classes, detectors, source_keys, key_labels, warning_lists, events, matches, detections, totals, days,
  episodes, rejects, loss, loss_reasons, sensor_batches, credibility, sector_figures, sector_seen to hsoc_app;

create policy app_reads on sensors for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()) or (select actor_operates()));
create policy app_reads on sensor_networks for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on classes for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_reads on warning_lists for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_reads on days for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_reads on events for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on matches for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on detections for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on totals for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_reads on episodes for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
-- An address or a detector is known to a member only by its own rows.
create policy app_reads on source_keys for select to hsoc_app
  using ((select actor_coordinates()) or exists (select 1 from detections d where d.key_id = source_keys.id and d.org_id = any ((select actor_orgs())::int[])));
create policy app_reads on key_labels for select to hsoc_app
  using ((select actor_coordinates()) or exists (select 1 from detections d where d.key_id = key_labels.key_id and d.org_id = any ((select actor_orgs())::int[])));
create policy app_reads on detectors for select to hsoc_app
  using ((select actor_coordinates()) or exists (select 1 from totals t where t.dim = 3 and t.dim_id = detectors.id and t.org_id = any ((select actor_orgs())::int[])));
create policy app_reads on sector_seen for select to hsoc_app
  using ((select actor_coordinates()) or exists (select 1 from detections d where d.key_id = sector_seen.key_id and d.org_id = any ((select actor_orgs())::int[])));
create policy app_reads on sector_figures for select to hsoc_app
  using (4 = any ((select actor_scopes())::int[]) or (select actor_coordinates()));
-- Content of a sensor's refused samples belongs to its owner and the coordinators; operators see the accounting only.
create policy app_reads on rejects for select to hsoc_app using ((select actor_coordinates())
  or exists (select 1 from sensors s where s.id = rejects.sensor_id and s.org_id = any ((select actor_orgs())::int[])));
create policy app_reads on loss for select to hsoc_app using (exists (select 1 from sensors s where s.id = loss.sensor_id));
create policy app_reads on loss_reasons for select to hsoc_app using (exists (select 1 from sensors s where s.id = loss_reasons.sensor_id));
create policy app_reads on sensor_batches for select to hsoc_app using (exists (select 1 from sensors s where s.id = sensor_batches.sensor_id));
create policy app_reads on credibility for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));

-- The bytes of a batch hold events of many members: they are given out only for an event that the actor may read,
-- and the program cuts that one event out of them.
create function batch_for_event(p_batch bigint, p_idx int)
returns table (raw bytea, raw_off int, raw_len int, received_at timestamptz, sensor_id int)
language sql stable security definer set search_path = public, pg_temp as $$
  select b.raw, e.raw_off, e.raw_len, b.received_at, b.sensor_id
  from batches b join events e on e.batch_id = b.id and e.idx = p_idx
  where b.id = p_batch and (actor_coordinates()
    or exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs()))
    or exists (select 1 from sensors s where s.id = b.sensor_id and s.org_id = any (actor_orgs())))
$$;
revoke all on function batch_for_event(bigint, int) from public;
grant execute on function batch_for_event(bigint, int) to hsoc_app;

-- Stores one request's new events in one statement, thus one transaction and one round trip.
-- e_* describe the events, m_* the matches (m_at = position of the event in e_*, from 1); keys decide what is new.
-- Answers the batch and, for each event that was there already, its position and where it stands.
-- account: {refused, deferred, late, future, repaired, lost, conflict, requests, reasons: {reason: n}, run, seq}.
create function store_batch(p_sensor int, p_received timestamptz, p_format text, p_raw bytea, p_raw_size int, account jsonb,
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
      a.conflict, a.late, a.future, a.repaired, a.lost, a.requests, a.reasons, a.run, a.seq
    from jsonb_to_record(account) as a (refused int, deferred int, conflict int, late int, future int, repaired int, lost int, requests int,
      reasons jsonb, run text, seq bigint);
  batch := b;
  return next;
end $$;
revoke all on function store_batch from public;
grant execute on function store_batch to hsoc_engine;
