-- module: warnings
-- What is left of a revoked warning for those who had it: its number and that it was revoked, never what it said. What has expired can be revoked too.

create table written_tombstones (
  warning_id int primary key references written_warnings on delete cascade,
  number text not null check (number ~ '^HSOC-[0-9]{4}-[0-9]{4,}$'),
  revoked_at timestamptz not null,
  reason text check (length(btrim(reason)) between 1 and 2000),
  readers int[] not null
);
create index written_tombstones_recent on written_tombstones (revoked_at desc, warning_id desc);
comment on table written_tombstones is 'That a warning was revoked, for those who could read it until then';
comment on column written_tombstones.reason is 'Where its label lets the reason stand in a mail';
comment on column written_tombstones.readers is 'Scopes that read the version that was out';

alter table written_tombstones enable row level security;
create policy app_reads on written_tombstones for select to hsoc_app using (readers && (select reader_scopes()));
create policy engine_all on written_tombstones to hsoc_engine using (true) with check (true);
grant select on written_tombstones to hsoc_app;
grant select, insert, update, delete on written_tombstones to hsoc_engine;

insert into written_tombstones (warning_id, number, revoked_at, reason, readers)
select w.id, w.number, w.revoked_at, case when v.tlp in ('CLEAR', 'GREEN', 'AMBER') then w.revoke_reason end, v.readers
from written_warnings w join written_versions v on v.warning_id = w.id and v.no = w.version where w.state = 'revoked';

create or replace function revoke_written(p_id int, p_reason text, p_now timestamptz) returns boolean
language sql security definer set search_path = public, pg_temp as $$
  with done as (
    update written_warnings w set state = 'revoked', readers = w.readers_after, ends_at = null, revoked_by = actor_person(), revoked_at = p_now,
      revoke_reason = p_reason, changed_at = p_now
    where w.id = p_id and w.state in ('published', 'expired') and actor_coordinates() and w.readers && reader_scopes()
      and (w.revoke_asked_by <> actor_person()
        or exists (select 1 from written_versions v where v.warning_id = w.id and v.state = 'published' and v.kind = 'emergency')
        or exists (select 1 from single_duty_periods d where d.starts_at <= p_now and d.ends_at > p_now))
    returning w.id, w.version, w.number),
  -- A change that was being written has nothing to change any more.
  gone as (delete from written_versions where warning_id in (select id from done) and state in ('draft', 'review')),
  stone as (insert into written_tombstones (warning_id, number, revoked_at, reason, readers)
    select d.id, d.number, p_now, case when v.tlp in ('CLEAR', 'GREEN', 'AMBER') then p_reason end, v.readers
    from done d join written_versions v on v.warning_id = d.id and v.no = d.version),
  off as (update written_indicators i set state = 'withdrawn', withdrawn_at = p_now from done d
    where i.warning_id = d.id and i.version <= d.version and i.state <> 'withdrawn')
  select true where exists (select 1 from done)
$$;
