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
