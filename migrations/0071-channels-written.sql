-- module: channels
-- Messages about warnings that a person wrote. Whoever publishes or revokes one does so as a coordinator in one transaction; what that
-- reaches beyond its own rights (what people chose, the outbox) are the functions below, which do nothing for anybody else.

alter table deliveries add column written_id int;
create index deliveries_written on deliveries (written_id) where written_id is not null;
comment on column deliveries.written_id is 'The written warning that it tells of; detail has the version';
alter table deliveries drop constraint deliveries_kind_check;
alter table deliveries add constraint deliveries_kind_check
  check (kind in ('new', 'update', 'relapse', 'digest', 'exercise', 'sensor', 'account', 'ladder', 'talk', 'revoked'));

-- Whom to write to at each organisation: duty and administrators, else the security manager, else the representative, else its address.
create function written_recipients(p_orgs int[], p_now timestamptz)
returns table (org_id int, person_id int, address text, singles boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  with at_work as (
    select e.org_id, e.person_id,
      min(case when e.role in ('duty', 'admin') then 1 when e.role = 'security_manager' then 2 else 3 end) as step
    from engagements e join people p on p.id = e.person_id and p.disabled_at is null
    where e.org_id = any (p_orgs) and e.role in ('duty', 'admin', 'security_manager', 'representative')
      and e.valid_from <= p_now and e.valid_to > p_now
    group by 1, 2),
  step as (select a.org_id, min(a.step) as first from at_work a group by 1)
  select o.id, a.person_id, coalesce(p.email, o.contact_email), coalesce(c.singles, true)
  from organisations o
    left join step s on s.org_id = o.id
    left join at_work a on a.org_id = o.id and a.step = s.first
    left join people p on p.id = a.person_id
    left join mail_choices c on c.address_key = address_key(coalesce(p.email, o.contact_email))
  where o.id = any (p_orgs) and o.status <> 'left' and coalesce(p.email, o.contact_email, '') <> '' and actor_coordinates()
  order by o.name, o.id, a.person_id
$$;

-- The same of persons who are written to as such.
create function written_people(p_people int[]) returns table (person_id int, address text, singles boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.email, coalesce(c.singles, true)
  from people p left join mail_choices c on c.address_key = address_key(p.email)
  where p.id = any (p_people) and p.disabled_at is null and actor_coordinates()
  order by p.id
$$;

-- Rows: person, org, address, detail, hold (null: at once), readers.
create function queue_written(p_kind text, p_topic text, p_written int, p_severity int, p_now timestamptz, p_rows jsonb) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, p_now, r.readers, coalesce(r.org, 0)
    from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    where actor_coordinates()
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$$;

-- What has not gone out stays here.
create function stop_written(p_written int, p_reason text) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with stopped as (
    update deliveries set state = 'dropped', reason = p_reason
    where written_id = p_written and state in ('queued', 'held') and kind <> 'revoked' and actor_coordinates()
    returning 1)
  select count(*) from stopped
$$;

-- Whoever has it, or may have it in a moment: the mail of a row that is being sent can no longer be held back.
create function told_of_written(p_written int)
returns table (person_id int, org_id int, address text, "as" text)
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct on (d.address, d.org_id) d.person_id, d.org_id, d.address, d.detail->>'as'
  from deliveries d
  where d.written_id = p_written and d.state in ('sending', 'sent', 'digested') and d.kind <> 'revoked' and actor_coordinates()
  order by d.address, d.org_id, d.id
$$;

revoke all on function written_recipients(int[], timestamptz), written_people(int[]), queue_written(text, text, int, int, timestamptz, jsonb),
  stop_written(int, text), told_of_written(int) from public;
grant execute on function written_recipients(int[], timestamptz), written_people(int[]), queue_written(text, text, int, int, timestamptz, jsonb),
  stop_written(int, text), told_of_written(int) to hsoc_app;
