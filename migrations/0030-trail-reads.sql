-- module: trail
-- Who looked at whose data: for every organisation whose rows were read by somebody who does not act for it.

create table trail_reads (
  id        bigint generated always as identity primary key,
  org_id    int not null references organisations,
  person_id int references people,
  reader    text not null,
  hour      timestamptz not null,
  way       text not null check (way in ('page', 'api', 'file')),
  place     text not null,
  object    text not null default '',
  times     int not null default 1,
  first_at  timestamptz not null,
  last_at   timestamptz not null,
  unique nulls not distinct (org_id, hour, person_id, way, place, object, reader)
);
comment on table trail_reads is 'The read ledger: one row for what a person looked at of an organisation within an hour';
comment on column trail_reads.person_id is 'Null for a program with the coordinators'' API key';
comment on column trail_reads.reader is 'The person''s name at that time, or the key''s: whom it concerns may know it without seeing the record';
comment on column trail_reads.place is 'The route as it is declared, /warnings/:id';
comment on column trail_reads.object is 'What stood in place of its parameters; empty for a list';
create index trail_reads_org on trail_reads (org_id, last_at desc, id desc);
create index trail_reads_person on trail_reads (person_id);

alter table trail_reads enable row level security;
grant select on trail_reads to hsoc_app;
grant select, insert, update on trail_reads to hsoc_engine;
-- The organisation concerned, whoever looked, and the coordinators among themselves.
create policy app_reads on trail_reads for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or person_id = (select actor_person()) or (select actor_coordinates()));
create policy engine_all on trail_reads to hsoc_engine using (true) with check (true);
