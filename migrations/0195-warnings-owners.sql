-- module: warnings
-- Who is asked to answer a written warning because of what it runs. That is the organisation's own to know: coordinators read none of these rows.

create table written_owners (
  warning_id int not null references written_warnings on delete cascade,
  org_id int not null references organisations,
  version int not null default 0 check (version >= 0),
  asked boolean not null default false,
  pieces int not null default 0 check (pieces >= 0),
  departments int not null default 0 check (departments >= 0),
  what jsonb not null default '[]' check (octet_length(what::text) <= 10000),
  due_at timestamptz,
  primary key (warning_id, org_id)
);
create index written_owners_org on written_owners (org_id);
create index written_owners_due on written_owners (due_at) where due_at is not null;
comment on table written_owners is 'Organisations of the audience of a written warning that run what it names, for them alone';
comment on column written_owners.version is 'The version of which it was last told because of this; 0: of none';
comment on column written_owners.pieces is '0: nothing was found yet, it waits to be looked at';
comment on column written_owners.what is 'Names as the inventory has them with their pieces, the most first';
comment on column written_owners.due_at is 'Its inventory changed since then, and was not looked at again yet';

alter table written_owners enable row level security;
create policy app_reads on written_owners for select to hsoc_app using (
  org_id = any ((select actor_orgs())::int[]) and exists (select 1 from written_warnings w where w.id = warning_id));
create policy engine_all on written_owners to hsoc_engine using (true) with check (true);
grant select on written_owners to hsoc_app;
grant select, insert, update, delete on written_owners to hsoc_engine;

alter table written_versions
  add column owners text check (owners in ('nobody', 'few', '5–10', '11–20', '21+')),
  drop constraint written_versions_rules_check,
  add constraint written_versions_rules_check check (octet_length(rules::text) <= 400000);
comment on column written_versions.owners is 'How many organisations run what it names, as coordinators are told; null: not looked at yet';
comment on column written_versions.rules is 'Who of the audience is asked to answer: all, prefixes, domains, kinds, regions, products; it never widens the audience';
