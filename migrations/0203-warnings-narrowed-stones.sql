-- module: warnings
-- Who had a warning and is left out by a narrower version finds in its place that it is not for them any more, as those of a revoked one do.

alter table written_tombstones drop constraint written_tombstones_pkey;
alter table written_tombstones add column stands text not null default 'revoked' check (stands in ('revoked', 'withdrawn')),
  add primary key (warning_id, revoked_at);
comment on table written_tombstones is 'That a warning was revoked, or withdrawn from some by a narrower version, for those who could read it until then';
comment on column written_tombstones.stands is 'revoked: for all; withdrawn: a newer version is out, and not for these readers';

-- The readers of what was out, and those to whom it had been passed on; whoever reads the new version sees that instead.
create function written_narrowed() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into written_tombstones (warning_id, number, revoked_at, readers, stands)
    values (new.id, new.number, new.changed_at, old.readers || array(
      select -p.person_id from written_passed p join written_passings g on g.id = p.passing_id
      where g.warning_id = new.id and (g.ended_at is null or g.ended_at >= new.changed_at)), 'withdrawn')
    on conflict (warning_id, revoked_at) do nothing;
  return null;
end
$$;
revoke all on function written_narrowed() from public;
create trigger narrowed_leaves_a_stone after update on written_warnings for each row
  when (old.state in ('published', 'expired') and new.state = 'published' and old.version > 0 and new.version > old.version
    and not old.readers <@ new.readers)
  execute function written_narrowed();

insert into written_tombstones (warning_id, number, revoked_at, readers, stands)
select v.warning_id, w.number, n.published_at, v.readers, 'withdrawn'
from written_versions v join written_versions n on n.warning_id = v.warning_id and n.no = v.no + 1 join written_warnings w on w.id = v.warning_id
where v.state = 'past' and n.state in ('published', 'past') and not v.readers <@ n.readers
on conflict (warning_id, revoked_at) do nothing;
