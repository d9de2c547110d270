-- module: members
-- Who manages an organisation's people sees which roles a provider's group gave, and which provider: its name alone, nothing of the account there.
create function roles_by_provider(p_org int) returns table (person_id int, role text, provider text)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.person_id, e.role, l.provider from engagements e join provider_links l on l.id = e.link_id
  where e.org_id = p_org and e.source = 'directory' and e.valid_from <= actor_now() and e.valid_to > actor_now()
    and (p_org = any (actor_orgs()) or actor_coordinates())
$$;
revoke all on function roles_by_provider(int) from public;
grant execute on function roles_by_provider(int) to hsoc_app, hsoc_engine;
