-- module: groups
-- Working groups and who sits in them. Who sits by role is computed from engagements whenever it is asked, never copied; only what a
-- person decided is a row here.

create table groups (
  id         int generated always as identity primary key,
  slug       text not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) between 2 and 60),
  name       text not null check (length(name) between 2 and 60),
  purpose_cs text not null default '' check (length(purpose_cs) <= 600),
  purpose_en text not null default '' check (length(purpose_en) <= 600),
  joining    text not null check (joining in ('open', 'request', 'rule', 'closed')),
  roles      text[] not null default '{}' check (roles <@ array['representative', 'security_manager', 'admin', 'duty', 'dpo', 'manager']),
  kinds      text[] not null default '{}' check (cardinality(kinds) <= 20),
  tlp_max    text not null check (tlp_max in ('AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  public     boolean not null default false,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  closed_at  timestamptz,
  check (purpose_cs <> '' or purpose_en <> ''),
  check (joining <> 'rule' or cardinality(roles) > 0)
);
create unique index groups_name on groups (lower(name)) where closed_at is null;
comment on column groups.slug is 'Last part of its address; it never changes, so that links keep working';
comment on column groups.joining is 'open: who fits takes a seat; request: a moderator or coordinator decides; rule: who fits and takes part sits by that alone; closed: by invitation';
comment on column groups.roles is 'Roles whose holders fit; empty: any role at an organisation';
comment on column groups.kinds is 'Kinds of organisations whose people fit; empty: any';
comment on column groups.tlp_max is 'Strictest label that anything shared in the group may bear; a seat held for an organisation that has not accepted the rules of sharing reaches TLP:CLEAR only';
comment on column groups.public is 'Everybody may know of it; otherwise only who sits in it, asked or was invited, and the coordinators';

create table group_invitations (
  id         int generated always as identity primary key,
  group_id   int not null references groups,
  address    text not null check (length(address) between 3 and 254),
  reason     text not null check (length(reason) between 1 and 500),
  seat_until timestamptz not null,
  invited_by int not null references people,
  invited_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at   timestamptz,
  outcome    text check (outcome in ('accepted', 'declined', 'withdrawn', 'closed')),
  check ((ended_at is null) = (outcome is null))
);
create unique index group_invitations_one on group_invitations (group_id, lower(address)) where ended_at is null;
create index group_invitations_address on group_invitations (lower(address)) where ended_at is null;
comment on column group_invitations.address is 'As it was typed: whether anybody signs in with it is not told to who invites';
comment on column group_invitations.seat_until is 'Until when the seat is held that comes of it';

create table seats (
  id            int generated always as identity primary key,
  group_id      int not null references groups,
  person_id     int not null references people,
  org_id        int not null references organisations,
  way           text not null check (way in ('asked', 'taken', 'invited', 'manual')),
  state         text not null check (state in ('asked', 'held', 'refused', 'withdrawn')),
  reason        text not null default '' check (length(reason) <= 500),
  invitation_id int references group_invitations,
  given_by      int not null references people,
  since         timestamptz not null,
  ends_at       timestamptz not null default 'infinity',
  ended_by      text check (ended_by in ('left', 'removed', 'organisation', 'closed')),
  decided_by    int references people,
  decided_at    timestamptz,
  note          text not null default '' check (length(note) <= 500),
  check (ends_at >= since),
  check ((way = 'invited') = (invitation_id is not null)),
  -- A seat that does not follow from the group's own rule has a reason and an end (membership.md 5); a day more for time zones.
  check (way in ('asked', 'taken') or (reason <> '' and ends_at <= since + interval '1 year 1 day'))
);
create index seats_group on seats (group_id, state, ends_at);
create index seats_person on seats (person_id, org_id);
comment on table seats is 'Seats that people asked for, took or were given, each held for one organisation; who sits by the rule of a group has no row';
comment on column seats.since is 'When it was asked for, and once it is held since when';
comment on column seats.ends_at is 'Until when it is held, or waits to be decided';
comment on column seats.reason is 'What the asker wrote, or why a seat was given beside the rule';
comment on column seats.note is 'Why it was refused or taken away';
comment on column seats.ended_by is 'What ended it before its time; organisation: the person no longer acts for it, or it left';

create table group_moderators (
  id           int generated always as identity primary key,
  group_id     int not null references groups,
  person_id    int not null references people,
  org_id       int not null references organisations,
  appointed_by int not null references people,
  appointed_at timestamptz not null,
  ended_at     timestamptz
);
create unique index group_moderators_one on group_moderators (group_id, person_id, org_id) where ended_at is null;
comment on table group_moderators is 'Who leads a group besides the coordinators, as long as they hold the seat for that organisation';

create table seat_choices (
  group_id   int not null references groups,
  person_id  int not null references people,
  delivery   text not null check (delivery in ('each', 'daily', 'weekly', 'notice', 'none')),
  changed_at timestamptz not null,
  primary key (group_id, person_id)
);
comment on table seat_choices is 'How the messages of a group are to reach who sits in it, however the seat came; without a row each of them';

create table seat_mutes (
  id        int generated always as identity primary key,
  group_id  int not null references groups,
  person_id int not null references people,
  reason    text not null check (length(reason) between 1 and 500),
  muted_by  int not null references people,
  muted_at  timestamptz not null,
  ended_at  timestamptz
);
create unique index seat_mutes_one on seat_mutes (group_id, person_id) where ended_at is null;
comment on table seat_mutes is 'Who may read in a group but not write, because a moderator said so';

-- Who sits where ---------------------------------------------------------------------------------

-- Every seat in force at the actor's time, as far as the caller may read what it follows from. takes_part: the organisation is a
-- participant or signatory; member: it has accepted the rules of sharing besides.
create function seats_in_force() returns table (group_id int, person_id int, org_id int, way text, seat_id int,
  since timestamptz, ends_at timestamptz, takes_part boolean, member boolean)
language sql stable as $$
  select g.id, e.person_id, e.org_id, 'rule', null::int, min(e.valid_from), 'infinity'::timestamptz, true, bool_and(o.rules_accepted_at is not null)
  from groups g
  join engagements e on e.role = any (g.roles) and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())
  join organisations o on o.id = e.org_id and o.status in ('participant', 'signatory') and (g.kinds = '{}' or o.kind = any (g.kinds))
  join people p on p.id = e.person_id and p.disabled_at is null
  where g.joining = 'rule' and g.closed_at is null
  group by g.id, e.person_id, e.org_id
  union all
  select s.group_id, s.person_id, s.org_id, s.way, s.id, s.since, s.ends_at, o.status in ('participant', 'signatory'),
    o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
  from seats s
  join groups g on g.id = s.group_id and g.closed_at is null
  join organisations o on o.id = s.org_id and o.status <> 'left'
  join people p on p.id = s.person_id and p.disabled_at is null
  where s.state = 'held' and s.since <= (select actor_now()) and s.ends_at > (select actor_now())
    -- Who asked or took it holds it as long as the group's rule fits them; what was given beside the rule needs any role there.
    and exists (select 1 from engagements e where e.person_id = s.person_id and e.org_id = s.org_id
      and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())
      and (s.way in ('invited', 'manual') or g.roles = '{}' or e.role = any (g.roles)))
    -- Who has come to sit by the rule sits there once.
    and not (g.joining = 'rule' and o.status in ('participant', 'signatory') and (g.kinds = '{}' or o.kind = any (g.kinds))
      and exists (select 1 from engagements e where e.person_id = s.person_id and e.org_id = s.org_id
        and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now()) and e.role = any (g.roles)))
$$;

-- Whether the actor fits a group that is joined so, for an organisation; reads only what is the actor's own.
create function fits_group(p_group int, p_org int, p_joining text) returns boolean language sql stable as $$
  select exists (select 1 from groups g
    join organisations o on o.id = p_org and o.status <> 'left' and (g.kinds = '{}' or o.kind = any (g.kinds))
    join engagements e on e.org_id = o.id and e.person_id = actor_person() and e.valid_from <= actor_now() and e.valid_to > actor_now()
      and (g.roles = '{}' or e.role = any (g.roles))
    where g.id = p_group and g.joining = p_joining and g.closed_at is null)
$$;

create function acts_for(p_person int, p_org int) returns boolean language sql stable as $$
  select exists (select 1 from engagements e join organisations o on o.id = e.org_id and o.status <> 'left'
    where e.person_id = p_person and e.org_id = p_org and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;

create function actor_address() returns text language sql stable as $$
  select lower(email) from people where id = actor_person()
$$;

-- Groups that the actor knows of though they are not public; null for none.
create function actor_groups() returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(known.group_id) from (
    select s.group_id from seats_in_force() s where s.person_id = actor_person()
    union select s.group_id from seats s join groups g on g.id = s.group_id and g.closed_at is null
      where s.person_id = actor_person() and s.state = 'asked' and s.ends_at > actor_now()
    union select i.group_id from group_invitations i join groups g on g.id = i.group_id and g.closed_at is null
      where lower(i.address) = actor_address() and i.ended_at is null and i.expires_at > actor_now()) known
$$;

-- Groups that the actor leads: all for coordinators, else where they are an appointed moderator and hold the seat; null for none.
create function led_groups() returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select array_agg(g.id) from groups g where (select actor_coordinates()) or g.id in (
    select m.group_id from group_moderators m join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
    where m.person_id = actor_person() and m.ended_at is null)
$$;

create function moderates(p_group int) returns boolean language sql stable as $$
  select coalesce(p_group = any (led_groups()), false)
$$;

-- Who may read who sits in a group: who moderates it, and those who sit there for an organisation that takes part; null for everybody else.
create function reads_roster(p_group int) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select true where moderates(p_group) or exists (
    select 1 from seats_in_force() s where s.group_id = p_group and s.person_id = (select actor_person()) and s.takes_part)
$$;

-- Who sits in a group: names and organisations, never an address. What is a moderator's to know is null for others.
create function group_roster(p_group int) returns table (person_id int, name text, org_id int, org_name text, way text, seat_id int,
  since timestamptz, ends_at timestamptz, member boolean, moderator boolean, muted boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.person_id, p.name, s.org_id, o.name, s.way, s.seat_id, s.since, s.ends_at, s.member,
    exists (select 1 from group_moderators m where m.group_id = s.group_id and m.person_id = s.person_id and m.org_id = s.org_id and m.ended_at is null),
    case when (select moderates(p_group)) then
      exists (select 1 from seat_mutes m where m.group_id = s.group_id and m.person_id = s.person_id and m.ended_at is null) end
  from seats_in_force() s join people p on p.id = s.person_id join organisations o on o.id = s.org_id
  where s.group_id = p_group and (select reads_roster(p_group))
$$;

-- Who waits to be let into a group, for those who decide.
create function group_requests(p_group int) returns table (id int, person_id int, name text, org_id int, org_name text, reason text, since timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id, s.person_id, p.name, s.org_id, o.name, s.reason, s.since
  from seats s join people p on p.id = s.person_id join organisations o on o.id = s.org_id
  where s.group_id = p_group and s.state = 'asked' and s.ends_at > actor_now() and (select moderates(p_group))
$$;

-- How many people and organisations sit in each group that the caller may know of; null stands for fewer than five to whoever may
-- not read who they are.
create function group_sizes() returns table (group_id int, people int, organisations int)
language sql stable security definer set search_path = public, pg_temp as $$
  with counted as (select s.group_id, count(distinct s.person_id)::int as people, count(distinct s.org_id)::int as organisations
    from seats_in_force() s group by s.group_id)
  select g.id, case when coalesce(c.people, 0) >= 5 or k.knows then coalesce(c.people, 0) end,
    case when coalesce(c.organisations, 0) >= 5 or k.knows then coalesce(c.organisations, 0) end
  from groups g left join counted c on c.group_id = g.id
  cross join lateral (select case when actor_person() is not null then reads_roster(g.id) end as knows offset 0) k
  where (select actor_coordinates()) or g.id = any ((select actor_groups())::int[])
    or g.public and g.closed_at is null and 1 = any ((select actor_scopes())::int[])
$$;

revoke all on function actor_groups(), led_groups(), reads_roster(int), group_roster(int), group_requests(int), group_sizes() from public;
grant execute on function actor_groups(), led_groups(), reads_roster(int), group_roster(int), group_requests(int), group_sizes() to hsoc_app, hsoc_engine;

-- Who hears of what by mail; the words are in the channels. Nobody but who leads a group has a mail sent to a person about it; whether
-- anybody has the address is told to nobody.
create function tell_of_group(p_about text, p_group int, p_person int, p_address text) returns void
language sql security definer set search_path = public, pg_temp as $$
  select queue_account_mail('group:' || g.id || ':' || p_about || ':' || extract(epoch from actor_now()), p.id, p.email,
    jsonb_build_object('template', 'group', 'about', p_about, 'group', g.name, 'slug', g.slug), actor_now())
  from groups g join people p on p.id = p_person or lower(p.email) = lower(p_address)
  where g.id = p_group and p.disabled_at is null and moderates(g.id)
$$;

-- That somebody asked goes to the moderators, and where there are none to the coordinators.
create function tell_leaders(p_group int) returns void
language sql security definer set search_path = public, pg_temp as $$
  with led as (select m.person_id from group_moderators m
      join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
      where m.group_id = p_group and m.ended_at is null),
    told as (select person_id from led
      union select e.person_id from engagements e where e.role = 'coordinator' and e.valid_from <= actor_now() and e.valid_to > actor_now()
        and not exists (select 1 from led))
  select queue_account_mail('group:' || g.id || ':asked:' || extract(epoch from actor_now()), p.id, p.email,
    jsonb_build_object('template', 'group', 'about', 'asked', 'group', g.name, 'slug', g.slug), actor_now())
  from groups g, told join people p on p.id = told.person_id and p.disabled_at is null
  where g.id = p_group and exists (select 1 from seats s where s.group_id = g.id and s.person_id = actor_person() and s.state = 'asked')
$$;

revoke all on function tell_of_group(text, int, int, text), tell_leaders(int) from public;
grant execute on function tell_of_group(text, int, int, text), tell_leaders(int) to hsoc_app;

-- What ends by itself -----------------------------------------------------------------------------

-- Whoever stops acting for an organisation loses what was held for it at that moment, in the same transaction, and does not get it
-- back by returning. Deferred: roles are often given and taken in one transaction.
create function end_seats_of(p_person int, p_org int, p_at timestamptz) returns void language sql as $$
  update seats set ends_at = greatest(since, p_at), ended_by = 'organisation'
  where (person_id = p_person or p_person is null) and org_id = p_org and state in ('asked', 'held') and ends_at > p_at;
  update group_moderators set ended_at = greatest(appointed_at, p_at)
  where (person_id = p_person or p_person is null) and org_id = p_org and ended_at is null;
$$;
revoke all on function end_seats_of(int, int, timestamptz) from public;

create function seats_follow_engagements() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.org_id is not null and not exists (select 1 from engagements e where e.person_id = new.person_id and e.org_id = new.org_id
      and e.valid_from <= new.valid_to and e.valid_to > new.valid_to) then
    perform end_seats_of(new.person_id, new.org_id, new.valid_to);
  end if;
  return null;
end $$;
revoke all on function seats_follow_engagements() from public;
create constraint trigger seats_follow after update of valid_to on engagements deferrable initially deferred
  for each row when (new.valid_to < old.valid_to) execute function seats_follow_engagements();

create function seats_follow_organisations() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform end_seats_of(null, new.id, new.changed_at);
  return null;
end $$;
revoke all on function seats_follow_organisations() from public;
create trigger seats_follow after update of status on organisations
  for each row when (new.status = 'left' and old.status <> 'left') execute function seats_follow_organisations();

-- Who may -----------------------------------------------------------------------------------------

do $$
declare t text;
begin
  foreach t in array array['groups', 'group_invitations', 'seats', 'group_moderators', 'seat_choices', 'seat_mutes'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert on %I to hsoc_app', t);
    execute format('grant select, insert, update on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
end $$;

grant update (name, purpose_cs, purpose_en, joining, roles, kinds, tlp_max, public, changed_at, closed_at) on groups to hsoc_app;
create policy app_reads on groups for select to hsoc_app using ((select actor_coordinates()) or closed_at is null
  and (public and 1 = any ((select actor_scopes())::int[]) or id = any ((select actor_groups())::int[])));
create policy app_adds on groups for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on groups for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));

grant update (ended_at, outcome) on group_invitations to hsoc_app;
create policy app_reads on group_invitations for select to hsoc_app
  using ((select actor_coordinates()) or lower(address) = (select actor_address()) or group_id = any ((select led_groups())::int[]));
create policy app_adds on group_invitations for insert to hsoc_app
  with check (group_id = any ((select led_groups())::int[]) and invited_by = (select actor_person()));
create policy app_ends on group_invitations for update to hsoc_app
  using (lower(address) = (select actor_address()) or group_id = any ((select led_groups())::int[])) with check (ended_at is not null);

grant update (state, since, ends_at, ended_by, decided_by, decided_at, note) on seats to hsoc_app;
create policy app_reads on seats for select to hsoc_app
  using ((select actor_coordinates()) or person_id = (select actor_person()) or group_id = any ((select led_groups())::int[]));
create policy app_asks on seats for insert to hsoc_app with check (person_id = (select actor_person()) and given_by = person_id and (
  way = 'asked' and state = 'asked' and fits_group(group_id, org_id, 'request')
  or way = 'taken' and state = 'held' and fits_group(group_id, org_id, 'open')
  or way = 'invited' and state = 'held' and acts_for(person_id, org_id) and exists (
    select 1 from group_invitations i where i.id = invitation_id and i.group_id = seats.group_id and lower(i.address) = (select actor_address())
      and i.ended_at is null and i.expires_at > (select actor_now()) and i.seat_until >= seats.ends_at)));
create policy app_gives on seats for insert to hsoc_app with check (way = 'manual' and state = 'held' and (select actor_coordinates())
  and given_by = (select actor_person()) and acts_for(person_id, org_id));
create policy app_decides on seats for update to hsoc_app using (group_id = any ((select led_groups())::int[])) with check (group_id = any ((select led_groups())::int[]));
create policy app_leaves on seats for update to hsoc_app using (person_id = (select actor_person()))
  with check (person_id = (select actor_person()) and (state = 'withdrawn' or ends_at <= (select actor_now())));

grant update (ended_at) on group_moderators to hsoc_app;
create policy app_reads on group_moderators for select to hsoc_app
  using ((select actor_coordinates()) or person_id = (select actor_person()) or group_id = any ((select led_groups())::int[]));
create policy app_adds on group_moderators for insert to hsoc_app
  with check (group_id = any ((select led_groups())::int[]) and appointed_by = (select actor_person()));
create policy app_ends on group_moderators for update to hsoc_app
  using (person_id = (select actor_person()) or group_id = any ((select led_groups())::int[])) with check (ended_at is not null);

grant update (delivery, changed_at) on seat_choices to hsoc_app;
create policy app_reads on seat_choices for select to hsoc_app
  using ((select actor_coordinates()) or person_id = (select actor_person()));
create policy app_adds on seat_choices for insert to hsoc_app
  with check (person_id = (select actor_person()) and group_id = any ((select actor_groups())::int[]));
create policy app_changes on seat_choices for update to hsoc_app
  using (person_id = (select actor_person())) with check (person_id = (select actor_person()));

grant update (ended_at) on seat_mutes to hsoc_app;
create policy app_reads on seat_mutes for select to hsoc_app
  using ((select actor_coordinates()) or person_id = (select actor_person()) or group_id = any ((select led_groups())::int[]));
create policy app_adds on seat_mutes for insert to hsoc_app with check (group_id = any ((select led_groups())::int[]) and muted_by = (select actor_person()));
create policy app_ends on seat_mutes for update to hsoc_app using (group_id = any ((select led_groups())::int[])) with check (ended_at is not null);

-- The four groups that hSOC has ------------------------------------------------------------------

insert into groups (slug, name, purpose_cs, purpose_en, joining, roles, kinds, tlp_max, public, created_at, changed_at) values
  ('hsoc-tech', 'hSOC-Tech',
   'Pro bezpečnostní analytiky a správce sítí a programů: technické zkušenosti, hrozby, nastavení a společná řešení.',
   'For security analysts and those who look after networks and software: technical experience, threats, settings and shared solutions.',
   'request', '{admin,duty,security_manager}', '{}', 'AMBER', true, now(), now()),
  ('hsoc-emergency', 'hSOC-Emergency',
   'Pro nemocnice, záchranné služby a přizvané úřady: rychlé spojení ve chvíli, kdy se něco děje.',
   'For hospitals, ambulance services and invited authorities: a quick connection when something is happening.',
   'rule', '{duty,security_manager}', '{hospital,university_hospital,clinic,ambulance}', 'AMBER+STRICT', true, now(), now()),
  ('hsoc-man', 'hSOC-Man',
   'Pro právníky, pověřence a vedení: povinnosti, smlouvy, řízení rizik a peníze.',
   'For lawyers, data protection officers and managers: duties, contracts, managing risk, and money.',
   'request', '{dpo,manager,representative}', '{}', 'AMBER', true, now(), now()),
  ('hsoc-hr', 'hSOC-HR',
   'Pro personalisty a lektory: jak lidi školit, získávat a udržet.',
   'For personnel and teachers: how to train people, find them and keep them.',
   'open', '{}', '{}', 'GREEN', true, now(), now());
