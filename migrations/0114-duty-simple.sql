-- module: duty
-- The simple form of a duty, in place of schedules: whom to call first, second and third, and whether somebody answers at night.

create table duty_simple (
  org_id  int primary key references organisations,
  people  int[] not null check (cardinality(people) between 1 and 3),
  always  boolean not null,
  set_by  int not null references people,
  set_at  timestamptz not null,
  readers int[] not null
);
comment on column duty_simple.people is 'In the order in which they are called';
comment on column duty_simple.always is 'The organisation says that one of them answers at any hour';

alter table duty_simple enable row level security;
grant select on duty_simple to hsoc_app;
grant select, insert, update, delete on duty_simple to hsoc_engine;
create policy app_reads on duty_simple for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on duty_simple to hsoc_engine using (true) with check (true);
