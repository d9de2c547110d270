-- module: events
-- Which episodes rules have still to look at stands in a table of its own: a mark in the row made every look write the whole row anew.

create table episode_changes (
  episode_id bigint primary key,
  key_id     int not null,
  at         timestamptz not null
);
comment on table episode_changes is 'Episodes that changed since the rules looked at them';
comment on column episode_changes.at is 'The episode''s changed_at: what changes during a look is looked at again';
alter table episode_changes enable row level security;
grant select, insert, update, delete on episode_changes to hsoc_engine;
create policy engine_all on episode_changes to hsoc_engine using (true) with check (true);

insert into episode_changes select id, key_id, changed_at from episodes where dirty;
drop index episodes_dirty;
alter table episodes drop column dirty;

-- Growing changes an episode's times all the while. PostgreSQL rewrites the entries of every index for that, unless no indexed
-- column changes: so lists go by the hour of the last event first, and what changed for the sector stands in a table as well.
alter table episodes add column last_hour timestamptz not null
  generated always as (date_bin(interval '1 hour', last_at, timestamptz '2000-01-01 00:00:00+00')) stored;
comment on column episodes.last_hour is 'Hour of last_at: what the indexes hold, as it changes seldom';
drop index episodes_recent;
drop index episodes_open;
drop index episodes_changed;
-- For lists alone, which say so: whoever asks for a source must be led by its key, whatever the planner knows of the table.
create index episodes_recent on episodes (org_id, last_hour desc) where alias_of is null and last_hour > '-infinity';
create index episodes_open on episodes (last_hour) where state = 'open' and alias_of is null;
alter table episodes set (fillfactor = 70);

create table source_changes (
  key_id    int not null,
  family_id int not null
);
comment on table source_changes is 'Sources that met a member since the sector''s bands were published, as often as they did';
alter table source_changes enable row level security;
grant select, insert, update, delete on source_changes to hsoc_engine;
create policy engine_all on source_changes to hsoc_engine using (true) with check (true);
insert into source_changes select distinct key_id, family_id from episodes where org_id > 0 and lane = 0 and alias_of is null;
