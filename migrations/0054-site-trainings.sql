-- module: site
-- Who comes to an announced training, and who was there. A person stands here only by signing up; of an organisation it may
-- be noted besides that somebody of it was there.

alter table site_occasions add column sign_up boolean not null default false;
comment on column site_occasions.sign_up is 'Whether people of members may sign up for it here, before it begins';
grant update (sign_up) on site_occasions to hsoc_app;

create table training_places (
  id int generated always as identity primary key,
  page_id int not null references site_occasions,
  org_id int not null references organisations,
  person_id int references people,
  asked_at timestamptz,
  withdrawn_at timestamptz,
  attended_at timestamptz,
  marked_by int references people,
  unique nulls not distinct (page_id, org_id, person_id),
  check ((person_id is null) = (asked_at is null)),
  check (person_id is not null or attended_at is not null),
  check (attended_at is null or marked_by is not null)
);
comment on table training_places is 'A place at a training, for one organisation: of a person who signed up, or of the organisation alone';
comment on column training_places.person_id is 'Null where only the organisation is noted; a person is noted only where they signed up';
comment on column training_places.withdrawn_at is 'When the person took the sign-up back';
comment on column training_places.attended_at is 'When it was noted that they were there; null while it was not';
create index training_places_org on training_places (org_id);
create index training_places_person on training_places (person_id) where person_id is not null;
alter table training_places enable row level security;
create policy app_reads on training_places for select to hsoc_app using (
  (select actor_coordinates()) or person_id = (select actor_person())
  or (person_id is null and org_id = any ((select actor_orgs())::int[])));
create policy app_signs_up on training_places for insert to hsoc_app with check (
  person_id = (select actor_person()) and org_id = any ((select actor_orgs())::int[]) and attended_at is null
  and exists (select 1 from site_occasions o where o.page_id = training_places.page_id and o.kind = 'training' and o.sign_up
    and o.cancelled_at is null and o.starts_at > (select actor_now())));
create policy app_notes on training_places for insert to hsoc_app with check (
  (select actor_coordinates()) and person_id is null and marked_by = (select actor_person()));
create policy app_changes_own on training_places for update to hsoc_app
  using (person_id = (select actor_person()) and attended_at is null)
  with check (person_id = (select actor_person()) and org_id = any ((select actor_orgs())::int[]) and attended_at is null);
create policy app_marks on training_places for update to hsoc_app
  using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_takes_back on training_places for delete to hsoc_app using ((select actor_coordinates()) and person_id is null);
create policy engine_all on training_places for all to hsoc_engine using (true) with check (true);
grant select, insert, delete on training_places to hsoc_app;
grant update (asked_at, withdrawn_at, attended_at, marked_by) on training_places to hsoc_app;
grant select, insert on training_places to hsoc_engine;

-- How an organisation stands to trainings, for itself and for coordinators: how many it was at, has people signed up for, and could go to.
create function trainings_of(p_org int) returns table (attended int, coming int, announced int)
language sql stable security definer set search_path = public, pg_temp as $$
  select
    (select count(distinct t.page_id)::int from training_places t where t.org_id = any (organisation_with_merged(p_org)) and t.attended_at is not null),
    (select count(distinct t.page_id)::int from training_places t join site_occasions o on o.page_id = t.page_id
      where t.org_id = any (organisation_with_merged(p_org)) and t.withdrawn_at is null and t.asked_at is not null
        and o.cancelled_at is null and o.starts_at > actor_now()),
    (select count(*)::int from site_occasions o where o.kind = 'training' and o.cancelled_at is null and o.starts_at > actor_now()
      and exists (select 1 from site_versions v where v.page_id = o.page_id and v.publish_at <= actor_now() and coalesce(v.until_at, 'infinity') > actor_now()))
  where p_org = any (actor_orgs()) or actor_coordinates()
$$;
revoke all on function trainings_of(int) from public;
grant execute on function trainings_of(int) to hsoc_app, hsoc_engine;

-- module: joining
-- A first training may be put off too, now that it counts.
alter table joining_deferrals drop constraint joining_deferrals_step_check;
alter table joining_deferrals add constraint joining_deferrals_step_check check (step in ('memorandum', 'sensor', 'training'));
