-- module: exchange
-- Keys of groups: with one a program reads the group's feed as nobody else's, by a scope of its own. It lives as long as who made it leads the group.

create table group_keys (
  id           int generated always as identity primary key,
  group_id     int not null references groups,
  label        text not null check (label <> '' and length(label) <= 60),
  key_hash     bytea not null unique,
  made_by      int not null references people,
  made_at      timestamptz not null,
  expires_at   timestamptz not null,
  last_used_on date,
  revoked_at   timestamptz,
  revoked_by   int references people
);
comment on table group_keys is 'Each opens the feed of its group, while who made it leads the group';
comment on column group_keys.label is 'What holds it, in words of who made it';
create index group_keys_group on group_keys (group_id) where revoked_at is null;

alter table group_keys enable row level security;
create policy app_reads on group_keys for select to hsoc_app using (group_id = any ((select led_groups())::int[]));
create policy engine_all on group_keys to hsoc_engine using (true) with check (true);
grant select (id, group_id, label, made_by, made_at, expires_at, last_used_on, revoked_at, revoked_by) on group_keys to hsoc_app;
grant select, insert, update on group_keys to hsoc_engine;

-- Those whose key still opens at actor_now(): not over, not revoked, the group open, and its maker still leads it.
create function group_keys_alive() returns table (id int) language sql stable as $$
  select k.id from group_keys k join groups g on g.id = k.group_id and g.closed_at is null join people p on p.id = k.made_by and p.disabled_at is null
  where k.revoked_at is null and k.expires_at > (select actor_now()) and (
    exists (select 1 from engagements e where e.person_id = k.made_by and e.role = 'coordinator'
      and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now()))
    or exists (select 1 from group_moderators m join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
      where m.group_id = k.group_id and m.person_id = k.made_by and m.ended_at is null))
$$;
comment on function group_keys_alive() is 'Asked by the program at its own time (hsoc.now)';

-- module: warnings
-- What a group was sent is read by its keys too, unless it is strict or for named people: 1500000000 + group, beside the seats' 1000000000 + group.
update written_versions v set readers = v.readers || (1500000000 + v.group_id)
  where v.group_id is not null and v.tlp in ('CLEAR', 'GREEN', 'AMBER') and 1000000000 + v.group_id = any (v.readers);
update written_warnings w set readers = w.readers || (1500000000 + v.group_id)
  from written_versions v where v.warning_id = w.id and v.no = w.version and v.group_id is not null and v.tlp in ('CLEAR', 'GREEN', 'AMBER')
    and 1000000000 + v.group_id = any (w.readers);
