-- module: duty
-- Escalation: who is told next while nobody answers. Every version is kept; the newest holds, and where there is none what ships with
-- the platform (src/modules/duty/policy.ts).

create table duty_policies (
  id       int generated always as identity primary key,
  org_id   int references organisations,
  kind     text not null check (kind in ('member', 'rollcall', 'csirt')),
  version  int not null check (version >= 1),
  repeat   smallint not null check (repeat between 0 and 5),
  steps    jsonb not null,
  readers  int[] not null,
  made_by  int not null references people,
  made_at  timestamptz not null,
  check ((kind = 'csirt') = (org_id is null))
);
comment on table duty_policies is 'Escalation policies in all their versions; only added to';
comment on column duty_policies.org_id is 'Null: the coordinators'' own';
comment on column duty_policies.repeat is 'How many times the steps begin again when nobody answered';
create unique index duty_policies_version on duty_policies (coalesce(org_id, 0), kind, version);

alter table duty_policies enable row level security;
grant select on duty_policies to hsoc_app;
grant select, insert on duty_policies to hsoc_engine;
create policy app_reads on duty_policies for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on duty_policies to hsoc_engine using (true) with check (true);
