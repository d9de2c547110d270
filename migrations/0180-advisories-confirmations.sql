-- module: advisories
-- What one coordinator writes, and what came from a file without proof, waits for another coordinator before a member sees it or is told.
-- A version that waits is kept beside the present one (a greater seq than the advisory's); of a new advisory only coordinators are readers.

create table advisory_confirmations (
  advisory_id  int not null references advisories,
  seq          int not null,
  written_by   int references people,
  written_at   timestamptz not null,
  told_at      timestamptz,
  confirmed_by int references people,
  confirmed_at timestamptz,
  primary key (advisory_id, seq),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by is distinct from written_by or confirmed_by is null)
);
create unique index advisory_confirmations_waiting on advisory_confirmations (advisory_id) where confirmed_at is null;
comment on table advisory_confirmations is 'Versions of advisories that wait, or waited, for another coordinator than the one who wrote them';
comment on column advisory_confirmations.written_by is 'Null for what the operator brought as a file';
comment on column advisory_confirmations.told_at is 'When coordinators were written to that it waits';

alter table advisory_confirmations enable row level security;
grant select on advisory_confirmations to hsoc_app;
grant insert (advisory_id, seq, written_by, written_at) on advisory_confirmations to hsoc_app;
grant update (written_by, written_at, confirmed_by, confirmed_at) on advisory_confirmations to hsoc_app;
grant select, insert, update, delete on advisory_confirmations to hsoc_engine;
create policy engine_all on advisory_confirmations to hsoc_engine using (true) with check (true);
create policy app_reads on advisory_confirmations for select to hsoc_app using ((select actor_coordinates()));
create policy app_adds on advisory_confirmations for insert to hsoc_app
  with check ((select actor_coordinates()) and written_by = (select actor_person()));
-- Whoever writes it anew is its author; whoever confirms it is not.
create policy app_changes on advisory_confirmations for update to hsoc_app
  using ((select actor_coordinates()) and confirmed_at is null)
  with check (case when confirmed_at is null then written_by = (select actor_person()) else confirmed_by = (select actor_person()) end);

-- A version that waits is read by coordinators, and written anew in its place.
drop policy app_reads on advisory_versions;
create policy app_reads on advisory_versions for select to hsoc_app
  using (exists (select 1 from advisories a where a.id = advisory_id and (a.seq >= advisory_versions.seq or (select actor_coordinates()))));
create policy app_renews on advisory_versions for delete to hsoc_app
  using ((select actor_coordinates()) and exists (select 1 from advisory_confirmations c
    where c.advisory_id = advisory_versions.advisory_id and c.seq = advisory_versions.seq and c.confirmed_at is null));
grant delete on advisory_versions to hsoc_app;
