-- module: members
alter table people add column erased_at timestamptz;
comment on column people.erased_at is 'When the personal data were erased; the row stays as a number that answers and lines of the trail refer to';
create index people_kept on people (id) where erased_at is null;

-- Who has had no role since then, and waits for none: those whose data are to be erased. Whose access was taken has none from then
-- on; who never had one counts from the record's making.
create function people_gone(p_before timestamptz) returns setof int
language sql stable as $$
  select p.id from people p where p.erased_at is null
    and coalesce(least((select max(e.valid_to) from engagements e where e.person_id = p.id), p.disabled_at), p.created_at) < p_before
    and not exists (select 1 from invitations i where i.person_id = p.id and i.ended_at is null and i.expires_at >= p_before)
$$;

-- module: privacy
-- How long things are kept is data: every version of every period, with why. What may be set is in src/platform/retention.ts.

create table retention_periods (
  what       text not null,
  version    int not null,
  days       int not null check (days between 1 and 36500),
  basis_cs   text not null check (length(btrim(basis_cs)) between 1 and 1000),
  basis_en   text not null check (length(btrim(basis_en)) between 1 and 1000),
  reason     text not null check (length(btrim(reason)) between 1 and 1000),
  changed_at timestamptz not null,
  changed_by int references people,
  primary key (what, version)
);
comment on table retention_periods is 'Every version of every period of keeping; the newest is in force. Only added to';
comment on column retention_periods.basis_cs is 'Why it is kept so long, and the legal basis, in Czech';
comment on column retention_periods.reason is 'Why this version replaced the one before';
comment on column retention_periods.changed_by is 'Null: as delivered';

insert into retention_periods (what, version, days, basis_cs, basis_en, reason, changed_at)
select what, 1, days, cs, en, 'as delivered', '2026-11-21' from (values
  ('raw_events', 90, 'Oprávněný zájem na bezpečnosti sítí (čl. 6 odst. 1 písm. f GDPR, bod 49 odůvodnění): události se vracejí s opakováním a doklady k varováním jsou potřeba týdny poté.', 'Legitimate interest in the security of networks (GDPR article 6(1)(f), recital 49): events come again, and evidence for warnings is needed weeks later.'),
  ('sums', 1098, 'Oprávněný zájem na bezpečnosti sítí: srovnání s obvyklým dnem a s předchozími lety.', 'Legitimate interest in the security of networks: comparison with the usual day and with earlier years.'),
  ('rejects', 90, 'Oprávněný zájem: správce senzoru musí vidět, co a proč bylo odmítnuto.', 'Legitimate interest: whoever runs a sensor must see what was refused and why.'),
  ('sensor_minutes', 60, 'Provozní potřeba: poznat, že senzor mlčí déle, než je u něj zvykem.', 'Needed to run the service: knowing that a sensor is silent for longer than is its habit.'),
  ('sensor_batches', 30, 'Provozní potřeba: poznat dávku, která přišla podruhé.', 'Needed to run the service: knowing a batch that comes a second time.'),
  ('api_key_uses', 730, 'Oprávněný zájem: dohledat, co klíč četl, i po delší době.', 'Legitimate interest: finding out what a key read, also after a long time.'),
  ('deliveries', 730, 'Oprávněný zájem: doložit, kdo byl o hrozbě zpraven a kdy.', 'Legitimate interest: showing who was told of a threat and when.'),
  ('invitations', 365, 'Oprávněný zájem: doložit, kdo koho do organizace pozval.', 'Legitimate interest: showing who invited whom into an organisation.'),
  ('recoveries', 730, 'Oprávněný zájem: doložit, kdo komu obnovil přístup.', 'Legitimate interest: showing who gave whom access again.'),
  ('devices', 400, 'Povinnost zabezpečit zpracování (čl. 32 GDPR): poznat přihlášení z prohlížeče, ze kterého člověk ještě nepřišel.', 'Duty to secure processing (GDPR article 32): noticing a sign-in from a browser from which somebody never came before.'),
  ('reads', 1095, 'Oprávněný zájem: organizace musí moci zjistit, kdo se díval na její údaje.', 'Legitimate interest: an organisation must be able to find out who looked at its data.'),
  ('people', 730, 'Oprávněný zájem: dotazy na práci člověka přicházejí ještě po jeho odchodu; po této době se jeho údaje vymažou.', 'Legitimate interest: questions about somebody''s work still come after they left; then their data are erased.')
) as given (what, days, cs, en);

alter table retention_periods enable row level security;
grant select, insert on retention_periods to hsoc_app;
grant select on retention_periods to hsoc_engine;
create policy app_reads on retention_periods for select to hsoc_app using (cardinality((select actor_scopes())) > 0);
create policy app_changes on retention_periods for insert to hsoc_app
  with check ((select actor_operates()) and changed_by = (select actor_person()));
create policy engine_reads on retention_periods for select to hsoc_engine using (true);

-- How much would go with a period: a number, for those who answer for the installation; an operator reads nothing of it.
create function retention_count(p_what text, p_before timestamptz) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select case p_what
    when 'raw_events' then (select coalesce(sum(n), 0) from batches where received_at < p_before and first_serial is not null)
    when 'sums' then (select count(*) from detections d where d.hour < floor(extract(epoch from p_before) / 3600)
      and not exists (select 1 from events e where e.hour = d.hour))
    when 'rejects' then (select count(*) from rejects where at < p_before)
    when 'sensor_minutes' then (select count(*) from sensor_minutes where minute < p_before)
    when 'sensor_batches' then (select count(*) from sensor_batches where at < p_before)
    when 'api_key_uses' then (select count(*) from api_key_uses where on_day < (p_before at time zone 'UTC')::date)
    when 'deliveries' then (select count(*) from deliveries where decided_at < p_before and state not in ('queued', 'sending'))
    when 'invitations' then (select count(*) from invitations where expires_at < p_before)
    when 'recoveries' then (select count(*) from recoveries where expires_at < p_before)
    when 'devices' then (select count(*) from devices where seen_at < p_before)
    when 'reads' then (select count(*) from trail_reads where last_at < p_before)
    when 'people' then (select count(*) from people_gone(p_before))
  end
  where actor_coordinates() or actor_operates()
$$;

-- module: trail
-- The chain holds digests, so a line can lose what named a person while the chain stays whole: the digest it was linked by stays,
-- the digest of what is left is kept here, and the line that tells of the erasure carries the digest of all of these.

create table trail_erasures (
  audit_id bigint not null,
  content  bytea not null,
  digest   bytea not null,
  primary key (audit_id, digest)
);
comment on table trail_erasures is 'Lines of the trail from which a person was erased';
comment on column trail_erasures.content is 'SHA-256 of the line as it was left (trail_content)';
comment on column trail_erasures.digest is 'SHA-256 over number and content of all lines of one erasure, in order; it stands in the line privacy.erase';
alter table trail_erasures enable row level security;
grant select on trail_erasures to hsoc_engine;
create policy engine_reads on trail_erasures for select to hsoc_engine using (true);

comment on table audit is 'Who did what, append-only: nobody but the owner may change or delete a row; trail_erase() takes a person out who is erased';

-- `p_text` with every spelling of these names, in whatever case, replaced by the label.
create function pseudonymised(p_text text, p_names text[], p_label text) returns text
language plpgsql immutable as $$
declare one text;
begin
  foreach one in array p_names loop
    -- As it stands first: some letters (those of title case) do not match themselves where case is ignored.
    p_text := replace(p_text, one, p_label);
    p_text := regexp_replace(p_text, regexp_replace(one, '([]*+?^${}()|\\.[])', '\\\1', 'g'), p_label, 'gi');
  end loop;
  return p_text;
end $$;

-- Takes a person out of the trail: address and name, and the network address of the own lines. Only of somebody who has no role
-- any more and is not erased yet. Answers how many linked lines it touched, and their digest.
create function trail_erase(p_person int, p_now timestamptz) returns table (lines int, digest text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  told people;
  names text[];
  escaped text[];
  label text := 'person ' || p_person;
  touched bigint[];
  made bytea;
begin
  select * into told from people p where p.id = p_person and p.erased_at is null for update;
  if not found or exists (select 1 from engagements e where e.person_id = p_person and e.valid_to > p_now and e.valid_to > e.valid_from) then
    return;
  end if;
  perform pg_advisory_xact_lock(715010);
  select array_agg(distinct n) into names from (
    select told.email as n union all select told.name union all select i.name from invitations i where i.person_id = p_person) x
    -- A name of one word may be any word; it is replaced only where it stands alone (below).
    where n ~ '\S[@[:space:]]+\S';
  select array_agg(substr(to_json(n)::text, 2, length(to_json(n)::text) - 2)) into escaped from unnest(names) n;
  with own as (
    select a.id, a.person_id = p_person or a.object = label or a.detail->>'person' = p_person::text as is_own from audit a
    where a.person_id = p_person or a.object = label or a.detail->>'person' = p_person::text or lower(a.actor) = lower(told.email)
      or strpos(lower(a.detail::text), lower(told.email)) > 0 or strpos(lower(a.object), lower(told.email)) > 0),
  done as (
    update audit a set
      actor = pseudonymised(a.actor, names, label),
      object = pseudonymised(a.object, names, label),
      detail = pseudonymised(a.detail::text, escaped, label)::jsonb - case when own.is_own then array['address', 'agent'] else '{}'::text[] end
        || case when a.detail->>'name' = told.name then jsonb_build_object('name', label) else '{}' end
        || case when a.detail->>'by' = told.name then jsonb_build_object('by', label) else '{}' end
    from own where own.id = a.id returning a.id)
  select array_agg(d.id order by d.id) into touched from done d join trail_links l on l.audit_id = d.id;
  if touched is null then
    return query select 0, null::text;
    return;
  end if;
  select sha256(string_agg(int8send(a.id) || trail_content(a), ''::bytea order by a.id)) into made from audit a where a.id = any (touched);
  insert into trail_erasures (audit_id, content, digest) select a.id, trail_content(a), made from audit a where a.id = any (touched);
  return query select cardinality(touched), encode(made, 'hex');
end $$;

revoke all on function retention_count(text, timestamptz), trail_erase(int, timestamptz) from public;
grant execute on function retention_count(text, timestamptz) to hsoc_app;
grant execute on function trail_erase(int, timestamptz) to hsoc_engine;
-- The ledger of reads is forgotten after its time.
grant delete on trail_reads to hsoc_engine;
grant delete on invitations to hsoc_engine;
