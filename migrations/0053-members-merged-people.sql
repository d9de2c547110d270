-- module: members
-- One human entered twice: one account goes on, the other points to it and lets nobody in. What is in force goes over, and
-- goes back within thirty days; what was said, signed and done stays under the name of then.

alter table people add column merged_into int references people;
comment on column people.merged_into is 'The account that goes on for this one, which lets nobody in; null for one that stands for itself';
grant select (merged_into) on people to hsoc_app;

create table person_merges (
  id int generated always as identity primary key,
  person_id int not null references people,
  into_id int not null references people,
  reason text not null check (length(reason) between 1 and 1000),
  asked_by int not null references people,
  asker text not null,
  asked_at timestamptz not null,
  decided_by int references people,
  decider text,
  merged_at timestamptz,
  ended_by int references people,
  ender text,
  ended_reason text check (length(ended_reason) between 1 and 1000),
  ended_at timestamptz,
  check (person_id <> into_id),
  check ((ended_at is null) = (ended_reason is null))
);
comment on table person_merges is 'Two accounts of one human made one; asked for, then merged (at once, or by a second coordinator where a power goes over)';
comment on column person_merges.person_id is 'The account that ends to stand for itself';
comment on column person_merges.into_id is 'The account that goes on, with its own means of sign-in';
comment on column person_merges.decided_by is 'The second coordinator; null where none was needed or none has decided yet';
comment on column person_merges.merged_at is 'Null while it waits for a second coordinator';
comment on column person_merges.ended_at is 'When it was taken back: before it was merged, or within thirty days after';
create unique index person_merges_one on person_merges (person_id) where ended_at is null;
create index person_merges_into on person_merges (into_id);
alter table person_merges enable row level security;
create policy app_reads on person_merges for select to hsoc_app using (
  (select actor_coordinates()) or person_id = (select actor_person()) or into_id = (select actor_person()));
create policy engine_all on person_merges for all to hsoc_engine using (true) with check (true);
grant select on person_merges to hsoc_app;
grant select, insert, update on person_merges to hsoc_engine;

create table person_merge_records (
  merge_id int not null references person_merges,
  kind text not null check (kind in ('engagement', 'engagement-held', 'delegation', 'delegation-held', 'contact', 'seat', 'moderating', 'assignment')),
  was_id bigint not null,
  is_id bigint not null,
  primary key (merge_id, kind, was_id)
);
comment on table person_merge_records is 'What went over with a merging of two accounts: the row that ended or changed hands, and the row that goes on (held: it was there before)';
alter table person_merge_records enable row level security;
create policy engine_all on person_merge_records for all to hsoc_engine using (true) with check (true);
grant select, insert on person_merge_records to hsoc_engine;

-- module: groups
-- Seats and moderating change hands as they are: what was decided of them was decided of the same human. `p_only`: these alone.
create function hand_over_seats(p_from int, p_to int, p_at timestamptz, p_only bigint[] default null) returns setof bigint
language sql set search_path = public, pg_temp as $$
  update seats s set person_id = p_to where s.person_id = p_from and s.state in ('asked', 'held') and s.ends_at > p_at
    and (p_only is null or s.id = any (p_only))
    and not exists (select 1 from seats o where o.person_id = p_to and o.group_id = s.group_id and o.org_id = s.org_id
      and o.state in ('asked', 'held') and o.ends_at > p_at)
  returning s.id::bigint
$$;
create function hand_over_moderating(p_from int, p_to int, p_only bigint[] default null) returns setof bigint
language sql set search_path = public, pg_temp as $$
  update group_moderators m set person_id = p_to where m.person_id = p_from and m.ended_at is null
    and (p_only is null or m.id = any (p_only))
    and not exists (select 1 from group_moderators o where o.person_id = p_to and o.group_id = m.group_id and o.org_id = m.org_id and o.ended_at is null)
  returning m.id::bigint
$$;
revoke all on function hand_over_seats(int, int, timestamptz, bigint[]), hand_over_moderating(int, int, bigint[]) from public;
grant execute on function hand_over_seats(int, int, timestamptz, bigint[]), hand_over_moderating(int, int, bigint[]) to hsoc_engine;
grant update (person_id) on seats, group_moderators to hsoc_engine;

-- module: warnings
-- Open warnings that somebody has taken on go on with the account that goes on.
create function hand_over_assignments(p_from int, p_to int, p_at timestamptz, p_only bigint[] default null) returns setof bigint
language sql set search_path = public, pg_temp as $$
  update warnings w set assignee_id = p_to, changed_at = greatest(changed_at, p_at)
  where w.assignee_id = p_from and w.state <> 'closed' and (p_only is null or w.id = any (p_only))
  returning w.id
$$;
revoke all on function hand_over_assignments(int, int, timestamptz, bigint[]) from public;
grant execute on function hand_over_assignments(int, int, timestamptz, bigint[]) to hsoc_engine;
