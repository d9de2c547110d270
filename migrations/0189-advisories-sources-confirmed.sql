-- module: advisories
-- A source that one coordinator adds, or leads elsewhere, is not asked before another has confirmed it; a document that was set aside and that one takes
-- all the same waits like what they write by hand. Sources that are here already stand as they are: they have no row here, like those that the operator
-- adds at the terminal.

create table advisory_source_confirmations (
  id           int generated always as identity primary key,
  source_id    int not null references advisory_sources,
  asked_by     int not null references people,
  asked_at     timestamptz not null,
  told_at      timestamptz,
  confirmed_by int references people,
  confirmed_at timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by is distinct from asked_by)
);
create unique index advisory_source_confirmations_waiting on advisory_source_confirmations (source_id) where confirmed_at is null;
comment on table advisory_source_confirmations is 'Sources that wait, or waited, for another coordinator than the one who added or last changed them';
comment on column advisory_source_confirmations.told_at is 'When coordinators were written to that it waits';

alter table advisory_source_confirmations enable row level security;
grant select on advisory_source_confirmations to hsoc_app;
grant insert (source_id, asked_by, asked_at) on advisory_source_confirmations to hsoc_app;
grant update (asked_by, asked_at, told_at, confirmed_by, confirmed_at) on advisory_source_confirmations to hsoc_app;
grant select, insert, update, delete on advisory_source_confirmations to hsoc_engine;
create policy engine_all on advisory_source_confirmations to hsoc_engine using (true) with check (true);
create policy app_reads on advisory_source_confirmations for select to hsoc_app using ((select actor_coordinates()));
create policy app_adds on advisory_source_confirmations for insert to hsoc_app
  with check ((select actor_coordinates()) and asked_by = (select actor_person()));
-- Whoever changes it anew asks for it; whoever confirms it does not.
create policy app_changes on advisory_source_confirmations for update to hsoc_app
  using ((select actor_coordinates()) and confirmed_at is null)
  with check (case when confirmed_at is null then asked_by = (select actor_person()) else confirmed_by = (select actor_person()) end);

alter table advisory_quarantine add decided_by int references people;
comment on column advisory_quarantine.decided_by is 'Null also for what was decided before this was kept';
grant update (decided_by) on advisory_quarantine to hsoc_app;
