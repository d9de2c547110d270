-- module: warnings

create table warning_checks (
  name   text primary key,
  due_at timestamptz not null,
  value  bigint
);
comment on table warning_checks is 'When each regular check of the rules is due next in the whole installation; value of "hour" is the last hour whose volumes were looked at';
alter table warning_checks enable row level security;
grant select, insert, update, delete on warning_checks to hsoc_engine;
create policy engine_all on warning_checks to hsoc_engine using (true) with check (true);

-- A trouble that comes back is found by what makes it one.
create index warnings_topic on warnings (rule, topic);
create index warnings_quiet on warnings (quiet_until) where quiet_until is not null and state <> 'closed';
