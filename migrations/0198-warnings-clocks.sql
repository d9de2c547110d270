-- module: warnings
-- The two clocks of a written warning (sharing.md 11.1): nobody has answered, and the day by which to act; what they did, and whom coordinators call.

alter table written_asked
  add ladder_step smallint not null default 0 check (ladder_step >= 0),
  add deadline_on date,
  add deadline_step smallint not null default 0 check (deadline_step >= 0),
  add rounds jsonb not null default '[]';
comment on column written_asked.ladder_step is 'How many steps for the silent are over, made or past';
comment on column written_asked.deadline_on is 'The day that deadline_step counts for; another day begins anew';
comment on column written_asked.deadline_step is 'How many steps around the day by which to act are over';
comment on column written_asked.rounds is 'How earlier versions were answered, which a newer one asked anew: version, asked_at, first_answer_at, done_at';

create table written_steps (
  id int generated always as identity primary key,
  warning_id int not null references written_warnings on delete cascade,
  org_id int not null references organisations,
  version int not null,
  kind text not null check (kind in ('ladder', 'deadline', 'call')),
  step smallint check (step > 0),
  told int not null default 0 check (told >= 0),
  person_id int references people,
  note text not null default '' check (length(note) <= 1000),
  at timestamptz not null,
  check ((kind = 'call') = (step is null)),
  check (kind = 'call' or person_id is null)
);
create index written_steps_warning on written_steps (warning_id, org_id, id);
comment on table written_steps is 'What the clocks of a written warning did for each organisation, and calls that coordinators made; only added to';
comment on column written_steps.told is 'How many messages were decided for it';
comment on column written_steps.person_id is 'Who called';
comment on column written_steps.note is 'What came of the call';
alter table written_steps enable row level security;
create policy engine_all on written_steps for all to hsoc_engine using (true) with check (true);
create policy app_reads on written_steps for select to hsoc_app
  using ((select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = warning_id));
create policy app_writes on written_steps for insert to hsoc_app
  with check (kind = 'call' and (select actor_coordinates()) and person_id = (select actor_person())
    and exists (select 1 from written_asked a where a.warning_id = written_steps.warning_id and a.org_id = written_steps.org_id));
grant select, insert on written_steps to hsoc_app;
grant select, insert, update, delete on written_steps to hsoc_engine;
