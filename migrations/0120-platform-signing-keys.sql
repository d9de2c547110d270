-- module: platform
-- The installation's own OpenPGP key: signs the documents that programs fetch, and mails. Made once for all nodes, at the first
-- need; after a rotation the earlier ones stay, so that what they signed can still be checked.

create table signing_keys (
  id            int generated always as identity primary key,
  fingerprint   text not null unique check (fingerprint ~ '^[0-9A-F]{40,64}$'),
  public_key    text not null,
  sealed_key    text not null,
  made_at       timestamptz not null,
  retired_at    timestamptz,
  distrusted    boolean not null default false,
  check (not distrusted or retired_at is not null)
);
comment on table signing_keys is 'OpenPGP keys of the installation; the one that is not retired signs';
comment on column signing_keys.public_key is 'Armoured';
comment on column signing_keys.sealed_key is 'Its private key, armoured, sealed (platform/seal.ts)';
comment on column signing_keys.distrusted is 'Somebody else may have its private part: it is no longer shown as ours';
create unique index signing_keys_present on signing_keys ((true)) where retired_at is null;

alter table signing_keys enable row level security;
create policy engine_all on signing_keys for all to hsoc_engine using (true) with check (true);
grant select, insert on signing_keys to hsoc_engine;
grant update (sealed_key, retired_at, distrusted) on signing_keys to hsoc_engine;
