-- module: platform
-- The installation's secret may be changed: what is sealed says under which one (platform/seal.ts), and so does what is
-- kept as a keyed hash. Every column that holds sealed values says so in its comment; test/sealed.test.ts holds them
-- against the list by which `hsoc secrets rotate` goes.

comment on column totp.sealed is 'The shared secret, sealed (platform/seal.ts); null until a first code confirmed it';
comment on column totp.pending_sealed is 'A secret that waits for its first code, sealed (platform/seal.ts); the confirmed one stays good meanwhile';
comment on column deliveries.detail is 'What its letter is made of; where a link proves something its token stands in "sealed", sealed (platform/seal.ts)';
comment on column sensor_authority.sealed_key is 'Its private key, sealed (platform/seal.ts)';
grant update (sealed_key) on sensor_authority to hsoc_engine;

alter table recovery_codes add column key_id text;
comment on column recovery_codes.key_id is 'Names the secret under which it was hashed (keyIdOf in platform/seal.ts); null before secrets had names';

alter table sensors add column secret_key_id text;
comment on column sensors.secret_key_id is 'As of recovery_codes, for secret_hash: it follows the present secret when the sensor next shows its own';
