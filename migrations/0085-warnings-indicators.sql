-- module: warnings
-- Indicators of written warnings: what a person confirmed out of the text, bound to the version in which it stands. Machines read them
-- from here (blocklists): what is confirmed and not yet past its time.

create table written_indicators (
  id           int generated always as identity primary key,
  warning_id   int not null,
  version      int not null,
  org_id       int references organisations,
  kind         text not null check (kind in ('ip', 'net', 'domain', 'url', 'sha256', 'sha1', 'md5', 'email', 'cve')),
  value        text not null check (octet_length(value) between 3 and 2048),
  state        text not null default 'proposed' check (state in ('proposed', 'confirmed', 'withdrawn')),
  tlp          text not null check (tlp in ('RED', 'AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  readers      int[] not null,
  proposed_by  int not null references people,
  proposed_at  timestamptz not null,
  confirmed_by int references people,
  confirmed_at timestamptz,
  withdrawn_at timestamptz,
  valid_until  timestamptz,
  unique (warning_id, version, kind, value),
  foreign key (warning_id, version) references written_versions (warning_id, no) on delete cascade,
  check ((confirmed_at is null) = (confirmed_by is null)),
  check (state <> 'confirmed' or confirmed_at is not null),
  check ((state = 'withdrawn') = (withdrawn_at is not null))
);
create index written_indicators_confirmed on written_indicators (kind, value) where state = 'confirmed';
create index written_indicators_org on written_indicators (org_id);
comment on table written_indicators is 'What the author of a warning took out of its text for machines; proposed while it is being written, confirmed when another person has published it';
comment on column written_indicators.org_id is 'The organisation from which it came; null: the coordinators themselves';
comment on column written_indicators.value is 'Normal form of src/values/indicators.ts, never defanged';
comment on column written_indicators.tlp is 'Of its version';
comment on column written_indicators.readers is 'As of its version';
comment on column written_indicators.valid_until is 'Up to when lists may carry it, by its kind; null for a CVE, which no list carries';

alter table written_indicators enable row level security;
grant select, insert, update, delete on written_indicators to hsoc_app, hsoc_engine;
create policy engine_all on written_indicators to hsoc_engine using (true) with check (true);
-- A confirmed one stays readable when its warning expires: it ends by its own time. What was taken back is for coordinators who still
-- read the warning.
create policy app_reads on written_indicators for select to hsoc_app
  using ((readers && (select reader_scopes()) and state <> 'withdrawn')
    or ((select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = warning_id)));
create policy app_writes on written_indicators for insert to hsoc_app
  with check ((select actor_coordinates()) and exists (select 1 from written_versions v where v.warning_id = written_indicators.warning_id and v.no = version));
create policy app_changes on written_indicators for update to hsoc_app
  using ((select actor_coordinates()) and exists (select 1 from written_warnings w where w.id = warning_id)) with check ((select actor_coordinates()));
create policy app_discards on written_indicators for delete to hsoc_app
  using ((select actor_coordinates()) and state = 'proposed' and exists (select 1 from written_versions v where v.warning_id = written_indicators.warning_id
    and v.no = version and v.state = 'draft'));

-- Revoking takes them along in the same statement: no list carries what its warning has taken back.
create or replace function revoke_written(p_id int, p_reason text, p_now timestamptz) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  with done as (
    update written_warnings w set state = 'revoked', readers = w.readers_after, ends_at = null, revoked_by = actor_person(), revoked_at = p_now,
      revoke_reason = p_reason, changed_at = p_now
    where w.id = p_id and w.state = 'published' and actor_coordinates() and w.readers && reader_scopes()
      and (w.revoke_asked_by <> actor_person()
        or exists (select 1 from written_versions v where v.warning_id = w.id and v.state = 'published' and v.kind = 'emergency')
        or exists (select 1 from single_duty_periods d where d.starts_at <= p_now and d.ends_at > p_now))
    returning w.id, w.version),
  -- A change that was being written has nothing to change any more.
  gone as (delete from written_versions where warning_id in (select id from done) and state in ('draft', 'review')),
  off as (update written_indicators i set state = 'withdrawn', withdrawn_at = p_now from done d
    where i.warning_id = d.id and i.version <= d.version and i.state <> 'withdrawn')
  select true where exists (select 1 from done)
$$;
