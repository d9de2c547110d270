-- module: channels

alter table deliveries
  add column unit int not null default 0,
  add column digest_id bigint references deliveries;
comment on column deliveries.unit is 'Whose daily limit a single mail counts against: the organisation; 0 for the coordinators and for mails about accounts';
comment on column deliveries.digest_id is 'The digest in which a held message was listed';
create index deliveries_day on deliveries (unit, decided_at);
create index deliveries_waiting on deliveries (decided_at) where state = 'held';
create index deliveries_digest on deliveries (digest_id) where digest_id is not null;

-- What a reader chose by the link in a mail. It needs no sign-in, so it is kept by the address's hash, which the link carries.
create table mail_choices (
  address_key bytea primary key,
  singles     boolean not null,
  digest      text check (digest in ('daily', 'weekly', 'none')),
  changed_at  timestamptz not null
);
comment on column mail_choices.singles is 'False: ordinary single mails come in the digest; high and critical warnings come at once all the same';
comment on column mail_choices.digest is 'Null: as the person set it in its account';
alter table mail_choices enable row level security;
grant select, insert, update, delete on mail_choices to hsoc_engine;
create policy engine_all on mail_choices to hsoc_engine using (true) with check (true);

-- The first 16 bytes of SHA-256: enough that two addresses never share a choice.
create function address_key(address text) returns bytea language sql immutable parallel safe as
$$ select substr(sha256(convert_to(lower(address), 'UTF8')), 1, 16) $$;
revoke all on function address_key(text) from public;
grant execute on function address_key(text) to hsoc_engine;
