-- module: channels
-- Encrypted mail: keys of addresses, proved by a mail encrypted to them.

create table mail_keys (
  id           int generated always as identity primary key,
  address_key  bytea not null,
  address      text not null,
  fingerprint  text not null check (fingerprint ~ '^[0-9A-F]{40,64}$'),
  public_key   text not null,
  expires_at   timestamptz,
  uploaded_at  timestamptz not null,
  proof_hash   bytea unique,
  proof_until  timestamptz,
  proved_at    timestamptz,
  unusable_at  timestamptz,
  warned_at    timestamptz,
  readers      int[] not null,
  check ((proof_hash is null) = (proved_at is not null) and (proof_hash is null) = (proof_until is null))
);
comment on table mail_keys is 'OpenPGP keys of addresses: one that is used, and perhaps one that waits for its proof';
comment on column mail_keys.public_key is 'Armored, as it was given';
comment on column mail_keys.expires_at is 'From when on nothing can be encrypted with it; null: never';
comment on column mail_keys.proof_hash is 'Of the token in the mail that was encrypted to it; null once that came back';
comment on column mail_keys.unusable_at is 'When a mail could not be encrypted with it, and a notice without content went instead';
comment on column mail_keys.warned_at is 'When its address was told that it ends soon';
comment on column mail_keys.readers is 'Who can mend it: its person, the organisations that named the address, the coordinators';
create unique index mail_keys_used on mail_keys (address_key) where proved_at is not null;
create unique index mail_keys_waiting on mail_keys (address_key) where proved_at is null;
alter table mail_keys enable row level security;
grant select (id, address_key, address, fingerprint, public_key, expires_at, uploaded_at, proof_until, proved_at, unusable_at, warned_at, readers) on mail_keys to hsoc_app;
grant select, insert, update, delete on mail_keys to hsoc_engine;
create policy app_reads on mail_keys for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on mail_keys to hsoc_engine using (true) with check (true);
