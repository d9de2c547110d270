-- module: matches
-- Which advisory concerns what of an organisation's inventory, and what its people say of it. Only its own people and its keys read it.

create table match_items (
  id             int generated always as identity primary key,
  org_id         int not null references organisations,
  advisory_id    int not null references advisories,
  seq            int not null,
  severity       smallint not null check (severity between 0 and 4),
  exploited      boolean not null,
  patient_safety boolean not null,
  sure           float8 not null check (sure between 0 and 1),
  pieces         int not null check (pieces >= 0),
  departments    int not null check (departments >= 0),
  confirmed      boolean not null,
  answer         text not null default 'pending' check (answer in ('pending', 'seen', 'not_affected', 'working', 'mitigated', 'done')),
  planned_on     date,
  affected       int check (affected between 0 and 1000000),
  conflict       boolean not null default false,
  closed_at      timestamptz,
  closed_why     text check (closed_why in ('version', 'withdrawn', 'covered', 'label', 'assets', 'rejected', 'held')),
  state          text not null generated always as (case when closed_why = 'rejected' then 'rejected' when closed_at is not null then 'gone'
    when answer in ('done', 'not_affected') then 'dealt' when confirmed then 'confirmed' else 'open' end) stored,
  opened_at      timestamptz not null,
  changed_at     timestamptz not null,
  unique (org_id, advisory_id),
  check ((closed_at is null) = (closed_why is null))
);
create index match_items_advisory on match_items (advisory_id);
create index match_items_order on match_items (org_id, patient_safety desc, exploited desc, severity desc, sure desc, id desc);
comment on table match_items is 'One for each advisory and organisation whose inventory it concerns';
comment on column match_items.seq is 'Version of the advisory that it stands for';
comment on column match_items.severity is 'Of the advisory; medium where nothing says';
comment on column match_items.patient_safety is 'The advisory says so, or one of the assets may harm a patient';
comment on column match_items.sure is 'The surest of its assets, 0 to 1';
comment on column match_items.confirmed is 'Its people said of at least one asset that it is that product';
comment on column match_items.conflict is 'Two of its people said opposite things; the answer of the higher role stands';
comment on column match_items.closed_why is 'Why the match fell away: version and withdrawn are the advisory''s, covered and label who says it better or may read it, assets the inventory''s, rejected what people said, held what coordinators look at first';

create table match_assets (
  item_id  int not null references match_items on delete cascade,
  asset_id int not null references assets,
  org_id   int not null references organisations,
  sure     float8 not null,
  why      jsonb not null,
  products jsonb not null check (octet_length(products::text) <= 100000),
  said     text check (said in ('same', 'other')),
  primary key (item_id, asset_id)
);
create index match_assets_asset on match_assets (asset_id);
comment on column match_assets.why is 'Reasons, of which src/modules/assets/matching/sentences.ts makes sentences; without names of people';
comment on column match_assets.products is 'Products of the advisory that it may be: maker, name and versions as written';
comment on column match_assets.said is 'What its people said: it is that product, or another one; null where nobody did';

create table match_changes (
  id        bigint generated always as identity primary key,
  item_id   int not null references match_items on delete cascade,
  org_id    int not null references organisations,
  at        timestamptz not null,
  kind      text not null check (kind in ('opened', 'version', 'assets', 'closed', 'reopened', 'answer')),
  person_id int references people,
  actor     text not null default '',
  role      text,
  detail    jsonb not null default '{}' check (octet_length(detail::text) <= 20000)
);
create index match_changes_item on match_changes (item_id, id);
comment on table match_changes is 'History of a match, answers included; only added to';
comment on column match_changes.role is 'In which role an answer was given: of two that contradict each other the higher one stands';

create table match_marks (
  advisory_id int primary key references advisories,
  seq         int not null,
  changed_at  timestamptz not null,
  covering_id int,
  kev         boolean not null,
  keys        text[] not null,
  matched_at  timestamptz not null
);
create index match_marks_keys on match_marks using gin (keys);
comment on table match_marks is 'As what each advisory was last matched with all inventories; another state of it is matched anew';
comment on column match_marks.keys is 'By which its products find assets, and changed assets find it';

create table match_due (
  advisory_id int not null references advisories,
  org_id      int not null references organisations,
  since       timestamptz not null,
  primary key (advisory_id, org_id)
);
comment on table match_due is 'What is to be matched anew because the inventory or a decision changed';

create table match_held (
  advisory_id int not null references advisories,
  vendor      text not null,
  product     text not null,
  names       int not null,
  makers      int not null,
  held_at     timestamptz not null,
  released_by int references people,
  released_at timestamptz,
  primary key (advisory_id, vendor, product),
  check ((released_by is null) = (released_at is null))
);
comment on table match_held is 'Names of products that match too much to be told anybody before a coordinator has looked';
comment on column match_held.names is 'How many different products of inventories it matched; makers likewise. Never of fewer than five organisations';

create table match_sums (
  advisory_id int primary key references advisories,
  band        text not null,
  changed_at  timestamptz not null
);
comment on table match_sums is 'How many organisations an advisory concerns, as a band, of those that agreed to sums of the sector; five at least';

do $$
declare t text;
begin
  foreach t in array array['match_items', 'match_assets', 'match_changes', 'match_marks', 'match_due', 'match_held', 'match_sums'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert, update, delete on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
end $$;

-- An advisory that its people may no longer read hides the item by the join that every reader of it makes.
grant select, update (answer, planned_on, affected, conflict, changed_at) on match_items to hsoc_app;
create policy app_reads on match_items for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_answers on match_items for update to hsoc_app
  using (org_id = any ((select actor_orgs())::int[])) with check (org_id = any ((select actor_orgs())::int[]));
grant select on match_assets to hsoc_app;
create policy app_reads on match_assets for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
grant select, insert on match_changes to hsoc_app;
create policy app_reads on match_changes for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_adds on match_changes for insert to hsoc_app
  with check (kind = 'answer' and person_id = (select actor_person()) and org_id = any ((select actor_orgs())::int[])
    and exists (select 1 from match_items i where i.id = item_id and i.org_id = match_changes.org_id));
grant select, update (released_by, released_at) on match_held to hsoc_app;
create policy app_reads on match_held for select to hsoc_app using ((select actor_coordinates()));
create policy app_releases on match_held for update to hsoc_app
  using ((select actor_coordinates())) with check (released_by = (select actor_person()));
grant select on match_sums to hsoc_app;
create policy app_reads on match_sums for select to hsoc_app using ((select actor_coordinates()));

-- What people decided of one asset may concern every advisory about a product written alike: all of them are matched anew.
create function queue_matches(p_asset int, p_now timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into match_due (advisory_id, org_id, since)
  select d.advisory_id, a.org_id, p_now
  from assets a cross join lateral (
    select i.advisory_id from match_items i where i.org_id = a.org_id
    union select m.advisory_id from match_marks m where m.keys && a.product_keys) d
  where a.id = p_asset and a.org_id = any (actor_orgs())
  on conflict do nothing
$$;
-- A name that a coordinator released is matched with everybody again.
create function match_released(p_advisory int) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from match_marks where advisory_id = p_advisory and actor_coordinates()
$$;
revoke all on function queue_matches(int, timestamptz), match_released(int) from public;
grant execute on function queue_matches(int, timestamptz), match_released(int) to hsoc_app;
