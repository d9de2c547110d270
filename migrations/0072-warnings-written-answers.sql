-- module: warnings
-- What organisations answer to written warnings, and the links in mails by which they do.

create table written_answers (
  id         int generated always as identity primary key,
  warning_id int not null references written_warnings on delete cascade,
  org_id     int not null references organisations,
  version    int not null,
  person_id  int not null references people,
  role       text not null check (role in ('manager', 'representative', 'security_manager', 'duty', 'admin', 'dpo', 'coordinator')),
  answer     text not null check (answer in ('seen', 'not_affected', 'working', 'mitigated', 'done')),
  planned_on date,
  affected   int check (affected between 0 and 1000000),
  note       text not null default '' check (length(note) <= 4000),
  counted    boolean not null,
  via        text not null check (via in ('page', 'mail', 'api', 'coordinator')),
  at         timestamptz not null
);
create index written_answers_warning on written_answers (warning_id, org_id, id);
comment on table written_answers is 'Every answer that was given, also of people who have left; only added to';
comment on column written_answers.role is 'In which role it was given: of two that contradict each other the higher one stands';
comment on column written_answers.counted is 'False: kept, but it did not change where the organisation stands';

create table written_links (
  token_hash  bytea primary key,
  delivery_id bigint not null,
  warning_id  int not null references written_warnings on delete cascade,
  org_id      int not null references organisations,
  person_id   int not null references people,
  created_at  timestamptz not null,
  revoked_at  timestamptz
);
create index written_links_warning on written_links (warning_id);
comment on column written_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';

alter table written_answers enable row level security;
alter table written_links enable row level security;
grant select, insert on written_answers to hsoc_app;
grant select, insert, update, delete on written_answers, written_links to hsoc_engine;
create policy engine_all on written_answers to hsoc_engine using (true) with check (true);
create policy engine_all on written_links to hsoc_engine using (true) with check (true);

create policy app_reads on written_answers for select to hsoc_app
  using ((org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates())) and exists (select 1 from written_warnings w where w.id = warning_id));
create policy app_writes on written_answers for insert to hsoc_app
  with check (person_id = (select actor_person()) and exists (select 1 from written_asked a where a.warning_id = written_answers.warning_id
    and a.org_id = written_answers.org_id));

-- Whose link it is: known before there is an actor. What the owner may do is decided by its roles of this moment at the organisation.
create function written_link(p_token_hash bytea, p_now timestamptz)
returns table (warning_id int, org_id int, revoked boolean, over boolean, person_id int, email text, name text, language text, engagements jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
  select l.warning_id, l.org_id, l.revoked_at is not null, w.state <> 'published' or w.ends_at <= p_now,
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role) order by e.role)
      from engagements e join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.org_id = l.org_id and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'), '[]')
  from written_links l join written_warnings w on w.id = l.warning_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$$;

-- Whoever holds a link may make it useless, for example after the mail was sent on.
create function revoke_written_link(p_token_hash bytea, p_now timestamptz) returns void
language sql security definer set search_path = public, pg_temp as $$
  update written_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$$;
revoke all on function written_link(bytea, timestamptz), revoke_written_link(bytea, timestamptz) from public;
grant execute on function written_link(bytea, timestamptz), revoke_written_link(bytea, timestamptz) to hsoc_app;
