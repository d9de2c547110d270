-- module: warnings
-- Warnings that a person writes: draft, review, published (version n), revoked or expired. Who may read one stands in its row as
-- scopes (src/values/scopes.ts), made from audience, label and state in the same statement that changes them.

-- Seats as scopes -----------------------------------------------------------------------------------

-- A seat counts for who reads as the organisation for which it is held, and only while that is a member (sharing.md 5, step 12).
-- Null without any, so that a reader of nothing asks for nothing.
create function actor_seats() returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(distinct 1000000000 + s.group_id) from seats_in_force() s
  where s.person_id = actor_person() and s.member and s.org_id = any (actor_orgs())
$$;
revoke all on function actor_seats() from public;
grant execute on function actor_seats() to hsoc_app, hsoc_engine;

-- What the actor reads written warnings as.
create function reader_scopes() returns int[] language sql stable as $$
  select actor_scopes() || actor_seats()
$$;

-- Duty by one person --------------------------------------------------------------------------------

create table single_duty_periods (
  id          int generated always as identity primary key,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  reason      text not null check (length(btrim(reason)) between 5 and 500),
  declared_by int not null references people,
  declared_at timestamptz not null,
  check (ends_at > starts_at and ends_at <= starts_at + interval '14 days'),
  check (starts_at >= declared_at)
);
comment on table single_duty_periods is 'When one coordinator alone may release an emergency; declared beforehand, shortened at most';

-- Warnings and their versions -------------------------------------------------------------------------

create table written_warnings (
  id            int generated always as identity primary key,
  number        text unique check (number ~ '^HSOC-[0-9]{4}-[0-9]{4,}$'),
  state         text not null default 'draft' check (state in ('draft', 'review', 'published', 'revoked', 'expired')),
  version       int not null default 0 check (version >= 0),
  author_id     int not null references people,
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  published_at  timestamptz,
  ends_at       timestamptz,
  readers       int[] not null,
  readers_after int[] not null,
  revoke_asked_by int references people,
  revoke_asked_at timestamptz,
  revoked_by    int references people,
  revoked_at    timestamptz,
  revoke_reason text check (length(btrim(revoke_reason)) between 1 and 2000),
  check ((version = 0) = (number is null)),
  check ((version = 0) = (state in ('draft', 'review'))),
  check ((state = 'revoked') = (revoked_at is not null))
);
create index written_warnings_recent on written_warnings (published_at desc, id desc);
comment on column written_warnings.version is 'The published version; 0 while nothing is';
comment on column written_warnings.ends_at is 'valid_until of the published version: past it readers_after alone read';
comment on column written_warnings.readers is 'Scopes that read it now, up to ends_at';
comment on column written_warnings.readers_after is 'Scopes that read it once it is over';

create table written_versions (
  id            int generated always as identity primary key,
  warning_id    int not null references written_warnings on delete cascade,
  no            int not null check (no >= 1),
  state         text not null check (state in ('draft', 'review', 'published', 'past')),
  kind          text not null check (kind in ('info', 'vulnerability', 'campaign', 'emergency')),
  severity      smallint not null check (severity between 1 and 4),
  tlp           text not null check (tlp in ('RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  audience      text not null check (audience in ('coordinators', 'organisations', 'group', 'all_members', 'public')),
  orgs          int[] not null default '{}' check (cardinality(orgs) <= 2000),
  group_id      int references groups,
  texts         jsonb not null check (octet_length(texts::text) <= 100000),
  translation   text not null check (translation in ('missing', 'outdated', 'done')),
  rules         jsonb not null check (octet_length(rules::text) <= 100000),
  action_by     date,
  valid_until   timestamptz,
  refs          text not null default '' check (length(refs) <= 4000),
  change_note   text not null default '' check (length(change_note) <= 2000),
  substantive   boolean not null default true,
  review_note   text not null default '' check (length(review_note) <= 2000),
  readers       int[] not null,
  author_id     int not null references people,
  editor_id     int not null references people,
  approver_id   int references people,
  period_id     int references single_duty_periods,
  review_due_at timestamptz,
  judged_by     int references people,
  judged_at     timestamptz,
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  published_at  timestamptz,
  unique (warning_id, no),
  -- The five refused pairs of sharing.md 4.
  check (audience <> 'public' or tlp = 'CLEAR'),
  check (audience <> 'all_members' or tlp <> 'RED'),
  check ((audience = 'group') = (group_id is not null)),
  check (audience = 'organisations' or orgs = '{}'),
  check ((kind = 'emergency') = (severity = 4)),
  check ((state in ('published', 'past')) = (approver_id is not null and published_at is not null)),
  -- Two persons, but for an emergency released in a declared period; then somebody else looks at it within a day.
  check (approver_id is null or period_id is not null or (approver_id <> author_id and approver_id <> editor_id)),
  check ((period_id is null) = (review_due_at is null)),
  check (period_id is null or kind = 'emergency'),
  check ((judged_by is null) = (judged_at is null) and (judged_by is null or judged_by <> approver_id))
);
create unique index written_versions_working on written_versions (warning_id) where state in ('draft', 'review');
create unique index written_versions_published on written_versions (warning_id) where state = 'published';
create index written_versions_due on written_versions (review_due_at) where review_due_at is not null and judged_at is null;
comment on column written_versions.no is 'Counts published versions; the one being written bears the next number';
comment on column written_versions.orgs is 'The chosen organisations; an empty list means nobody';
comment on column written_versions.texts is 'By language: title, happened, concerns, todo; Czech is the one that counts';
comment on column written_versions.translation is 'Of the English text against the Czech one';
comment on column written_versions.rules is 'Who of the audience is asked to answer: all, prefixes, domains, kinds, regions; it never widens the audience';
comment on column written_versions.substantive is 'A change of substance: everybody is asked anew';
comment on column written_versions.readers is 'Scopes that read this version, if they read the warning at all';
comment on column written_versions.period_id is 'Released by one person alone in this period';

create table written_named (
  version_id int not null references written_versions on delete cascade,
  person_id  int not null references people,
  primary key (version_id, person_id)
);
create index written_named_person on written_named (person_id);
comment on table written_named is 'TLP:RED: the persons for whom it is, and nobody else';

create table written_numbers (
  year int primary key check (year between 2020 and 2200),
  last int not null check (last >= 1)
);
comment on table written_numbers is 'The last number given in a year; a number is never given twice';

-- Who was asked, and what they said -----------------------------------------------------------------

create table written_asked (
  warning_id      int not null references written_warnings on delete cascade,
  org_id          int not null references organisations,
  version         int not null,
  asked           boolean not null,
  reasons         jsonb not null default '[]',
  answer          text not null default 'pending' check (answer in ('pending', 'seen', 'not_affected', 'working', 'mitigated', 'done')),
  planned_on      date,
  affected        int check (affected between 0 and 1000000),
  conflict        boolean not null default false,
  asked_at        timestamptz not null,
  answered_at     timestamptz,
  first_answer_at timestamptz,
  done_at         timestamptz,
  reminded_at     timestamptz,
  out_at          timestamptz,
  primary key (warning_id, org_id)
);
create index written_asked_org on written_asked (org_id);
comment on table written_asked is 'The board: each organisation that a warning reached, and where it stands';
comment on column written_asked.asked is 'False: it is in the audience, but no rule of the warning concerns it, so no answer is asked';
comment on column written_asked.reasons is 'Why it concerns the organisation: its networks, domains, kind or region';
comment on column written_asked.conflict is 'Two of its people said opposite things; the answer of the higher role stands';
comment on column written_asked.asked_at is 'Since when an answer is awaited: the version that last changed in substance';
comment on column written_asked.out_at is 'Since when a narrower version no longer reaches it';

-- Who may --------------------------------------------------------------------------------------------

alter table single_duty_periods enable row level security;
alter table written_warnings enable row level security;
alter table written_versions enable row level security;
alter table written_named enable row level security;
alter table written_numbers enable row level security;
alter table written_asked enable row level security;

grant select, insert on single_duty_periods to hsoc_app;
grant update (ends_at) on single_duty_periods to hsoc_app;
grant select, insert, update, delete on written_warnings, written_versions, written_named to hsoc_app;
grant select, insert, update on written_numbers, written_asked to hsoc_app;
grant select, insert, update, delete on single_duty_periods, written_warnings, written_versions, written_named, written_numbers, written_asked to hsoc_engine;

create policy engine_all on single_duty_periods to hsoc_engine using (true) with check (true);
create policy engine_all on written_warnings to hsoc_engine using (true) with check (true);
create policy engine_all on written_versions to hsoc_engine using (true) with check (true);
create policy engine_all on written_named to hsoc_engine using (true) with check (true);
create policy engine_all on written_numbers to hsoc_engine using (true) with check (true);
create policy engine_all on written_asked to hsoc_engine using (true) with check (true);

create policy app_reads on single_duty_periods for select to hsoc_app using ((select actor_coordinates()));
create policy app_declares on single_duty_periods for insert to hsoc_app
  with check ((select actor_coordinates()) and declared_by = (select actor_person()));
-- Only an end that has not come may be brought forward.
create policy app_shortens on single_duty_periods for update to hsoc_app
  using ((select actor_coordinates()) and ends_at > (select actor_now())) with check ((select actor_coordinates()));

create policy app_reads on written_warnings for select to hsoc_app
  using ((readers && (select reader_scopes()) and (ends_at is null or ends_at > (select actor_now())))
    or readers_after && (select reader_scopes()));
create policy app_writes on written_warnings for insert to hsoc_app
  with check ((select actor_coordinates()) and author_id = (select actor_person()));
create policy app_changes on written_warnings for update to hsoc_app
  using ((select actor_coordinates()) and (readers || readers_after) && (select reader_scopes())) with check ((select actor_coordinates()));
-- What was never published may be thrown away; anything else is revoked.
create policy app_discards on written_warnings for delete to hsoc_app
  using ((select actor_coordinates()) and version = 0 and readers && (select reader_scopes()));

-- Reading a version needs the warning as it stands now besides, so that what a narrower version shuts is shut for the earlier ones.
create policy app_reads on written_versions for select to hsoc_app
  using (exists (select 1 from written_warnings w where w.id = warning_id) and (readers && (select reader_scopes())));
create policy app_writes on written_versions for insert to hsoc_app
  with check ((select actor_coordinates()) and author_id = (select actor_person()) and exists (select 1 from written_warnings w where w.id = warning_id));
create policy app_changes on written_versions for update to hsoc_app
  using ((select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = warning_id)) with check ((select actor_coordinates()));
create policy app_discards on written_versions for delete to hsoc_app
  using ((select actor_coordinates()) and state in ('draft', 'review') and readers && (select reader_scopes()));

create policy app_reads on written_named for select to hsoc_app
  using (((select actor_coordinates()) or person_id = (select actor_person())) and exists (select 1 from written_versions v where v.id = version_id));
create policy app_writes on written_named for insert to hsoc_app
  with check ((select actor_coordinates()) and exists (select 1 from written_versions v where v.id = version_id));
create policy app_changes on written_named for update to hsoc_app using (false);
create policy app_discards on written_named for delete to hsoc_app
  using ((select actor_coordinates()) and exists (select 1 from written_versions v where v.id = version_id and v.state in ('draft', 'review')));

create policy app_reads on written_numbers for select to hsoc_app using ((select actor_coordinates()));
create policy app_writes on written_numbers for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on written_numbers for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));

-- An organisation sees its own line and nobody else's.
create policy app_reads on written_asked for select to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from written_warnings w where w.id = warning_id));
create policy app_writes on written_asked for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on written_asked for update to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from written_warnings w where w.id = warning_id))
  with check (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));

-- Revoking ------------------------------------------------------------------------------------------

-- Takes a published warning back. Who revokes a TLP:RED one does not see it afterwards, which no policy lets a plain update do.
-- Two persons: one asked, another does it; an emergency, and whatever is published in a declared period, needs one.
create function revoke_written(p_id int, p_reason text, p_now timestamptz) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  with done as (
    update written_warnings w set state = 'revoked', readers = w.readers_after, ends_at = null, revoked_by = actor_person(), revoked_at = p_now,
      revoke_reason = p_reason, changed_at = p_now
    where w.id = p_id and w.state = 'published' and actor_coordinates() and w.readers && reader_scopes()
      and (w.revoke_asked_by <> actor_person()
        or exists (select 1 from written_versions v where v.warning_id = w.id and v.state = 'published' and v.kind = 'emergency')
        or exists (select 1 from single_duty_periods d where d.starts_at <= p_now and d.ends_at > p_now))
    returning w.id),
  -- A change that was being written has nothing to change any more.
  gone as (delete from written_versions where warning_id in (select id from done) and state in ('draft', 'review'))
  select true where exists (select 1 from done)
$$;
revoke all on function revoke_written(int, text, timestamptz) from public;
grant execute on function revoke_written(int, text, timestamptz) to hsoc_app;
