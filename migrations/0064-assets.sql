-- module: assets
-- What each organisation runs: services, systems, software, network and medical devices. Only its own people and its keys read it.

create table assets (
  id              int generated always as identity primary key,
  org_id          int not null references organisations,
  kind            text not null check (kind in ('service', 'system', 'software', 'network', 'medical')),
  vendor          text not null check (length(vendor) <= 200),
  product         text not null check (length(btrim(product)) between 1 and 200),
  version         text check (length(version) between 1 and 100),
  cpe             text check (length(cpe) <= 500),
  purl            text check (length(purl) <= 500),
  runs_on         text not null default '' check (length(runs_on) <= 200),
  quantity        int not null default 1 check (quantity between 1 and 1000000),
  serials         text[] not null default '{}' check (cardinality(serials) <= 1000),
  department      text not null default '' check (length(department) <= 200),
  zone            text not null default '' check (length(zone) <= 200),
  segmented       boolean,
  owner           text not null default '' check (length(owner) <= 200),
  patient_safety  boolean not null default false,
  support_ends_on date,
  note            text not null default '' check (length(note) <= 2000),
  source          text not null check (source in ('hand', 'api', 'table', 'cyclonedx', 'nmap')),
  created_at      timestamptz not null,
  changed_at      timestamptz not null,
  removed_at      timestamptz
);
comment on table assets is 'What an organisation runs; coordinators do not see it';
comment on column assets.vendor is 'As its people write it; empty where it is not known';
comment on column assets.cpe is 'CPE 2.3 formatted string';
comment on column assets.runs_on is 'Operating system or platform under it, which has an end of support of its own';
comment on column assets.segmented is 'Kept apart from other networks; null where nobody knows';
comment on column assets.owner is 'Which function or department answers for it';
comment on column assets.patient_safety is 'Its failure may harm a patient';
comment on column assets.support_ends_on is 'The organisation''s own date, which goes before the table of dates';
comment on column assets.source is 'By which way it first came in';
comment on column assets.removed_at is 'Since when it is no longer run; the row stays for its history';
create index assets_org on assets (org_id, id) where removed_at is null;

create table asset_imports (
  id          int generated always as identity primary key,
  org_id      int not null references organisations,
  file_name   text not null check (length(file_name) between 1 and 200),
  format      text not null check (format in ('table', 'cyclonedx', 'nmap')),
  sha256      text not null check (length(sha256) = 64),
  lines       jsonb not null,
  refused     jsonb not null,
  decisions   jsonb not null default '{}',
  taken_by    int references people,
  taker       text not null,
  taken_at    timestamptz not null,
  applied_at  timestamptz,
  counts      jsonb,
  undone_at   timestamptz,
  check ((applied_at is null) = (counts is null)),
  check (undone_at is null or applied_at is not null)
);
comment on table asset_imports is 'A file with assets: taken in, decided line by line, carried out once, and undone where that was wrong';
comment on column asset_imports.lines is 'As read; emptied once it was carried out, as the history of each asset says what came of it';
comment on column asset_imports.decisions is 'By line: add, take, merge or skip';
comment on column asset_imports.taker is 'Name of whoever took it in at that time';
create unique index asset_imports_waiting on asset_imports (org_id, sha256) where applied_at is null;

create table asset_changes (
  id        bigint generated always as identity primary key,
  asset_id  int not null references assets,
  org_id    int not null references organisations,
  at        timestamptz not null,
  person_id int references people,
  actor     text not null,
  way       text not null check (way in ('made', 'changed', 'removed', 'restored')),
  import_id int references asset_imports,
  before    jsonb not null default '{}',
  after     jsonb not null default '{}'
);
comment on table asset_changes is 'History of an asset; only added to';
comment on column asset_changes.actor is 'Name of the person at that time';
comment on column asset_changes.before is 'The fields that changed, as they were; after as they became';
create index asset_changes_asset on asset_changes (asset_id, id);
create index asset_changes_import on asset_changes (import_id, id) where import_id is not null;

create table asset_shares (
  org_id    int primary key references organisations,
  agreed_at timestamptz not null,
  agreed_by int not null references people
);
comment on table asset_shares is 'Organisations that agreed that what they run counts in the sums of the sector; taking it back deletes the row';

create table asset_sums (
  dim        text not null,
  item       text not null,
  pieces     int not null,
  band       text not null,
  changed_at timestamptz not null,
  primary key (dim, item)
);
comment on table asset_sums is 'Sums over organisations that agreed, five or more in each; no figure can be had by subtraction';
comment on column asset_sums.pieces is 'Rounded to tens, so that two days side by side do not tell what one organisation added';
comment on column asset_sums.band is 'How many organisations, as a band';

create table support_tables (
  id        int generated always as identity primary key,
  version   text not null unique check (length(version) between 1 and 60),
  file_name text not null,
  sha256    text not null,
  rows      jsonb not null,
  loaded_at timestamptz not null
);
comment on table support_tables is 'Dates of end of support that the operator loaded; the newest table stands beside the one that ships with the release';

-- Who may change what an organisation runs: its administrators and security managers of this moment, also for what was merged into it.
-- Null for everybody else.
create function keeps_assets(p_org int) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select true where exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id in (p_org, organisation_now(p_org))
    and p_org = any (actor_orgs()) and e.role in ('admin', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;
-- Who may let it count in the sums of the sector.
create function shares_assets(p_org int) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select true where exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org
    and e.role in ('representative', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;
revoke all on function keeps_assets(int), shares_assets(int) from public;
grant execute on function keeps_assets(int), shares_assets(int) to hsoc_app, hsoc_engine;

do $$
declare t text;
begin
  foreach t in array array['assets', 'asset_imports', 'asset_changes', 'asset_shares', 'asset_sums', 'support_tables'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert, update on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
    execute format('grant select on %I to hsoc_app', t);
  end loop;
end $$;
grant delete on asset_imports, asset_sums to hsoc_engine;

grant insert on assets, asset_imports, asset_changes, asset_shares to hsoc_app;
grant update (kind, vendor, product, version, cpe, purl, runs_on, quantity, serials, department, zone, segmented, owner, patient_safety,
  support_ends_on, note, changed_at, removed_at) on assets to hsoc_app;
create policy app_reads on assets for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_adds on assets for insert to hsoc_app with check (keeps_assets(org_id));
create policy app_changes on assets for update to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) and keeps_assets(org_id)) with check (keeps_assets(org_id));

create policy app_reads on asset_changes for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_adds on asset_changes for insert to hsoc_app with check (keeps_assets(org_id) and person_id = (select actor_person()));

grant update (lines, refused, decisions, applied_at, counts, undone_at) on asset_imports to hsoc_app;
create policy app_reads on asset_imports for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_adds on asset_imports for insert to hsoc_app with check (keeps_assets(org_id) and taken_by = (select actor_person()));
create policy app_changes on asset_imports for update to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) and keeps_assets(org_id)) with check (keeps_assets(org_id));

grant delete on asset_shares to hsoc_app;
create policy app_reads on asset_shares for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_agrees on asset_shares for insert to hsoc_app with check (shares_assets(org_id) and agreed_by = (select actor_person()));
create policy app_takes_back on asset_shares for delete to hsoc_app using (shares_assets(org_id));

create policy app_reads on asset_sums for select to hsoc_app using ((select actor_coordinates()) or 4 = any ((select actor_scopes())::int[]));
create policy app_reads on support_tables for select to hsoc_app using (1 = any ((select actor_scopes())::int[]));
