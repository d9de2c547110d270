-- module: assets
-- What people said of matches: this asset is, or is not, what advisories call so. Holds for all later advisories about the same product.

create table match_decisions (
  org_id      int not null references organisations,
  asset_key   text not null check (length(asset_key) between 1 and 1000),
  product_key text not null check (length(product_key) between 1 and 1000),
  same        boolean not null,
  asset       text not null check (length(asset) <= 500),
  product     text not null check (length(product) <= 500),
  reason      text not null default '' check (length(reason) <= 500),
  person_id   int not null,
  actor       text not null,
  at          timestamptz not null,
  primary key (org_id, asset_key, product_key)
);
comment on table match_decisions is 'What an organisation''s people said of the likeness of an asset and an affected product; without versions, which each advisory judges anew';
comment on column match_decisions.asset_key is 'Maker and name of the asset, folded; the same for all assets written alike';
comment on column match_decisions.product_key is 'The same of the affected product';
comment on column match_decisions.same is 'It is that product; false: it is another one';
comment on column match_decisions.asset is 'As it was written when it was decided; product as the advisory wrote it';
comment on column match_decisions.actor is 'Name of the person at that time';

-- Who may say so: administrators and security managers of this moment.
create function decides_matches(p_org int) returns boolean language sql stable as $$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id in (p_org, organisation_now(p_org))
    and p_org = any (actor_orgs()) and e.role in ('admin', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;

alter table match_decisions enable row level security;
grant select, insert, delete on match_decisions to hsoc_app;
grant select, update (actor) on match_decisions to hsoc_engine;
create policy app_reads on match_decisions for select to hsoc_app using (org_id = any ((select actor_orgs())::int[]));
create policy app_decides on match_decisions for insert to hsoc_app with check (decides_matches(org_id) and person_id = (select actor_person()));
create policy app_takes_back on match_decisions for delete to hsoc_app using (org_id = any ((select actor_orgs())::int[]) and decides_matches(org_id));
create policy engine_all on match_decisions to hsoc_engine using (true) with check (true);
