-- module: members

-- Who accepted the rules of sharing -----------------------------------------------------------------

create table sharing_acceptances (
  id          int generated always as identity primary key,
  org_id      int not null references organisations,
  version     int check (version between 1 and 999),
  text_sha256 text check (text_sha256 ~ '^[0-9a-f]{64}$'),
  person_id   int,
  actor       text not null,
  note        text not null default '' check (length(note) <= 500),
  at          timestamptz not null,
  check ((version is null) = (text_sha256 is null))
);
create unique index sharing_acceptances_once on sharing_acceptances (org_id, coalesce(version, 0));
comment on table sharing_acceptances is 'Which version of the rules of sharing an organisation accepted, who said so and when; only added to';
comment on column sharing_acceptances.version is 'Number in content/sharing-rules.json; null where it was accepted before versions were kept';
comment on column sharing_acceptances.text_sha256 is 'SHA-256 of what was shown, so that a text that was changed afterwards shows';
comment on column sharing_acceptances.actor is 'Name of the person at that time';
comment on column sharing_acceptances.note is 'How a coordinator learned of it; empty when a representative accepted on the page';

-- Organisations that have been reading as members go on doing so; from now on whoever comes accepts first.
update organisations set rules_accepted_at = now() where status in ('participant', 'signatory') and rules_accepted_at is null;
insert into sharing_acceptances (org_id, actor, note, at)
select id, 'hsoc', 'Taken as accepted when this installation began to ask: it took part already', rules_accepted_at
from organisations where rules_accepted_at is not null;

comment on column organisations.rules_accepted_at is 'When the rules of sharing were first accepted; null where they are not. Without it nothing is read that is meant for all members';

-- Reading what is for all members -------------------------------------------------------------------

-- What a reader claims, less what is for all members (4; its keys 5 and 6: src/values/scopes.ts) where none of its
-- organisations is one: a participant or signatory that accepted the rules. Looked up in every transaction, so that accepting and leaving count at once.
create function scopes_held(p_scopes int[], p_orgs int[]) returns int[]
language sql stable strict security definer set search_path = public, pg_temp as $$
  select case when not p_scopes && '{4,5,6}' or exists (select 1 from organisations
      where id = any (p_orgs) and status in ('participant', 'signatory') and rules_accepted_at is not null)
    then p_scopes else array(select s from unnest(p_scopes) s where s not in (4, 5, 6)) end
$$;
revoke all on function scopes_held(int[], int[]) from public;
grant execute on function scopes_held(int[], int[]) to hsoc_app, hsoc_engine;

-- Who may --------------------------------------------------------------------------------------------

create function represents(p_org_id int) returns boolean language sql stable as $$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.org_id = any (actor_orgs()) and e.role = 'representative' and e.valid_from <= actor_now() and e.valid_to > actor_now())
$$;

alter table sharing_acceptances enable row level security;
grant select on sharing_acceptances to hsoc_app;
grant insert (org_id, version, text_sha256, person_id, actor, note, at) on sharing_acceptances to hsoc_app;
grant select, insert on sharing_acceptances to hsoc_engine;
create policy app_reads on sharing_acceptances for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
-- A representative for its own organisation; a coordinator for any, who then says how it is known.
create policy app_accepts on sharing_acceptances for insert to hsoc_app
  with check (person_id = (select actor_person()) and (represents(org_id) or (select actor_coordinates()) and btrim(note) <> ''));
create policy engine_all on sharing_acceptances to hsoc_engine using (true) with check (true);

-- An acceptance makes a prospect or a follower a participant: that is how one becomes a member.
create function sharing_accepted() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  was text;
begin
  select status into was from organisations where id = new.org_id for update;
  if was = 'left' then raise exception 'an organisation that left accepts nothing' using errcode = '23514'; end if;
  update organisations set rules_accepted_at = coalesce(rules_accepted_at, new.at), changed_at = new.at,
    status = case when was in ('prospect', 'follower') then 'participant' else status end
  where id = new.org_id;
  if was in ('prospect', 'follower') then
    insert into organisation_moves (org_id, from_status, to_status, reason, person_id, actor, at)
    values (new.org_id, was, 'participant', 'Přijetím pravidel sdílení / by accepting the rules of sharing', new.person_id, new.actor, new.at);
  end if;
  return new;
end
$$;
revoke all on function sharing_accepted() from public;
create trigger accepted after insert on sharing_acceptances for each row execute function sharing_accepted();
