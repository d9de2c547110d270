-- module: members
-- A registry file (who holds which range, whom to write to, which AS announces it) as the operator loaded it. The last one counts.

create table registry_loads (
  id        int generated always as identity primary key,
  file_name text not null,
  sha256    text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  rows      int not null,
  loaded_at timestamptz not null
);
create table registry_entries (
  load_id  int not null references registry_loads on delete cascade,
  line     int not null,
  net_from inet not null,
  net_to   inet not null,
  text     text not null,
  holder   text not null,
  contact  text,
  asn      bigint check (asn between 1 and 4294967294)
);
comment on table registry_entries is 'Rows of the last load; earlier ones are deleted, as they say nothing about today';
comment on column registry_entries.contact is 'Mail address that the registry names for the range; a code sent there proves who holds it';
create index registry_entries_net on registry_entries (net_from, net_to);
create index registry_entries_asn on registry_entries (asn) where asn is not null;

create table claim_codes (
  claim_id   int primary key references claims,
  code_hash  bytea not null,
  contact    text not null,
  sent_at    timestamptz not null,
  expires_at timestamptz not null,
  sends      int not null default 1,
  attempts   int not null default 0
);
comment on table claim_codes is 'The code last mailed to the registry''s contact for a claim; the code itself is in the mail alone';

alter table registry_loads enable row level security;
alter table registry_entries enable row level security;
alter table claim_codes enable row level security;
grant select on registry_loads, registry_entries to hsoc_app;
grant select, insert, delete on registry_loads, registry_entries to hsoc_engine;
grant select, insert, update on claim_codes to hsoc_engine;
create policy app_reads on registry_loads for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on registry_entries for select to hsoc_app using ((select actor_coordinates()));
create policy engine_all on registry_loads to hsoc_engine using (true) with check (true);
create policy engine_all on registry_entries to hsoc_engine using (true) with check (true);
create policy engine_all on claim_codes to hsoc_engine using (true) with check (true);

-- What a reader of a claim is told of the way by the registry's contact: the smallest entry around it that names one. The address is
-- shown by its first letter and its domain, so that nobody gathers addresses by claiming.
create function claim_contact(p_claim int) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select left(e.contact, 1) || '***@' || split_part(e.contact, '@', 2)
  from claims c join registry_entries e on e.net_from <= c.net_from and e.net_to >= c.net_to and family(e.net_from) = family(c.net_from)
  where c.id = p_claim and c.readers && actor_scopes() and e.contact is not null
    and (c.org_id = any (actor_orgs()) or actor_coordinates())
  order by e.net_from desc, e.net_to, e.line limit 1
$$;
revoke all on function claim_contact(int) from public;
grant execute on function claim_contact(int) to hsoc_app;

-- module: channels

-- A mail to an address that belongs to nobody here, about what an organisation asked for.
create function queue_registry_mail(p_topic text, p_org int, p_address text, p_detail jsonb, p_now timestamptz)
returns void language sql as $$
  insert into deliveries (kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_org, p_address, p_detail || '{"as": "contact"}', p_now, p_now, array[2])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$$;
revoke all on function queue_registry_mail(text, int, text, jsonb, timestamptz) from public;
grant execute on function queue_registry_mail(text, int, text, jsonb, timestamptz) to hsoc_engine;
