-- module: trail
-- The trail of who did what (audit, 0001) becomes a chain: whoever changes, takes out or puts in a line afterwards breaks it,
-- and whoever cuts its end or builds it anew disagrees with the heads that were sent out.

create table trail_links (
  seq      bigint primary key,
  audit_id bigint not null unique,
  content  bytea not null,
  link     bytea not null
);
comment on table trail_links is 'One row for each line of audit, in the order in which they were linked: 1, 2, 3 … without a gap';
comment on column trail_links.content is 'SHA-256 of the line (trail_content)';
comment on column trail_links.link is 'SHA-256 of the link before it (32 zero bytes before the first) followed by content';

create table trail_heads (
  day     date primary key,
  seq     bigint not null,
  link    bytea not null,
  sent_at timestamptz not null
);
comment on table trail_heads is 'The end of the chain at the end of each day, as it was sent out';

-- jsonb has one text for one value, whatever the order in which its keys came.
create function trail_content(line audit) returns bytea language sql stable set timezone = 'UTC' as $$
  select sha256(convert_to(jsonb_build_array(line.id, to_char(line.at, 'YYYY-MM-DD"T"HH24:MI:SS.US'), line.person_id, line.actor, line.verb,
    line.object, line.org_id, line.detail, line.readers)::text, 'UTF8'))
$$;

-- Links what stands in the trail and is not linked yet, oldest first; answers how many lines. One at a time in the
-- installation. A line may be committed after others with higher numbers, so the last p_window numbers are looked at again.
create function trail_seal(p_window bigint, p_limit int) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  line audit;
  at_seq bigint;
  before bytea;
  digest bytea;
  n int := 0;
begin
  if not pg_try_advisory_xact_lock(715010) then return 0; end if;
  select l.seq, l.link into at_seq, before from trail_links l order by l.seq desc limit 1;
  at_seq := coalesce(at_seq, 0);
  before := coalesce(before, decode(repeat('00', 32), 'hex'));
  for line in
    select a.* from audit a where a.id > (select coalesce(max(audit_id), 0) - p_window from trail_links)
      and not exists (select 1 from trail_links l where l.audit_id = a.id) order by a.id limit p_limit
  loop
    digest := trail_content(line);
    before := sha256(before || digest);
    at_seq := at_seq + 1;
    n := n + 1;
    insert into trail_links (seq, audit_id, content, link) values (at_seq, line.id, digest, before);
  end loop;
  return n;
end $$;
revoke all on function trail_seal(bigint, int) from public;
grant execute on function trail_seal(bigint, int) to hsoc_engine;
revoke all on function trail_content(audit) from public;
grant execute on function trail_content(audit) to hsoc_engine;

alter table trail_links enable row level security;
alter table trail_heads enable row level security;
grant select on trail_links, trail_heads to hsoc_app, hsoc_engine;
grant insert on trail_heads to hsoc_engine;
-- Numbers and digests say nothing of what was done; they are for whoever answers for the installation.
create policy app_reads on trail_links for select to hsoc_app using ((select actor_coordinates()) or (select actor_operates()));
create policy app_reads on trail_heads for select to hsoc_app using ((select actor_coordinates()) or (select actor_operates()));
create policy engine_reads on trail_links for select to hsoc_engine using (true);
create policy engine_all on trail_heads to hsoc_engine using (true) with check (true);
