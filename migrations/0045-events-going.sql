-- Whether an episode is still going follows from when it was last seen and from how far the events have come. It was
-- written into each row, which cost every episode a second version of its row and of all its index entries.

drop index episodes_open;
alter table episodes drop column state;

-- Written by the worker, in milliseconds: nothing older is expected any more.
create function closed_before() returns timestamptz
  language sql stable parallel safe
  as $$ select coalesce((select to_timestamp(value::float8 / 1000.0) from settings where name = 'closed_before'), '-infinity') $$;
comment on function closed_before() is 'An episode whose gap ended before this moment is over';
