-- module: channels
-- When nothing of the installation ran. Whoever waited for a warning then is told afterwards, since nobody could be told meanwhile.

create table beats (
  id smallint primary key check (id = 1),
  at timestamptz not null
);
comment on table beats is 'When the program last did its own work, on whatever node; one row';

create table outages (
  id      int generated always as identity primary key,
  from_at timestamptz not null,
  to_at   timestamptz not null,
  check (to_at > from_at)
);
comment on table outages is 'Times in which no node did its work: nobody was warned, and what sensors kept came later';
create index outages_recent on outages (to_at desc);

alter table beats enable row level security;
create policy engine_all on beats for all to hsoc_engine using (true) with check (true);
grant select, insert, update on beats to hsoc_engine;

alter table outages enable row level security;
create policy app_reads on outages for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy engine_all on outages for all to hsoc_engine using (true) with check (true);
grant select on outages to hsoc_app;
grant select, insert, delete on outages to hsoc_engine;
