-- module: advisories
-- What vendors and authorities publish of weaknesses: where it comes from, what was taken of it in which version, and what was
-- refused. An advisory is public or labelled by its source; whom it concerns is somebody else's question.

create table advisory_sources (
  id            int generated always as identity primary key,
  kind          text not null check (kind in ('csaf-provider', 'csaf-directory', 'csaf-file', 'kev', 'feed', 'hand')),
  label         text not null check (length(label) between 2 and 100),
  url           text check (length(url) <= 1000),
  tlp           text not null check (tlp in ('AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  every_minutes int not null check (every_minutes between 5 and 10080),
  enabled       boolean not null default true,
  private_hosts text[] not null default '{}',
  openpgp_key   text check (length(openpgp_key) <= 100000),
  fingerprints  text[] not null default '{}',
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  due_at        timestamptz not null,
  claimed_until timestamptz not null default '-infinity',
  tried_at      timestamptz,
  succeeded_at  timestamptz,
  failed_at     timestamptz,
  failures      int not null default 0,
  failure       text,
  failure_said  text not null default '' check (length(failure_said) <= 500),
  etag          text check (length(etag) <= 500),
  modified      text check (length(modified) <= 100),
  edition       text check (length(edition) <= 100),
  check (kind in ('csaf-file', 'hand') or url is not null)
);
create unique index advisory_sources_label on advisory_sources (lower(label));
create unique index advisory_sources_hand on advisory_sources (kind) where kind = 'hand';
create index advisory_sources_due on advisory_sources (due_at) where enabled;
comment on column advisory_sources.kind is 'csaf-provider: provider-metadata.json and what it points to; csaf-directory: index.txt or changes.csv; csaf-file: one document, or files given by the operator when it has no address; hand: what coordinators write';
comment on column advisory_sources.tlp is 'Widest label that anything from here may bear; a document with a narrower one keeps it';
comment on column advisory_sources.private_hosts is 'Hosts in private networks that may be asked, and without TLS; only the operator sets them, at the terminal';
comment on column advisory_sources.openpgp_key is 'Public keys, armoured, by which signatures are judged where the source names none itself';
comment on column advisory_sources.fingerprints is 'Of the keys by which signatures were judged last';
comment on column advisory_sources.claimed_until is 'A node works on it until then; others leave it alone';
comment on column advisory_sources.failures is 'In a row, since it last succeeded; each makes the wait longer';
comment on column advisory_sources.failure is 'Why the last try failed, a word of locales (advisories.failure)';
comment on column advisory_sources.edition is 'Version of the catalogue that was taken last; an older one changes nothing';
comment on column advisory_sources.etag is 'Of the one document that a catalogue or feed consists of';

create table advisory_documents (
  source_id int not null references advisory_sources on delete cascade,
  url       text not null check (length(url) <= 2000),
  listed    text not null default '' check (length(listed) <= 100),
  etag      text check (length(etag) <= 500),
  modified  text check (length(modified) <= 100),
  at        timestamptz not null,
  primary key (source_id, url)
);
comment on table advisory_documents is 'What was fetched from where, so that only what changed is fetched again';
comment on column advisory_documents.listed is 'The time that the list of the source gave for it';

create table advisories (
  id             int generated always as identity primary key,
  source_id      int not null references advisory_sources,
  kind           text not null check (kind in ('csaf', 'kev', 'feed', 'hand')),
  namespace      text not null check (length(namespace) between 1 and 1000),
  tracking_id    text not null check (length(tracking_id) between 1 and 500),
  publisher      text not null,
  seq            int not null check (seq > 0),
  version        text not null,
  state          text not null check (state in ('draft', 'interim', 'final')),
  title          text not null,
  lang           text,
  tlp            text not null check (tlp in ('AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  readers        int[] not null,
  level          smallint check (level between 0 and 4),
  score          numeric(3, 1),
  says_exploited boolean not null,
  kev            boolean not null default false,
  exploited      boolean not null generated always as (says_exploited or kev) stored,
  severity       smallint generated always as (case when says_exploited or kev then greatest(coalesce(level, 0), 3) else level end) stored,
  due_on         date,
  patient_safety boolean not null,
  cves           text[] not null default '{}',
  words          text not null,
  flags          text[] not null default '{}',
  covering_id     int references advisories,
  content_hash   text not null,
  released_at    timestamptz not null,
  revised_at     timestamptz not null,
  taken_at       timestamptz not null,
  changed_at     timestamptz not null,
  shown_at       timestamptz not null generated always as (least(revised_at, changed_at)) stored,
  unique (namespace, tracking_id)
);
create index advisories_shown on advisories (shown_at desc, id desc);
create index advisories_cves on advisories using gin (cves);
comment on table advisories is 'The present version of each advisory; earlier ones are in advisory_versions';
comment on column advisories.namespace is 'Of its publisher; with tracking_id it is the same advisory in all its versions';
comment on column advisories.seq is 'Which version it is here, from 1; version is what the publisher calls it';
comment on column advisories.level is 'By the highest score, or the publisher''s word, 0 to 4; null where nothing says';
comment on column advisories.severity is 'The level, and at least 3 where it is exploited; null where nothing says';
comment on column advisories.says_exploited is 'The document itself says that it is exploited';
comment on column advisories.kev is 'One of its CVE stands in the catalogue of exploited vulnerabilities';
comment on column advisories.due_on is 'Earliest date of that catalogue by which it is to be dealt with';
comment on column advisories.flags is 'What a reader should mind (advisories.flag)';
comment on column advisories.shown_at is 'By which lists are ordered: a date of the publisher that has not come yet brings nothing to the top';
comment on column advisories.covering_id is 'Of an entry of the catalogue: the CSAF advisory that says more of the same CVE, and that the same people may read';
comment on column advisories.words is 'What the search looks through, in small letters';

create table advisory_versions (
  id           int generated always as identity primary key,
  advisory_id  int not null references advisories,
  seq          int not null,
  version      text not null,
  tlp          text not null,
  content      jsonb not null,
  content_hash text not null,
  document     bytea,
  url          text not null default '',
  signature    text not null check (signature in ('good', 'none', 'unchecked')),
  hash_checked boolean not null,
  flags        text[] not null default '{}',
  revised_at   timestamptz not null,
  taken_at     timestamptz not null,
  unique (advisory_id, seq)
);
comment on column advisory_versions.content is 'What was understood of it (src/modules/advisories/content.ts)';
comment on column advisory_versions.document is 'As it came; null where it was one entry of a list, or written here';

create table advisory_products (
  id          int generated always as identity primary key,
  advisory_id int not null references advisories,
  status      text not null check (status in ('known_affected', 'fixed', 'under_investigation', 'known_not_affected')),
  vendor      text not null,
  product     text not null,
  versions    text not null,
  cpe         text,
  purl        text,
  name        text not null,
  refs        text[] not null,
  cves        text[] not null
);
create index advisory_products_advisory on advisory_products (advisory_id, id);
create index advisory_products_names on advisory_products (lower(vendor), lower(product));
comment on table advisory_products is 'Products of the present version, one row for each status; what assets are matched with';
comment on column advisory_products.versions is 'As written; empty where nothing was said';
comment on column advisory_products.refs is 'How the document calls it, for its remedies';
comment on column advisory_products.cves is 'Vulnerabilities for which the status holds';

create table advisory_quarantine (
  id         int generated always as identity primary key,
  source_id  int not null references advisory_sources,
  url        text not null,
  reason     text not null,
  said       text not null default '' check (length(said) <= 2000),
  document   bytea,
  sha256     text not null,
  at         timestamptz not null,
  decided_at timestamptz,
  decision   text check (decision in ('taken', 'discarded')),
  as_tlp     text check (as_tlp in ('AMBER+STRICT', 'AMBER', 'GREEN', 'CLEAR')),
  done_at    timestamptz,
  check ((decided_at is null) = (decision is null))
);
create unique index advisory_quarantine_once on advisory_quarantine (source_id, url, sha256, reason);
comment on table advisory_quarantine is 'Documents that were not taken, with the reason; a coordinator may take one all the same';
comment on column advisory_quarantine.reason is 'A word of locales (advisories.refused)';
comment on column advisory_quarantine.as_tlp is 'Label that the coordinator gave it, where it had none';
comment on column advisory_quarantine.done_at is 'When the program did what was decided';
comment on column advisory_quarantine.document is 'Null where it was too large to keep, or labelled for named persons only';

create table kev_entries (
  cve        text primary key,
  source_id  int not null references advisory_sources,
  vendor     text not null,
  product    text not null,
  name       text not null,
  added_on   date not null,
  due_on     date,
  ransomware boolean not null,
  seen_at    timestamptz not null,
  gone_at    timestamptz
);
comment on table kev_entries is 'The catalogue of known exploited vulnerabilities (CISA)';
comment on column kev_entries.gone_at is 'When it was no longer in the catalogue';

-- Who may -----------------------------------------------------------------------------------------

do $$
declare t text;
begin
  foreach t in array array['advisory_sources', 'advisory_documents', 'advisories', 'advisory_versions', 'advisory_products', 'advisory_quarantine', 'kev_entries'] loop
    execute format('alter table %I enable row level security', t);
    execute format('grant select on %I to hsoc_app', t);
    execute format('grant select, insert, update, delete on %I to hsoc_engine', t);
    execute format('create policy engine_all on %I to hsoc_engine using (true) with check (true)', t);
  end loop;
  foreach t in array array['advisory_sources', 'advisories', 'advisory_versions', 'advisory_products', 'advisory_quarantine'] loop
    execute format('create policy app_adds on %I for insert to hsoc_app with check ((select actor_coordinates()))', t);
  end loop;
  foreach t in array array['advisory_sources', 'advisories', 'advisory_quarantine'] loop
    execute format('create policy app_changes on %I for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()))', t);
  end loop;
end $$;

create policy app_reads on advisory_sources for select to hsoc_app using ((select actor_coordinates()));
grant insert (kind, label, url, tlp, every_minutes, openpgp_key, created_at, changed_at, due_at) on advisory_sources to hsoc_app;
grant update (label, url, tlp, every_minutes, enabled, openpgp_key, changed_at, due_at, etag, modified) on advisory_sources to hsoc_app;
create policy app_reads on advisory_documents for select to hsoc_app using ((select actor_coordinates()));
create policy app_reads on advisory_quarantine for select to hsoc_app using ((select actor_coordinates()));
grant insert on advisory_quarantine to hsoc_app;
grant update (decided_at, decision, as_tlp) on advisory_quarantine to hsoc_app;

create policy app_reads on advisories for select to hsoc_app using (readers && (select actor_scopes()));
grant insert, update on advisories to hsoc_app;
create policy app_reads on advisory_versions for select to hsoc_app
  using (exists (select 1 from advisories a where a.id = advisory_id));
grant insert on advisory_versions to hsoc_app;
create policy app_reads on advisory_products for select to hsoc_app
  using (exists (select 1 from advisories a where a.id = advisory_id));
create policy app_renews on advisory_products for delete to hsoc_app using ((select actor_coordinates()));
grant insert, delete on advisory_products to hsoc_app;
-- The catalogue is public.
create policy app_reads on kev_entries for select to hsoc_app using (1 = any ((select actor_scopes())::int[]));

-- The names of sources, for whoever may read what comes from there; addresses and failures are the coordinators'.
create function advisory_source_names() returns table (id int, label text, kind text)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.id, s.label, s.kind from advisory_sources s
  where exists (select 1 from advisories a where a.source_id = s.id and a.readers && (select actor_scopes()))
$$;
revoke all on function advisory_source_names() from public;
grant execute on function advisory_source_names() to hsoc_app, hsoc_engine;
