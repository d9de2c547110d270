-- module: duty
-- Programs with a key of the organisation read its duties, as those with a key read its inventory: which routes a key opens is said by
-- its scope (src/values/key-scopes.ts). What climbs is read with a key only where the key may read what it is about.

alter policy app_reads on duty_schedules using (readers && (select actor_scopes()) or org_id = any ((select actor_orgs())::int[]));
alter policy app_reads on duty_policies using (readers && (select actor_scopes()) or org_id = any ((select actor_orgs())::int[]));
alter policy app_reads on duty_simple using (readers && (select actor_scopes()) or org_id = any ((select actor_orgs())::int[]));
alter policy app_reads on oncall_climbs using (readers && (select actor_scopes()) or kind = 'member' and org_id = any ((select actor_orgs())::int[])
  and (exists (select 1 from warnings w where w.id = warning_id) or exists (select 1 from written_warnings r where r.id = written_id)));

create or replace function duty_people(p_schedule int) returns table (id int, name text, acts boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.name, p.disabled_at is null and exists (
      select 1 from engagements e where e.person_id = p.id and e.valid_from <= actor_now() and e.valid_to > actor_now()
        and case when s.org_id is null then e.role = 'coordinator' else e.org_id = any (organisation_with_merged(s.org_id)) end)
  from duty_schedules s, people p
  where s.id = p_schedule and (s.readers && actor_scopes() or s.org_id = any (actor_orgs())) and p.id in (
    select t.person_id from duty_turns t join duty_rules r on r.id = t.rule_id where r.schedule_id = s.id and r.ended_at is null
    union select c.person_id from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null
    union select c.stand_in from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null)
$$;
