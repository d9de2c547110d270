-- module: assets
-- By what advisories find an asset, and which changes of the inventory have yet to be matched.

alter table assets add column vendor_key text, add column product_keys text[];
comment on column assets.vendor_key is 'Its maker by alias, for counting makers; null until it was filled';
comment on column assets.product_keys is 'Words, codes and identifiers by which an advisory finds it; null until it was filled';
create index assets_keys on assets using gin (product_keys) where removed_at is null;
create index assets_unkeyed on assets (id) where product_keys is null;
grant update (vendor_key, product_keys) on assets to hsoc_app;

alter table asset_changes add column matched_at timestamptz;
comment on column asset_changes.matched_at is 'When advisories that may concern it were queued; null: not yet';
update asset_changes set matched_at = at;
create index asset_changes_unmatched on asset_changes (id) where matched_at is null;
