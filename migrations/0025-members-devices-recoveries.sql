-- module: members

-- Browsers from which somebody has signed in before, by the hash of a cookie of theirs.
create table devices (
  person_id  int not null references people,
  token_hash bytea not null,
  first_at   timestamptz not null,
  seen_at    timestamptz not null,
  primary key (person_id, token_hash)
);
alter table devices enable row level security;
grant select, insert, update, delete on devices to hsoc_engine;
create policy engine_all on devices to hsoc_engine using (true) with check (true);
