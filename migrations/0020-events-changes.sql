-- module: events
-- Growing changes an episode's row all the while. PostgreSQL then rewrites the entries of every index, unless no indexed column changed.
-- So lists go by the hour of the last event first, and what changed stands in tables of its own: for the rules, and for the sector.

-- Nothing may change between the copy of the marks and the end of their column.
lock table episodes in access exclusive mode;

create table episode_changes (
  episode_id bigint primary key,
  key_id     int not null,
  at         timestamptz not null
);
comment on table episode_changes is 'Episodes that changed since the rules looked at them';
comment on column episode_changes.at is 'The episode''s changed_at: what changes during a look is looked at again';

create table source_changes (
  key_id    int not null,
  family_id int not null,
  at        timestamptz not null
);
comment on table source_changes is 'Sources that met a member since the sector''s bands were published, as often as they did';

do $$
declare t text;
begin
  foreach t in array array['episode_changes', 'source_changes'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select, insert, update, delete on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
end $$;

insert into episode_changes (episode_id, key_id, at) select id, key_id, changed_at from episodes where dirty;
insert into source_changes (key_id, family_id, at)
  select key_id, family_id, max(changed_at) from episodes where org_id > 0 and lane = 0 and alias_of is null group by key_id, family_id;

drop index episodes_dirty, episodes_recent, episodes_open, episodes_changed;
alter table episodes set (fillfactor = 70);
alter table episodes drop column dirty, add column last_hour timestamptz not null
  generated always as (date_bin(interval '1 hour', last_at, timestamptz '2000-01-01 00:00:00+00')) stored;
comment on column episodes.last_hour is 'Hour of last_at: what the indexes hold, as it changes seldom';
-- For lists alone, which say so: whoever asks for a source must be led by its key, whatever the planner knows of the table.
create index episodes_recent on episodes (org_id, last_hour desc) where alias_of is null and last_hour > '-infinity';
create index episodes_open on episodes (last_hour) where state = 'open' and alias_of is null;
analyze episodes;
