-- module: events
-- Sensors are certified here: a token for one sensor becomes a certificate for the key that the sensor's machine made.

create table sensor_authority (
  id         int primary key check (id = 1),
  cert       text not null,
  sealed_key text not null,
  made_at    timestamptz not null
);
comment on table sensor_authority is 'Our own authority for sensors'' certificates, one for all nodes; not used where the operator names another by files';
comment on column sensor_authority.sealed_key is 'Its private key under the installation''s secret (platform/seal.ts)';

create table sensor_enrolments (
  id           int generated always as identity primary key,
  token_hash   bytea not null unique,
  sensor_id    int not null references sensors,
  made_at      timestamptz not null,
  made_by      int references people,
  expires_at   timestamptz not null,
  used_at      timestamptz,
  withdrawn_at timestamptz,
  check (used_at is null or withdrawn_at is null)
);
comment on table sensor_enrolments is 'Tokens by which a sensor''s machine gets its certificate: shown once, good once, for one sensor, at most one waiting for each';
comment on column sensor_enrolments.made_by is 'Null: at the terminal of the server';
create unique index sensor_enrolments_waiting on sensor_enrolments (sensor_id) where used_at is null and withdrawn_at is null;

create table sensor_certificates (
  fingerprint bytea primary key,
  sensor_id   int not null references sensors,
  authority   bytea not null,
  serial      text not null,
  via         text not null check (via in ('enrolment', 'renewal', 'terminal')),
  issued_at   timestamptz not null,
  not_after   timestamptz not null,
  revoked_at  timestamptz,
  revoked_by  int references people,
  reminded_at timestamptz
);
comment on column sensor_certificates.fingerprint is 'SHA-256 of the certificate';
comment on column sensor_certificates.authority is 'SHA-256 of the certificate of who signed it: each authority lists its own revoked ones';
comment on column sensor_certificates.reminded_at is 'When the owner was last told that it ends';
create index sensor_certificates_sensor on sensor_certificates (sensor_id, not_after);

alter table sensors add column listed_only boolean not null default false;
comment on column sensors.listed_only is 'Set when its certificates are revoked: from then on only those given afterwards count, whatever else a trusted authority has signed for it';

alter table sensor_authority enable row level security;
alter table sensor_enrolments enable row level security;
alter table sensor_certificates enable row level security;
grant select, insert on sensor_authority to hsoc_engine;
grant select, insert, update on sensor_enrolments, sensor_certificates to hsoc_engine;
grant select (id, sensor_id, made_at, made_by, expires_at, used_at, withdrawn_at) on sensor_enrolments to hsoc_app;
grant insert on sensor_enrolments to hsoc_app;
grant update (withdrawn_at) on sensor_enrolments to hsoc_app;
grant select on sensor_certificates to hsoc_app;
grant update (revoked_at, revoked_by) on sensor_certificates to hsoc_app;
grant update (listed_only) on sensors to hsoc_app;

create policy engine_all on sensor_authority to hsoc_engine using (true) with check (true);
create policy engine_all on sensor_enrolments to hsoc_engine using (true) with check (true);
create policy engine_all on sensor_certificates to hsoc_engine using (true) with check (true);

-- Whose sensor it is; operators see that it is there, and manage none.
create function actor_owns_sensor(p_sensor int) returns boolean language sql stable as $$
  select exists (select 1 from sensors s where s.id = p_sensor and (s.org_id = any (actor_orgs()) or actor_coordinates()))
$$;
create policy app_reads on sensor_enrolments for select to hsoc_app using (actor_owns_sensor(sensor_id));
create policy app_offers on sensor_enrolments for insert to hsoc_app
  with check (actor_owns_sensor(sensor_id) and made_by is not distinct from (select actor_person()) and used_at is null);
create policy app_withdraws on sensor_enrolments for update to hsoc_app
  using (actor_owns_sensor(sensor_id)) with check (actor_owns_sensor(sensor_id));
create policy app_reads on sensor_certificates for select to hsoc_app
  using (actor_owns_sensor(sensor_id) or (select actor_operates()));
create policy app_revokes on sensor_certificates for update to hsoc_app
  using (actor_owns_sensor(sensor_id)) with check (actor_owns_sensor(sensor_id) and revoked_at is not null);
create policy app_revokes on sensors for update to hsoc_app
  using (actor_owns_sensor(id)) with check (actor_owns_sensor(id) and listed_only);
