-- module: exchange
-- An organisation may choose that its lists carry the indicators of warnings with TLP:AMBER+STRICT, which stay away from its machines otherwise.

alter table blocklist_choices drop constraint blocklist_choices_sources_check,
  add constraint blocklist_choices_sources_check check (sources <@ '{campaign,coordinator,warning,strict}'::text[]);

-- What its keys with the scope strict read besides (src/platform/access.ts).
create function blocklist_strict_scopes(p_org int) returns int[]
language sql stable security definer set search_path = public, pg_temp as $$
  select scopes_held(array[6] || array(select 1000 + 4 * m + 2 from unnest(organisation_with_merged(p_org)) as m), organisation_with_merged(p_org))
$$;
revoke all on function blocklist_strict_scopes(int) from public;
grant execute on function blocklist_strict_scopes(int) to hsoc_engine;

create or replace function blocklist_prune(p_items bigint[], p_now timestamptz) returns int
language sql security definer set search_path = public, pg_temp as $$
  with orgs as (select o.org_id, blocklist_scopes(o.org_id) || case when 'strict' = any (c.sources) then blocklist_strict_scopes(o.org_id) else '{}' end as scopes
      from (select distinct org_id from blocklist_entries where item_id = any (p_items)) o left join blocklist_choices c on c.org_id = o.org_id),
  gone as (
    delete from blocklist_entries e using blocklist_items i, orgs o
    where i.id = e.item_id and o.org_id = e.org_id and e.item_id = any (p_items) and (
      i.state = 'withdrawn' or i.hits is not null and i.overruled_at is null
      or not exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null and s.readers && o.scopes
        having sum(s.observers) >= 2 or bool_or(s.source <> 'campaign'))
      or exists (select 1 from blocklist_exceptions x where x.org_id = any (organisation_with_merged(e.org_id)) and x.ended_at is null
        and (x.kind = i.kind and x.value = i.value or x.net && i.net or i.host = x.host or right(i.host, length(x.host) + 1) = '.' || x.host)))
    returning e.org_id, e.list),
  shorter as (
    update blocklist_lists l set version = l.version + 1, revision = l.revision + 1, entries = l.entries - g.n, changed_at = p_now, refreshed_at = p_now
    from (select org_id, list, count(*)::int as n from gone group by org_id, list) g where l.org_id = g.org_id and l.list = g.list
    returning g.n)
  select coalesce(sum(n), 0)::int from shorter
$$;
