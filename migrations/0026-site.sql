-- module: site
-- The public face: texts in versions, a calendar, the action plan, and which members agreed to be shown. What has been published
-- is everybody's; everything else here is the coordinators'.

create table site_pages (
  id         int generated always as identity primary key,
  key        text unique,
  kind       text not null check (kind in ('page', 'news', 'occasion')),
  slug_cs    text not null check (slug_cs ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug_cs) <= 80),
  slug_en    text not null check (slug_en ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug_en) <= 80),
  menu       text not null default 'none' check (menu in ('top', 'foot', 'none')),
  position   int not null default 100,
  first_published_at timestamptz,
  created_at timestamptz not null,
  created_by int references people
);
comment on column site_pages.first_published_at is 'When its first version of any language came out or is to come out: the date of news';
comment on column site_pages.key is 'Name of a page that comes with the release (home, about, join, contact, privacy, accessibility); null for those that people added';
comment on column site_pages.slug_cs is 'Last part of its Czech address; it never changes, so that links keep working';
comment on column site_pages.position is 'Order within its menu';
create unique index site_pages_cs on site_pages (kind, slug_cs);
create unique index site_pages_en on site_pages (kind, slug_en);

create table site_versions (
  id           int generated always as identity primary key,
  page_id      int not null references site_pages,
  lang         text not null check (lang in ('cs', 'en')),
  no           int not null,
  title        text not null check (length(title) between 1 and 160),
  summary      text not null check (length(summary) <= 400),
  body         text not null check (octet_length(body) <= 36000),
  matches_id   int references site_versions,
  restored_no  int,
  saved_at     timestamptz not null,
  saved_by     int references people,
  publish_at   timestamptz,
  until_at     timestamptz,
  withdrawn_at timestamptz,
  unique (page_id, lang, no)
);
comment on table site_versions is 'Each save of a text is one row and its words never change';
comment on column site_versions.body is 'Markdown; HTML in it is text like any other';
comment on column site_versions.matches_id is 'The version in the other language that says the same, as who saved it stated';
comment on column site_versions.restored_no is 'The older version whose words it took over';
comment on column site_versions.publish_at is 'From when everybody may read it; null for a draft';
comment on column site_versions.until_at is 'Until when: the next published version of the same language begins, or it was withdrawn';

create table site_occasions (
  page_id      int primary key references site_pages,
  kind         text not null check (kind in ('event', 'training')),
  starts_at    timestamptz not null,
  ends_at      timestamptz not null,
  place        text not null check (length(place) <= 200),
  cancelled_at timestamptz,
  sequence     int not null default 0,
  changed_at   timestamptz not null,
  check (ends_at > starts_at)
);
comment on column site_occasions.sequence is 'How many times the time or place was changed: calendars take the higher one (RFC 5545 3.8.7.4)';

create table plan_goals (
  id         int generated always as identity primary key,
  title_cs   text not null default '' check (length(title_cs) <= 200),
  title_en   text not null default '' check (length(title_en) <= 200),
  paragraph  text not null default '' check (length(paragraph) <= 80),
  position   int not null default 100,
  created_at timestamptz not null,
  created_by int references people,
  check (title_cs <> '' or title_en <> '')
);
comment on table plan_goals is 'What the action plan is to reach; paragraph names the place in the memorandum that it comes from';

create table plan_actions (
  id           int generated always as identity primary key,
  goal_id      int not null references plan_goals,
  title_cs     text not null default '' check (length(title_cs) <= 200),
  title_en     text not null default '' check (length(title_en) <= 200),
  owner        text not null check (length(owner) between 1 and 80),
  start_on     date not null,
  first_due_on date not null check (first_due_on >= start_on),
  public       boolean not null default false,
  created_at   timestamptz not null,
  created_by   int references people,
  check (title_cs <> '' or title_en <> '')
);
create index plan_actions_goal on plan_actions (goal_id);
comment on column plan_actions.first_due_on is 'The date first promised; it never changes. The one in force is that of the latest row of plan_date_changes';
comment on column plan_actions.owner is 'The group that answers for it';

create table plan_updates (
  id        int generated always as identity primary key,
  action_id int not null references plan_actions,
  at        timestamptz not null,
  status    text not null check (status in ('planned', 'running', 'done', 'stopped')),
  progress  int not null check (progress between 0 and 100),
  text_cs   text not null default '' check (length(text_cs) <= 2000),
  text_en   text not null default '' check (length(text_en) <= 2000),
  by        int references people,
  check (text_cs <> '' or text_en <> ''),
  check (status <> 'done' or progress = 100)
);
create index plan_updates_action on plan_updates (action_id);
comment on table plan_updates is 'State and progress of an action are those of its latest update, so neither changes without a text';

create table plan_evidence (
  id        int generated always as identity primary key,
  action_id int not null references plan_actions,
  kind      text not null check (kind in ('counter', 'document', 'training', 'service')),
  label_cs  text not null default '' check (length(label_cs) <= 200),
  label_en  text not null default '' check (length(label_en) <= 200),
  link      text not null check (length(link) <= 500),
  at        timestamptz not null,
  by        int references people,
  check (label_cs <> '' or label_en <> '')
);
create index plan_evidence_action on plan_evidence (action_id);

create table plan_date_changes (
  id        int generated always as identity primary key,
  action_id int not null references plan_actions,
  old_on    date not null,
  new_on    date not null check (new_on <> old_on),
  reason_cs text not null default '' check (length(reason_cs) <= 400),
  reason_en text not null default '' check (length(reason_en) <= 400),
  at        timestamptz not null,
  by        int references people,
  check (reason_cs <> '' or reason_en <> '')
);
create index plan_date_changes_action on plan_date_changes (action_id);
comment on table plan_date_changes is 'The only way in which a date of the plan moves; every one is shown with its reason';

create table site_showings (
  org_id    int primary key references organisations,
  agreed_at timestamptz not null,
  agreed_by int not null references people
);
comment on table site_showings is 'Organisations that agreed to stand on the public map with their name; taking it back deletes the row';

do $$
declare t text;
begin
  foreach t in array array['site_pages', 'site_versions', 'site_occasions', 'plan_goals', 'plan_actions', 'plan_updates', 'plan_evidence',
    'plan_date_changes', 'site_showings'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert on %I to hsoc_app', t);
    execute format('grant select, insert on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
  foreach t in array array['site_pages', 'site_versions', 'site_occasions', 'plan_goals', 'plan_actions', 'plan_evidence', 'plan_date_changes'] loop
    execute format('create policy app_adds on %I for insert to hsoc_app with check ((select actor_coordinates()))', t);
  end loop;
end $$;

-- Scope 1 is everybody's; a transaction without an actor holds no scope and sees nothing.
create policy app_reads on site_versions for select to hsoc_app using ((select actor_coordinates())
  or 1 = any ((select actor_scopes())::int[]) and publish_at <= (select actor_now()) and (until_at is null or until_at > (select actor_now())));
create policy app_reads on site_pages for select to hsoc_app using ((select actor_coordinates())
  or exists (select 1 from site_versions v where v.page_id = site_pages.id));
create policy app_reads on site_occasions for select to hsoc_app using ((select actor_coordinates())
  or exists (select 1 from site_versions v where v.page_id = site_occasions.page_id));

grant update (publish_at, until_at, withdrawn_at) on site_versions to hsoc_app;
create policy app_publishes on site_versions for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
grant update (menu, position, first_published_at) on site_pages to hsoc_app;
create policy app_places on site_pages for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
grant update (kind, starts_at, ends_at, place, cancelled_at, sequence, changed_at) on site_occasions to hsoc_app;
create policy app_moves on site_occasions for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));

-- A goal is public as soon as one of its actions is; what belongs to an action follows it.
create policy app_reads on plan_actions for select to hsoc_app using ((select actor_coordinates())
  or public and 1 = any ((select actor_scopes())::int[]));
create policy app_reads on plan_goals for select to hsoc_app using ((select actor_coordinates())
  or exists (select 1 from plan_actions a where a.goal_id = plan_goals.id));
create policy app_reads on plan_updates for select to hsoc_app using (exists (select 1 from plan_actions a where a.id = plan_updates.action_id));
create policy app_reads on plan_evidence for select to hsoc_app using (exists (select 1 from plan_actions a where a.id = plan_evidence.action_id));
create policy app_reads on plan_date_changes for select to hsoc_app
  using (exists (select 1 from plan_actions a where a.id = plan_date_changes.action_id));
grant update (title_cs, title_en, paragraph, position) on plan_goals to hsoc_app;
create policy app_words on plan_goals for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
grant update (title_cs, title_en, owner, public) on plan_actions to hsoc_app;
create policy app_words on plan_actions for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
-- Nothing is done without evidence.
create policy app_adds on plan_updates for insert to hsoc_app with check ((select actor_coordinates())
  and (status <> 'done' or exists (select 1 from plan_evidence e where e.action_id = plan_updates.action_id)));

-- Only a member's own representative, or a coordinator on its behalf, agrees to its being shown and takes it back.
create function may_show(p_org_id int) returns boolean language sql stable as $$
  select actor_coordinates() or exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.role = 'representative' and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;
grant delete on site_showings to hsoc_app;
create policy app_reads on site_showings for select to hsoc_app
  using ((select actor_coordinates()) or org_id = any ((select actor_orgs())::int[]));
create policy app_agrees on site_showings for insert to hsoc_app
  with check (may_show(org_id) and agreed_by = (select actor_person()));
create policy app_takes_back on site_showings for delete to hsoc_app using (may_show(org_id));

-- Of members everybody may know the names of those that agreed, and counts from five on.
create function site_shown_members() returns table (name text, kind text, region text)
language sql stable security definer set search_path = public, pg_temp as $$
  select o.name, o.kind, o.region from site_showings s join organisations o on o.id = s.org_id
  where 1 = any (actor_scopes()) and o.status in ('participant', 'signatory')
$$;
revoke all on function site_shown_members() from public;
grant execute on function site_shown_members() to hsoc_app;

-- Null stands for fewer than five.
create function site_counters() returns table (counter text, n int)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.counter, case when c.n >= 5 then c.n end from (
    select 'involved' as counter, count(*)::int as n from organisations where status in ('participant', 'signatory')
    union all select 'hospitals', count(*)::int from organisations where status in ('participant', 'signatory') and kind = 'hospital'
    union all select 'signatories', count(*)::int from organisations where status = 'signatory') c
  where 1 = any (actor_scopes())
$$;
revoke all on function site_counters() from public;
grant execute on function site_counters() to hsoc_app;

-- Of the sector's published figures everybody may read the day that is over; the bands of members stay among members.
create policy public_reads on sector_figures for select to hsoc_app
  using (1 = any ((select actor_scopes())::int[]) and dim in ('day', 'class', 'hour') and item <> 'members'
    and day = ((select actor_now()) at time zone 'Europe/Prague')::date - 1);
