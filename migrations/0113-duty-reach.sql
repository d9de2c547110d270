-- module: duty
-- How well an organisation can be reached, 0 to 100 (src/modules/duty/reach/score.ts), reckoned each night and when something of it changes.

create table reach_scores (
  org_id      int primary key references organisations,
  score       smallint not null check (score between 0 and 100),
  parts       jsonb not null,
  reckoned_at timestamptz not null
);
comment on table reach_scores is 'The score as it was reckoned last; its own organisation and the coordinators read it';
comment on column reach_scores.parts is 'Points by part: people, outOfBand, always, lastCall, attested';

alter table reach_scores enable row level security;
grant select on reach_scores to hsoc_app;
grant select, insert, update, delete on reach_scores to hsoc_engine;
create policy app_reads on reach_scores for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy engine_all on reach_scores to hsoc_engine using (true) with check (true);

-- What members may know of the others: how many stand where. Nothing where fewer than five do; and where that hides one number
-- alone, the next smallest is hidden with it, or the first would follow from the sum.
create function reach_distribution() returns table (band text, n int)
language sql stable security definer set search_path = public, pg_temp as $$
  with counts as (
    select b.band, count(*)::int as n from reach_scores s join organisations o on o.id = s.org_id and o.status in ('participant', 'signatory'),
      lateral (select case when s.score >= 80 then 'good' when s.score >= 50 then 'fair' else 'poor' end as band) b
    where actor_coordinates() or cardinality(actor_orgs()::int[]) > 0
    group by b.band)
  select c.band, c.n from counts c
  where c.n >= 5 and not ((select count(*) from counts where counts.n < 5) = 1 and c.n = (select min(counts.n) from counts where counts.n >= 5))
$$;
revoke all on function reach_distribution() from public;
grant execute on function reach_distribution() to hsoc_app;
