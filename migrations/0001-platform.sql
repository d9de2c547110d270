-- module: platform
-- The actor of a transaction travels in settings that only asActor() sets; without them every policy answers "no rows".

create function actor_scopes() returns int[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('hsoc.scopes', true), ''), '{}')::int[] $$;

create function actor_orgs() returns int[] language sql stable parallel safe as
$$ select coalesce(nullif(current_setting('hsoc.orgs', true), ''), '{}')::int[] $$;

create function actor_person() returns int language sql stable parallel safe as
$$ select nullif(current_setting('hsoc.person', true), '')::int $$;

-- The clock passed in by the program, so that journeys can move it.
create function actor_now() returns timestamptz language sql stable parallel safe as
$$ select nullif(current_setting('hsoc.now', true), '')::timestamptz $$;

-- Scope 2 is held by coordinators (src/values/scopes.ts).
create function actor_coordinates() returns boolean language sql stable parallel safe as
$$ select 2 = any (actor_scopes()) $$;

-- Scope 3 is held by operators, who run the servers and see no content.
create function actor_operates() returns boolean language sql stable parallel safe as
$$ select 3 = any (actor_scopes()) $$;

create table settings (
  name       text primary key,
  value      jsonb not null,
  changed_at timestamptz not null
);
comment on table settings is 'Small values of the installation itself: telephone of the coordinators, reading of the daily view';

create table audit (
  id        bigint generated always as identity primary key,
  at        timestamptz not null,
  person_id int,
  actor     text not null,
  verb      text not null,
  object    text not null,
  org_id    int,
  detail    jsonb not null default '{}',
  readers   int[] not null
);
comment on table audit is 'Who did what, append-only: nobody but the owner may change or delete a row';
create index audit_at on audit (at desc, id desc);
create index audit_object on audit (object, at desc);

alter table settings enable row level security;
alter table audit enable row level security;

grant usage on schema public to hsoc_app, hsoc_engine;
grant select on settings to hsoc_app;
grant select, insert, update on settings to hsoc_engine;
grant select, insert on audit to hsoc_app, hsoc_engine;

create policy app_reads on settings for select to hsoc_app using (true);
create policy engine_all on settings to hsoc_engine using (true) with check (true);
create policy app_reads on audit for select to hsoc_app using (readers && (select actor_scopes()));
-- A line may be written by whoever acts, but only in its own name.
create policy app_writes on audit for insert to hsoc_app with check (person_id is not distinct from (select actor_person()));
create policy engine_all on audit to hsoc_engine using (true) with check (true);
