-- module: platform

-- What a session was proved with decides how far it reaches; see src/platform/strength.ts.
alter table sessions add column ways text[] not null default '{password}';
alter table sessions add column proved_at timestamptz;
comment on column sessions.ways is 'What the holder proved to be who they are: password, totp, recovery, passkey';
comment on column sessions.proved_at is 'When that was last proved; null: when the session began';
grant select (ways, proved_at) on sessions to hsoc_app;

-- module: members

create table totp (
  person_id      int primary key references people,
  sealed         text,
  confirmed_at   timestamptz,
  last_step      bigint,
  pending_sealed text,
  pending_at     timestamptz,
  check ((sealed is null) = (confirmed_at is null))
);
comment on column totp.sealed is 'The shared secret under the installation''s key (platform/seal.ts); null until a first code confirmed it';
comment on column totp.last_step is 'Time step (30 s since 1970) of the last code taken: it and earlier ones are refused';
comment on column totp.pending_sealed is 'A secret that waits for its first code; the confirmed one stays good meanwhile';

create table recovery_codes (
  person_id  int not null references people,
  hash       bytea not null,
  created_at timestamptz not null,
  used_at    timestamptz,
  primary key (person_id, hash)
);
comment on column recovery_codes.hash is 'HMAC-SHA-256 of the code under the installation''s secret';

create table passkeys (
  id            int generated always as identity primary key,
  person_id     int not null references people,
  credential_id text not null unique,
  public_key    bytea not null,
  counter       bigint not null,
  transports    text[] not null default '{}',
  name          text not null,
  backed_up     boolean not null,
  created_at    timestamptz not null,
  used_at       timestamptz
);
create index passkeys_person on passkeys (person_id);
comment on column passkeys.credential_id is 'base64url, as the authenticator named it';
comment on column passkeys.public_key is 'COSE';
comment on column passkeys.counter is 'Signatures that the authenticator said it had made; going back means a copy';
comment on column passkeys.backed_up is 'Kept by a provider on several devices, as the authenticator says';

-- Challenges prove themselves; only those that somebody used well are kept, so that none is used twice.
create table used_challenges (
  hash       bytea primary key,
  expires_at timestamptz not null
);

alter table totp enable row level security;
alter table recovery_codes enable row level security;
alter table passkeys enable row level security;
alter table used_challenges enable row level security;

-- One sees that one's own means exist; what proves them stays with the engine.
grant select (person_id, confirmed_at) on totp to hsoc_app;
grant select (person_id, created_at, used_at) on recovery_codes to hsoc_app;
grant select (id, person_id, name, backed_up, created_at, used_at) on passkeys to hsoc_app;
grant select, insert, update, delete on totp, recovery_codes, passkeys, used_challenges to hsoc_engine;

create policy app_reads on totp for select to hsoc_app using (person_id = (select actor_person()));
create policy app_reads on recovery_codes for select to hsoc_app using (person_id = (select actor_person()));
create policy app_reads on passkeys for select to hsoc_app using (person_id = (select actor_person()));
create policy engine_all on totp to hsoc_engine using (true) with check (true);
create policy engine_all on recovery_codes to hsoc_engine using (true) with check (true);
create policy engine_all on passkeys to hsoc_engine using (true) with check (true);
create policy engine_all on used_challenges to hsoc_engine using (true) with check (true);

-- As in 0002, and besides: what the session was proved with and when, and whether the person has a second means at all.
drop function session_person(bytea, timestamptz);
create function session_person(p_token_hash bytea, p_now timestamptz)
returns table (person_id int, email text, name text, language text, csrf text, engagements jsonb, ways text[], proved_at timestamptz, has_second boolean)
language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, p.email, p.name, p.language, s.csrf,
    coalesce((select jsonb_agg(jsonb_build_object('org_id', e.org_id, 'org_name', o.name, 'role', e.role) order by o.name, e.role)
      from engagements e left join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.valid_from <= p_now and e.valid_to > p_now
        and (o.id is null or o.status <> 'left')), '[]'),
    s.ways, coalesce(s.proved_at, s.created_at),
    exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
      or exists (select 1 from passkeys k where k.person_id = p.id)
  from sessions s join people p on p.id = s.person_id
  where s.token_hash = p_token_hash and s.expires_at > p_now and p.disabled_at is null
$$;
revoke all on function session_person(bytea, timestamptz) from public;
grant execute on function session_person(bytea, timestamptz) to hsoc_app, hsoc_engine;
