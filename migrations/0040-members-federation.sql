-- module: members

-- Who somebody is at a provider of sign-in (OpenID Connect). Known by issuer and subject, never by an e-mail.
create table provider_links (
  id        int generated always as identity primary key,
  person_id int not null references people,
  provider  text not null,
  issuer    text not null,
  subject   text not null,
  email     text,
  linked_at timestamptz not null,
  used_at   timestamptz,
  ended_at  timestamptz
);
create unique index provider_links_subject on provider_links (issuer, subject) where ended_at is null;
create unique index provider_links_person on provider_links (person_id, issuer) where ended_at is null;
comment on column provider_links.provider is 'Name of the provider in the operator''s file when it was last used';
comment on column provider_links.issuer is 'Together with the subject the only thing by which the person is known there';
comment on column provider_links.email is 'As the provider last said; for the person to read, never to find anybody by';

-- What a session that began at a provider needs to end there, or from there.
create table provider_sessions (
  token_hash bytea primary key references sessions on delete cascade,
  link_id    int not null references provider_links,
  orgs       int[] not null,
  central    boolean not null,
  sid        text,
  id_token   text not null
);
create index provider_sessions_link on provider_sessions (link_id);
comment on column provider_sessions.orgs is 'For whose people the provider could vouch when the session began; central: for the sector''s too';
comment on column provider_sessions.sid is 'The session at the provider, where it names one (OpenID Connect Back-Channel Logout 1.0)';
comment on column provider_sessions.id_token is 'The token that says whom to sign out there, sealed (platform/seal.ts)';

-- A role given by a group of a provider ends with the group; what people gave stays.
alter table engagements add column source text not null default 'manual' check (source in ('manual', 'directory'));
alter table engagements add column link_id int references provider_links;
alter table engagements add constraint engagements_link check ((source = 'directory') = (link_id is not null));
create index engagements_link on engagements (link_id) where link_id is not null;
comment on column engagements.source is 'directory: given at sign-in by a group of a provider, and taken when the group is gone';

alter table provider_links enable row level security;
alter table provider_sessions enable row level security;
grant select (id, person_id, provider, issuer, email, linked_at, used_at, ended_at) on provider_links to hsoc_app;
grant select, insert, update, delete on provider_links, provider_sessions to hsoc_engine;
create policy app_reads on provider_links for select to hsoc_app using (person_id = (select actor_person()));
create policy engine_all on provider_links to hsoc_engine using (true) with check (true);
create policy engine_all on provider_sessions to hsoc_engine using (true) with check (true);

-- Whoever runs a provider must not act as its people where they become something else: such a session is over at that moment. How many roles those are.
create function provider_session_beyond(p_token_hash bytea, p_now timestamptz) returns int
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from sessions s join engagements e on e.person_id = s.person_id
    left join organisations o on o.id = e.org_id
    left join provider_sessions v on v.token_hash = s.token_hash
  where s.token_hash = p_token_hash and e.valid_from <= p_now and e.valid_to > p_now and coalesce(o.status, '') <> 'left'
    and not coalesce(case when e.org_id is null then v.central else e.org_id = any (v.orgs) end, false)
$$;
revoke all on function provider_session_beyond(bytea, timestamptz) from public;
grant execute on function provider_session_beyond(bytea, timestamptz) to hsoc_app, hsoc_engine;
