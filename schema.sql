-- Generated from the migrations; `UPDATE_SCHEMA=1` with test/schema.test.ts writes it anew.

create sequence batch_ids;

create sequence event_serials;

create sequence warning_numbers;

create table action_links (
  token_hash bytea not null,
  delivery_id bigint not null,
  warning_id bigint not null,
  person_id integer not null,
  actions text[] not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint action_links_pkey PRIMARY KEY (token_hash),
  constraint action_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint action_links_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE
);
CREATE INDEX action_links_warning ON public.action_links USING btree (warning_id);
comment on column action_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';
alter table action_links enable row level security;
create policy engine_all on action_links for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on action_links to hsoc_engine;

create table advisories (
  id integer generated always as identity not null,
  source_id integer not null,
  kind text not null,
  namespace text not null,
  tracking_id text not null,
  publisher text not null,
  seq integer not null,
  version text not null,
  state text not null,
  title text not null,
  lang text,
  tlp text not null,
  readers integer[] not null,
  level smallint,
  score numeric(3,1),
  says_exploited boolean not null,
  kev boolean default false not null,
  exploited boolean default (says_exploited OR kev) not null,
  severity smallint default 
CASE
    WHEN (says_exploited OR kev) THEN GREATEST(COALESCE((level)::integer, 0), 3)
    ELSE (level)::integer
END,
  due_on date,
  patient_safety boolean not null,
  cves text[] default '{}'::text[] not null,
  words text not null,
  flags text[] default '{}'::text[] not null,
  covering_id integer,
  content_hash text not null,
  released_at timestamp with time zone not null,
  revised_at timestamp with time zone not null,
  taken_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  shown_at timestamp with time zone default LEAST(revised_at, changed_at) not null,
  constraint advisories_pkey PRIMARY KEY (id),
  constraint advisories_covering_id_fkey FOREIGN KEY (covering_id) REFERENCES advisories(id),
  constraint advisories_kind_check CHECK ((kind = ANY (ARRAY['csaf'::text, 'kev'::text, 'feed'::text, 'hand'::text]))),
  constraint advisories_level_check CHECK (((level >= 0) AND (level <= 4))),
  constraint advisories_namespace_check CHECK (((length(namespace) >= 1) AND (length(namespace) <= 1000))),
  constraint advisories_namespace_tracking_id_key UNIQUE (namespace, tracking_id),
  constraint advisories_seq_check CHECK ((seq > 0)),
  constraint advisories_source_id_fkey FOREIGN KEY (source_id) REFERENCES advisory_sources(id),
  constraint advisories_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'interim'::text, 'final'::text]))),
  constraint advisories_tlp_check CHECK ((tlp = ANY (ARRAY['AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint advisories_tracking_id_check CHECK (((length(tracking_id) >= 1) AND (length(tracking_id) <= 500)))
);
CREATE INDEX advisories_cves ON public.advisories USING gin (cves);
CREATE INDEX advisories_shown ON public.advisories USING btree (shown_at DESC, id DESC);
comment on table advisories is 'The present version of each advisory; earlier ones are in advisory_versions';
comment on column advisories.namespace is 'Of its publisher; with tracking_id it is the same advisory in all its versions';
comment on column advisories.seq is 'Which version it is here, from 1; version is what the publisher calls it';
comment on column advisories.level is 'By the highest score, or the publisher''s word, 0 to 4; null where nothing says';
comment on column advisories.says_exploited is 'The document itself says that it is exploited';
comment on column advisories.kev is 'One of its CVE stands in the catalogue of exploited vulnerabilities';
comment on column advisories.severity is 'The level, and at least 3 where it is exploited; null where nothing says';
comment on column advisories.due_on is 'Earliest date of that catalogue by which it is to be dealt with';
comment on column advisories.words is 'What the search looks through, in small letters';
comment on column advisories.flags is 'What a reader should mind (advisories.flag)';
comment on column advisories.covering_id is 'Of an entry of the catalogue: the CSAF advisory that says more of the same CVE, and that the same people may read';
comment on column advisories.shown_at is 'By which lists are ordered: a date of the publisher that has not come yet brings nothing to the top';
alter table advisories enable row level security;
create policy app_adds on advisories for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on advisories for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on advisories for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on advisories for all to hsoc_engine using (true) with check (true);
grant insert, select, update on advisories to hsoc_app;
grant delete, insert, select, update on advisories to hsoc_engine;

create table advisory_confirmations (
  advisory_id integer not null,
  seq integer not null,
  written_by integer,
  written_at timestamp with time zone not null,
  told_at timestamp with time zone,
  confirmed_by integer,
  confirmed_at timestamp with time zone,
  constraint advisory_confirmations_pkey PRIMARY KEY (advisory_id, seq),
  constraint advisory_confirmations_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint advisory_confirmations_check CHECK (((confirmed_by IS NULL) = (confirmed_at IS NULL))),
  constraint advisory_confirmations_check1 CHECK (((confirmed_by IS DISTINCT FROM written_by) OR (confirmed_by IS NULL))),
  constraint advisory_confirmations_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES people(id),
  constraint advisory_confirmations_written_by_fkey FOREIGN KEY (written_by) REFERENCES people(id)
);
CREATE UNIQUE INDEX advisory_confirmations_waiting ON public.advisory_confirmations USING btree (advisory_id) WHERE (confirmed_at IS NULL);
comment on table advisory_confirmations is 'Versions of advisories that wait, or waited, for another coordinator than the one who wrote them';
comment on column advisory_confirmations.written_by is 'Null for what the operator brought as a file';
comment on column advisory_confirmations.told_at is 'When coordinators were written to that it waits';
alter table advisory_confirmations enable row level security;
create policy app_adds on advisory_confirmations for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (written_by = ( SELECT actor_person() AS actor_person))));
create policy app_changes on advisory_confirmations for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (confirmed_at IS NULL))) with check (
CASE
    WHEN (confirmed_at IS NULL) THEN (written_by = ( SELECT actor_person() AS actor_person))
    ELSE (confirmed_by = ( SELECT actor_person() AS actor_person))
END);
create policy app_reads on advisory_confirmations for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_confirmations for all to hsoc_engine using (true) with check (true);
grant select on advisory_confirmations to hsoc_app;
grant delete, insert, select, update on advisory_confirmations to hsoc_engine;
grant insert (advisory_id, seq, written_at, written_by) on advisory_confirmations to hsoc_app;
grant update (confirmed_at, confirmed_by, written_at, written_by) on advisory_confirmations to hsoc_app;

create table advisory_documents (
  source_id integer not null,
  url text not null,
  listed text default ''::text not null,
  etag text,
  modified text,
  at timestamp with time zone not null,
  constraint advisory_documents_pkey PRIMARY KEY (source_id, url),
  constraint advisory_documents_etag_check CHECK ((length(etag) <= 500)),
  constraint advisory_documents_listed_check CHECK ((length(listed) <= 100)),
  constraint advisory_documents_modified_check CHECK ((length(modified) <= 100)),
  constraint advisory_documents_source_id_fkey FOREIGN KEY (source_id) REFERENCES advisory_sources(id) ON DELETE CASCADE,
  constraint advisory_documents_url_check CHECK ((length(url) <= 2000))
);
comment on table advisory_documents is 'What was fetched from where, so that only what changed is fetched again';
comment on column advisory_documents.listed is 'The time that the list of the source gave for it';
alter table advisory_documents enable row level security;
create policy app_reads on advisory_documents for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_documents for all to hsoc_engine using (true) with check (true);
grant select on advisory_documents to hsoc_app;
grant delete, insert, select, update on advisory_documents to hsoc_engine;

create table advisory_products (
  id integer generated always as identity not null,
  advisory_id integer not null,
  status text not null,
  vendor text not null,
  product text not null,
  versions text not null,
  cpe text,
  purl text,
  name text not null,
  refs text[] not null,
  cves text[] not null,
  constraint advisory_products_pkey PRIMARY KEY (id),
  constraint advisory_products_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint advisory_products_status_check CHECK ((status = ANY (ARRAY['known_affected'::text, 'fixed'::text, 'under_investigation'::text, 'known_not_affected'::text])))
);
CREATE INDEX advisory_products_advisory ON public.advisory_products USING btree (advisory_id, id);
CREATE INDEX advisory_products_names ON public.advisory_products USING btree (lower(vendor), lower(product));
comment on table advisory_products is 'Products of the present version, one row for each status; what assets are matched with';
comment on column advisory_products.versions is 'As written; empty where nothing was said';
comment on column advisory_products.refs is 'How the document calls it, for its remedies';
comment on column advisory_products.cves is 'Vulnerabilities for which the status holds';
alter table advisory_products enable row level security;
create policy app_adds on advisory_products for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on advisory_products for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM advisories a
  WHERE (a.id = advisory_products.advisory_id))));
create policy app_renews on advisory_products for delete to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_products for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on advisory_products to hsoc_app;
grant delete, insert, select, update on advisory_products to hsoc_engine;

create table advisory_quarantine (
  id integer generated always as identity not null,
  source_id integer not null,
  url text not null,
  reason text not null,
  said text default ''::text not null,
  document bytea,
  sha256 text not null,
  at timestamp with time zone not null,
  decided_at timestamp with time zone,
  decision text,
  as_tlp text,
  done_at timestamp with time zone,
  decided_by integer,
  constraint advisory_quarantine_pkey PRIMARY KEY (id),
  constraint advisory_quarantine_as_tlp_check CHECK ((as_tlp = ANY (ARRAY['AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint advisory_quarantine_check CHECK (((decided_at IS NULL) = (decision IS NULL))),
  constraint advisory_quarantine_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES people(id),
  constraint advisory_quarantine_decision_check CHECK ((decision = ANY (ARRAY['taken'::text, 'discarded'::text]))),
  constraint advisory_quarantine_said_check CHECK ((length(said) <= 2000)),
  constraint advisory_quarantine_source_id_fkey FOREIGN KEY (source_id) REFERENCES advisory_sources(id)
);
CREATE UNIQUE INDEX advisory_quarantine_once ON public.advisory_quarantine USING btree (source_id, url, sha256, reason);
comment on table advisory_quarantine is 'Documents that were not taken, with the reason; a coordinator may take one all the same';
comment on column advisory_quarantine.reason is 'A word of locales (advisories.refused)';
comment on column advisory_quarantine.document is 'Null where it was too large to keep, or labelled for named persons only';
comment on column advisory_quarantine.as_tlp is 'Label that the coordinator gave it, where it had none';
comment on column advisory_quarantine.done_at is 'When the program did what was decided';
comment on column advisory_quarantine.decided_by is 'Null also for what was decided before this was kept';
alter table advisory_quarantine enable row level security;
create policy app_adds on advisory_quarantine for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on advisory_quarantine for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on advisory_quarantine for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_quarantine for all to hsoc_engine using (true) with check (true);
grant insert, select on advisory_quarantine to hsoc_app;
grant delete, insert, select, update on advisory_quarantine to hsoc_engine;
grant update (as_tlp, decided_at, decided_by, decision) on advisory_quarantine to hsoc_app;

create table advisory_source_confirmations (
  id integer generated always as identity not null,
  source_id integer not null,
  asked_by integer not null,
  asked_at timestamp with time zone not null,
  told_at timestamp with time zone,
  confirmed_by integer,
  confirmed_at timestamp with time zone,
  constraint advisory_source_confirmations_pkey PRIMARY KEY (id),
  constraint advisory_source_confirmations_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES people(id),
  constraint advisory_source_confirmations_check CHECK (((confirmed_by IS NULL) = (confirmed_at IS NULL))),
  constraint advisory_source_confirmations_check1 CHECK ((confirmed_by IS DISTINCT FROM asked_by)),
  constraint advisory_source_confirmations_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES people(id),
  constraint advisory_source_confirmations_source_id_fkey FOREIGN KEY (source_id) REFERENCES advisory_sources(id)
);
CREATE UNIQUE INDEX advisory_source_confirmations_waiting ON public.advisory_source_confirmations USING btree (source_id) WHERE (confirmed_at IS NULL);
comment on table advisory_source_confirmations is 'Sources that wait, or waited, for another coordinator than the one who added or last changed them';
comment on column advisory_source_confirmations.told_at is 'When coordinators were written to that it waits';
alter table advisory_source_confirmations enable row level security;
create policy app_adds on advisory_source_confirmations for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (asked_by = ( SELECT actor_person() AS actor_person))));
create policy app_changes on advisory_source_confirmations for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (confirmed_at IS NULL))) with check (
CASE
    WHEN (confirmed_at IS NULL) THEN (asked_by = ( SELECT actor_person() AS actor_person))
    ELSE (confirmed_by = ( SELECT actor_person() AS actor_person))
END);
create policy app_reads on advisory_source_confirmations for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_source_confirmations for all to hsoc_engine using (true) with check (true);
grant select on advisory_source_confirmations to hsoc_app;
grant delete, insert, select, update on advisory_source_confirmations to hsoc_engine;
grant insert (asked_at, asked_by, source_id) on advisory_source_confirmations to hsoc_app;
grant update (asked_at, asked_by, confirmed_at, confirmed_by, told_at) on advisory_source_confirmations to hsoc_app;

create table advisory_sources (
  id integer generated always as identity not null,
  kind text not null,
  label text not null,
  url text,
  tlp text not null,
  every_minutes integer not null,
  enabled boolean default true not null,
  private_hosts text[] default '{}'::text[] not null,
  openpgp_key text,
  fingerprints text[] default '{}'::text[] not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  claimed_until timestamp with time zone default '-infinity'::timestamp with time zone not null,
  tried_at timestamp with time zone,
  succeeded_at timestamp with time zone,
  failed_at timestamp with time zone,
  failures integer default 0 not null,
  failure text,
  failure_said text default ''::text not null,
  etag text,
  modified text,
  edition text,
  constraint advisory_sources_pkey PRIMARY KEY (id),
  constraint advisory_sources_check CHECK (((kind = ANY (ARRAY['csaf-file'::text, 'hand'::text])) OR (url IS NOT NULL))),
  constraint advisory_sources_edition_check CHECK ((length(edition) <= 100)),
  constraint advisory_sources_etag_check CHECK ((length(etag) <= 500)),
  constraint advisory_sources_every_minutes_check CHECK (((every_minutes >= 5) AND (every_minutes <= 10080))),
  constraint advisory_sources_failure_said_check CHECK ((length(failure_said) <= 500)),
  constraint advisory_sources_kind_check CHECK ((kind = ANY (ARRAY['csaf-provider'::text, 'csaf-directory'::text, 'csaf-file'::text, 'kev'::text, 'feed'::text, 'hand'::text]))),
  constraint advisory_sources_label_check CHECK (((length(label) >= 2) AND (length(label) <= 100))),
  constraint advisory_sources_modified_check CHECK ((length(modified) <= 100)),
  constraint advisory_sources_openpgp_key_check CHECK ((length(openpgp_key) <= 100000)),
  constraint advisory_sources_tlp_check CHECK ((tlp = ANY (ARRAY['AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint advisory_sources_url_check CHECK ((length(url) <= 1000))
);
CREATE INDEX advisory_sources_due ON public.advisory_sources USING btree (due_at) WHERE enabled;
CREATE UNIQUE INDEX advisory_sources_hand ON public.advisory_sources USING btree (kind) WHERE (kind = 'hand'::text);
CREATE UNIQUE INDEX advisory_sources_label ON public.advisory_sources USING btree (lower(label));
comment on column advisory_sources.kind is 'csaf-provider: provider-metadata.json and what it points to; csaf-directory: index.txt or changes.csv; csaf-file: one document, or files given by the operator when it has no address; hand: what coordinators write';
comment on column advisory_sources.tlp is 'Widest label that anything from here may bear; a document with a narrower one keeps it';
comment on column advisory_sources.private_hosts is 'Hosts in private networks that may be asked, and without TLS; only the operator sets them, at the terminal';
comment on column advisory_sources.openpgp_key is 'Public keys, armoured, by which signatures are judged where the source names none itself';
comment on column advisory_sources.fingerprints is 'Of the keys by which signatures were judged last';
comment on column advisory_sources.claimed_until is 'A node works on it until then; others leave it alone';
comment on column advisory_sources.failures is 'In a row, since it last succeeded; each makes the wait longer';
comment on column advisory_sources.failure is 'Why the last try failed, a word of locales (advisories.failure)';
comment on column advisory_sources.etag is 'Of the one document that a catalogue or feed consists of';
comment on column advisory_sources.edition is 'Version of the catalogue that was taken last; an older one changes nothing';
alter table advisory_sources enable row level security;
create policy app_adds on advisory_sources for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on advisory_sources for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on advisory_sources for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on advisory_sources for all to hsoc_engine using (true) with check (true);
grant select on advisory_sources to hsoc_app;
grant delete, insert, select, update on advisory_sources to hsoc_engine;
grant insert (changed_at, created_at, due_at, every_minutes, kind, label, openpgp_key, tlp, url) on advisory_sources to hsoc_app;
grant update (changed_at, due_at, enabled, etag, every_minutes, label, modified, openpgp_key, tlp, url) on advisory_sources to hsoc_app;

create table advisory_versions (
  id integer generated always as identity not null,
  advisory_id integer not null,
  seq integer not null,
  version text not null,
  tlp text not null,
  content jsonb not null,
  content_hash text not null,
  document bytea,
  url text default ''::text not null,
  signature text not null,
  hash_checked boolean not null,
  flags text[] default '{}'::text[] not null,
  revised_at timestamp with time zone not null,
  taken_at timestamp with time zone not null,
  constraint advisory_versions_pkey PRIMARY KEY (id),
  constraint advisory_versions_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint advisory_versions_advisory_id_seq_key UNIQUE (advisory_id, seq),
  constraint advisory_versions_signature_check CHECK ((signature = ANY (ARRAY['good'::text, 'none'::text, 'unchecked'::text])))
);
comment on column advisory_versions.content is 'What was understood of it (src/modules/advisories/content.ts)';
comment on column advisory_versions.document is 'As it came; null where it was one entry of a list, or written here';
alter table advisory_versions enable row level security;
create policy app_adds on advisory_versions for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on advisory_versions for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM advisories a
  WHERE ((a.id = advisory_versions.advisory_id) AND ((a.seq >= advisory_versions.seq) OR ( SELECT actor_coordinates() AS actor_coordinates))))));
create policy app_renews on advisory_versions for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM advisory_confirmations c
  WHERE ((c.advisory_id = advisory_versions.advisory_id) AND (c.seq = advisory_versions.seq) AND (c.confirmed_at IS NULL))))));
create policy engine_all on advisory_versions for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on advisory_versions to hsoc_app;
grant delete, insert, select, update on advisory_versions to hsoc_engine;

create table announced_tests (
  id integer generated always as identity not null,
  org_id integer not null,
  net_from inet not null,
  net_to inet not null,
  text text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  note text default ''::text not null,
  announced_by integer not null,
  announced_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint announced_tests_pkey PRIMARY KEY (id),
  constraint announced_tests_announced_by_fkey FOREIGN KEY (announced_by) REFERENCES people(id),
  constraint announced_tests_check CHECK ((ends_at > starts_at)),
  constraint announced_tests_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX announced_tests_org ON public.announced_tests USING btree (org_id, ends_at);
alter table announced_tests enable row level security;
create policy app_changes on announced_tests for update to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))) with check ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy app_reads on announced_tests for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy app_writes on announced_tests for insert to hsoc_app with check (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (announced_by = ( SELECT actor_person() AS actor_person))));
create policy engine_all on announced_tests for all to hsoc_engine using (true) with check (true);
grant insert, select on announced_tests to hsoc_app;
grant delete, insert, select, update on announced_tests to hsoc_engine;
grant update (withdrawn_at) on announced_tests to hsoc_app;

create table answers (
  id bigint generated always as identity not null,
  warning_id bigint not null,
  org_id integer,
  person_id integer not null,
  answer text not null,
  counted boolean not null,
  via text not null,
  note text,
  at timestamp with time zone not null,
  constraint answers_pkey PRIMARY KEY (id),
  constraint answers_answer_check CHECK ((answer = ANY (ARRAY['seen'::text, 'working'::text, 'done'::text, 'not_affected'::text, 'false_alarm'::text]))),
  constraint answers_via_check CHECK ((via = ANY (ARRAY['page'::text, 'mail'::text, 'sms'::text, 'coordinator'::text]))),
  constraint answers_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE
);
CREATE INDEX answers_warning ON public.answers USING btree (warning_id, at);
comment on column answers.counted is 'False when the rights or the state at that moment did not let it change the warning (a later seen never undoes done)';
alter table answers enable row level security;
create policy app_reads on answers for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM warnings w
  WHERE (w.id = answers.warning_id))));
create policy app_writes on answers for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM warnings w
  WHERE (w.id = answers.warning_id)))));
create policy engine_all on answers for all to hsoc_engine using (true) with check (true);
grant insert, select on answers to hsoc_app;
grant delete, insert, select, update on answers to hsoc_engine;

create table api_key_minutes (
  key_id integer not null,
  minute timestamp with time zone not null,
  n integer not null,
  constraint api_key_minutes_pkey PRIMARY KEY (key_id, minute),
  constraint api_key_minutes_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id)
);
comment on table api_key_minutes is 'Requests of a key in a minute on all nodes, for its limit';
alter table api_key_minutes enable row level security;
create policy engine_all on api_key_minutes for all to hsoc_engine using (true) with check (true);
grant delete, select on api_key_minutes to hsoc_engine;

create table api_key_uses (
  key_id integer not null,
  on_day date not null,
  route text not null,
  uses integer not null,
  constraint api_key_uses_pkey PRIMARY KEY (key_id, on_day, route),
  constraint api_key_uses_key_id_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id)
);
comment on table api_key_uses is 'Which key read by which door on which day (UTC), and how often';
alter table api_key_uses enable row level security;
create policy app_reads on api_key_uses for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM api_keys k
  WHERE (k.id = api_key_uses.key_id))));
create policy engine_all on api_key_uses for all to hsoc_engine using (true) with check (true);
grant select on api_key_uses to hsoc_app;
grant delete, select on api_key_uses to hsoc_engine;

create table api_keys (
  id integer generated always as identity not null,
  key_hash bytea not null,
  org_id integer,
  label text not null,
  scopes text[] not null,
  per_minute integer default 60 not null,
  made_at timestamp with time zone not null,
  made_by integer,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_by integer,
  last_used_on date,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_key_hash_key UNIQUE (key_hash),
  constraint api_keys_label_check CHECK (((length(label) >= 1) AND (length(label) <= 100))),
  constraint api_keys_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint api_keys_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint api_keys_per_minute_check CHECK (((per_minute >= 1) AND (per_minute <= 600))),
  constraint api_keys_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES people(id),
  constraint api_keys_scopes_check CHECK ((cardinality(scopes) > 0))
);
CREATE INDEX api_keys_org ON public.api_keys USING btree (org_id);
comment on column api_keys.key_hash is 'SHA-256 of the key, which is long and random; the key itself is shown once and kept nowhere';
comment on column api_keys.org_id is 'Whose reader it is; null: the coordinators''';
comment on column api_keys.label is 'Names the device or program that holds it';
comment on column api_keys.scopes is 'What it may read (src/values/key-scopes.ts)';
comment on column api_keys.made_by is 'Null: at the terminal of the server';
alter table api_keys enable row level security;
create policy app_adds on api_keys for insert to hsoc_app with check ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (NOT (made_by IS DISTINCT FROM ( SELECT actor_person() AS actor_person)))));
create policy app_reads on api_keys for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy app_revokes on api_keys for update to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates))) with check ((revoked_at IS NOT NULL));
create policy engine_all on api_keys for all to hsoc_engine using (true) with check (true);
grant insert on api_keys to hsoc_app;
grant insert, select, update on api_keys to hsoc_engine;
grant select (expires_at, id, label, last_used_on, made_at, made_by, org_id, per_minute, revoked_at, revoked_by, scopes) on api_keys to hsoc_app;
grant update (revoked_at, revoked_by) on api_keys to hsoc_app;

create table application_moves (
  id integer generated always as identity not null,
  application_id integer not null,
  org_id integer,
  step text not null,
  reason text default ''::text not null,
  person_id integer,
  actor text not null,
  at timestamp with time zone not null,
  constraint application_moves_pkey PRIMARY KEY (id),
  constraint application_moves_application_id_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE,
  constraint application_moves_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint application_moves_reason_check CHECK ((length(reason) <= 1000)),
  constraint application_moves_step_check CHECK ((step = ANY (ARRAY['applied'::text, 'confirmed'::text, 'vetted'::text, 'handed'::text, 'approved'::text, 'refused'::text])))
);
CREATE INDEX application_moves_application ON public.application_moves USING btree (application_id, id);
comment on table application_moves is 'What happened to an application: who, when and why; only added to';
alter table application_moves enable row level security;
create policy app_reads on application_moves for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM applications a
  WHERE (a.id = application_moves.application_id))));
create policy engine_all on application_moves for all to hsoc_engine using (true) with check (true);
grant select on application_moves to hsoc_app;
grant insert, select on application_moves to hsoc_engine;
grant update (actor) on application_moves to hsoc_engine;

create table applications (
  id integer generated always as identity not null,
  kind text not null,
  state text default 'applied'::text not null,
  language text not null,
  organisation text not null,
  ico text,
  org_kind text not null,
  nuts3 text,
  name text not null,
  "position" text not null,
  email text not null,
  phone text,
  message text not null,
  org_id integer,
  token_hash bytea not null,
  token_until timestamp with time zone not null,
  applied_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  decided_at timestamp with time zone,
  constraint applications_pkey PRIMARY KEY (id),
  constraint applications_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
  constraint applications_ico_check CHECK ((ico ~ '^[0-9]{8}$'::text)),
  constraint applications_kind_check CHECK ((kind = ANY (ARRAY['organisation'::text, 'work'::text]))),
  constraint applications_language_check CHECK ((language = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint applications_message_check CHECK ((length(message) <= 2000)),
  constraint applications_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint applications_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint applications_organisation_check CHECK (((length(organisation) >= 1) AND (length(organisation) <= 200))),
  constraint applications_phone_check CHECK ((length(phone) <= 40)),
  constraint applications_position_check CHECK ((length("position") <= 100)),
  constraint applications_state_check CHECK ((state = ANY (ARRAY['applied'::text, 'vetted'::text, 'approved'::text, 'refused'::text]))),
  constraint applications_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX applications_org ON public.applications USING btree (org_id) WHERE (org_id IS NOT NULL);
CREATE INDEX applications_state ON public.applications USING btree (state, applied_at DESC);
comment on table applications is 'Who asked in public to take part (organisation), or to be added to an organisation that does (work); kept as written';
comment on column applications.ico is 'With its leading zeros; a wrong check digit and a number of somebody else are kept and shown to who vets it';
comment on column applications.org_id is 'The organisation that it concerns: found when the address was confirmed (work), handed over to, made or tied to by a coordinator. Never told to the applicant';
comment on column applications.token_hash is 'SHA-256 of the token in the mail by which the address is confirmed';
comment on column applications.confirmed_at is 'When the link in the mail was used: the address is the applicant''s own';
alter table applications enable row level security;
create policy app_reads on applications for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR ((kind = 'work'::text) AND (confirmed_at IS NOT NULL) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND manages_people(org_id))));
create policy engine_all on applications for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on applications to hsoc_engine;
grant select (applied_at, confirmed_at, decided_at, email, ico, id, kind, language, message, name, nuts3, org_id, org_kind, organisation, phone, position, state) on applications to hsoc_app;

create table asset_changes (
  id bigint generated always as identity not null,
  asset_id integer not null,
  org_id integer not null,
  at timestamp with time zone not null,
  person_id integer,
  actor text not null,
  way text not null,
  import_id integer,
  before jsonb default '{}'::jsonb not null,
  after jsonb default '{}'::jsonb not null,
  matched_at timestamp with time zone,
  constraint asset_changes_pkey PRIMARY KEY (id),
  constraint asset_changes_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id),
  constraint asset_changes_import_id_fkey FOREIGN KEY (import_id) REFERENCES asset_imports(id),
  constraint asset_changes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint asset_changes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint asset_changes_way_check CHECK ((way = ANY (ARRAY['made'::text, 'changed'::text, 'removed'::text, 'restored'::text])))
);
CREATE INDEX asset_changes_asset ON public.asset_changes USING btree (asset_id, id);
CREATE INDEX asset_changes_import ON public.asset_changes USING btree (import_id, id) WHERE (import_id IS NOT NULL);
CREATE INDEX asset_changes_unmatched ON public.asset_changes USING btree (id) WHERE (matched_at IS NULL);
comment on table asset_changes is 'History of an asset; only added to';
comment on column asset_changes.actor is 'Name of the person at that time';
comment on column asset_changes.before is 'The fields that changed, as they were; after as they became';
comment on column asset_changes.matched_at is 'When advisories that may concern it were queued; null: not yet';
alter table asset_changes enable row level security;
create policy app_adds on asset_changes for insert to hsoc_app with check ((keeps_assets(org_id) AND (person_id = ( SELECT actor_person() AS actor_person))));
create policy app_reads on asset_changes for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on asset_changes for all to hsoc_engine using (true) with check (true);
grant insert, select on asset_changes to hsoc_app;
grant insert, select, update on asset_changes to hsoc_engine;

create table asset_imports (
  id integer generated always as identity not null,
  org_id integer not null,
  file_name text not null,
  format text not null,
  sha256 text not null,
  lines jsonb not null,
  refused jsonb not null,
  decisions jsonb default '{}'::jsonb not null,
  taken_by integer,
  taker text not null,
  taken_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  counts jsonb,
  undone_at timestamp with time zone,
  constraint asset_imports_pkey PRIMARY KEY (id),
  constraint asset_imports_check CHECK (((applied_at IS NULL) = (counts IS NULL))),
  constraint asset_imports_check1 CHECK (((undone_at IS NULL) OR (applied_at IS NOT NULL))),
  constraint asset_imports_file_name_check CHECK (((length(file_name) >= 1) AND (length(file_name) <= 200))),
  constraint asset_imports_format_check CHECK ((format = ANY (ARRAY['table'::text, 'cyclonedx'::text, 'nmap'::text]))),
  constraint asset_imports_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint asset_imports_sha256_check CHECK ((length(sha256) = 64)),
  constraint asset_imports_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES people(id)
);
CREATE UNIQUE INDEX asset_imports_waiting ON public.asset_imports USING btree (org_id, sha256) WHERE (applied_at IS NULL);
comment on table asset_imports is 'A file with assets: taken in, decided line by line, carried out once, and undone where that was wrong';
comment on column asset_imports.lines is 'As read; emptied once it was carried out, as the history of each asset says what came of it';
comment on column asset_imports.decisions is 'By line: add, take, merge or skip';
comment on column asset_imports.taker is 'Name of whoever took it in at that time';
alter table asset_imports enable row level security;
create policy app_adds on asset_imports for insert to hsoc_app with check ((keeps_assets(org_id) AND (taken_by = ( SELECT actor_person() AS actor_person))));
create policy app_changes on asset_imports for update to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND keeps_assets(org_id))) with check (keeps_assets(org_id));
create policy app_reads on asset_imports for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on asset_imports for all to hsoc_engine using (true) with check (true);
grant insert, select on asset_imports to hsoc_app;
grant delete, insert, select, update on asset_imports to hsoc_engine;
grant update (applied_at, counts, decisions, lines, refused, undone_at) on asset_imports to hsoc_app;

create table asset_shares (
  org_id integer not null,
  agreed_at timestamp with time zone not null,
  agreed_by integer not null,
  constraint asset_shares_pkey PRIMARY KEY (org_id),
  constraint asset_shares_agreed_by_fkey FOREIGN KEY (agreed_by) REFERENCES people(id),
  constraint asset_shares_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
comment on table asset_shares is 'Organisations that agreed that what they run counts in the sums of the sector; taking it back deletes the row';
alter table asset_shares enable row level security;
create policy app_agrees on asset_shares for insert to hsoc_app with check ((shares_assets(org_id) AND (agreed_by = ( SELECT actor_person() AS actor_person))));
create policy app_reads on asset_shares for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy app_takes_back on asset_shares for delete to hsoc_app using (shares_assets(org_id));
create policy engine_all on asset_shares for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on asset_shares to hsoc_app;
grant insert, select, update on asset_shares to hsoc_engine;

create table asset_sums (
  dim text not null,
  item text not null,
  pieces integer not null,
  band text not null,
  changed_at timestamp with time zone not null,
  constraint asset_sums_pkey PRIMARY KEY (dim, item)
);
comment on table asset_sums is 'Sums over organisations that agreed, five or more in each; no figure can be had by subtraction';
comment on column asset_sums.pieces is 'Rounded to tens, so that two days side by side do not tell what one organisation added';
comment on column asset_sums.band is 'How many organisations, as a band';
alter table asset_sums enable row level security;
create policy app_reads on asset_sums for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (4 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[]))));
create policy engine_all on asset_sums for all to hsoc_engine using (true) with check (true);
grant select on asset_sums to hsoc_app;
grant delete, insert, select, update on asset_sums to hsoc_engine;

create table assets (
  id integer generated always as identity not null,
  org_id integer not null,
  kind text not null,
  vendor text not null,
  product text not null,
  version text,
  cpe text,
  purl text,
  runs_on text default ''::text not null,
  quantity integer default 1 not null,
  serials text[] default '{}'::text[] not null,
  department text default ''::text not null,
  zone text default ''::text not null,
  segmented boolean,
  owner text default ''::text not null,
  patient_safety boolean default false not null,
  support_ends_on date,
  note text default ''::text not null,
  source text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  removed_at timestamp with time zone,
  vendor_key text,
  product_keys text[],
  constraint assets_pkey PRIMARY KEY (id),
  constraint assets_cpe_check CHECK ((length(cpe) <= 500)),
  constraint assets_department_check CHECK ((length(department) <= 200)),
  constraint assets_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'system'::text, 'software'::text, 'network'::text, 'medical'::text]))),
  constraint assets_note_check CHECK ((length(note) <= 2000)),
  constraint assets_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint assets_owner_check CHECK ((length(owner) <= 200)),
  constraint assets_product_check CHECK (((length(btrim(product)) >= 1) AND (length(btrim(product)) <= 200))),
  constraint assets_purl_check CHECK ((length(purl) <= 500)),
  constraint assets_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000000))),
  constraint assets_runs_on_check CHECK ((length(runs_on) <= 200)),
  constraint assets_serials_check CHECK ((cardinality(serials) <= 1000)),
  constraint assets_source_check CHECK ((source = ANY (ARRAY['hand'::text, 'api'::text, 'table'::text, 'cyclonedx'::text, 'nmap'::text]))),
  constraint assets_vendor_check CHECK ((length(vendor) <= 200)),
  constraint assets_version_check CHECK (((length(version) >= 1) AND (length(version) <= 100))),
  constraint assets_zone_check CHECK ((length(zone) <= 200))
);
CREATE INDEX assets_keys ON public.assets USING gin (product_keys) WHERE (removed_at IS NULL);
CREATE INDEX assets_org ON public.assets USING btree (org_id, id) WHERE (removed_at IS NULL);
CREATE INDEX assets_unkeyed ON public.assets USING btree (id) WHERE (product_keys IS NULL);
comment on table assets is 'What an organisation runs; coordinators do not see it';
comment on column assets.vendor is 'As its people write it; empty where it is not known';
comment on column assets.cpe is 'CPE 2.3 formatted string';
comment on column assets.runs_on is 'Operating system or platform under it, which has an end of support of its own';
comment on column assets.segmented is 'Kept apart from other networks; null where nobody knows';
comment on column assets.owner is 'Which function or department answers for it';
comment on column assets.patient_safety is 'Its failure may harm a patient';
comment on column assets.support_ends_on is 'The organisation''s own date, which goes before the table of dates';
comment on column assets.source is 'By which way it first came in';
comment on column assets.removed_at is 'Since when it is no longer run; the row stays for its history';
comment on column assets.vendor_key is 'Its maker by alias, for counting makers; null until it was filled';
comment on column assets.product_keys is 'Words, codes and identifiers by which an advisory finds it; null until it was filled';
alter table assets enable row level security;
create policy app_adds on assets for insert to hsoc_app with check (keeps_assets(org_id));
create policy app_changes on assets for update to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND keeps_assets(org_id))) with check (keeps_assets(org_id));
create policy app_reads on assets for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on assets for all to hsoc_engine using (true) with check (true);
grant insert, select on assets to hsoc_app;
grant insert, select, update on assets to hsoc_engine;
grant update (changed_at, cpe, department, kind, note, owner, patient_safety, product, product_keys, purl, quantity, removed_at, runs_on, segmented, serials, support_ends_on, vendor, vendor_key, version, zone) on assets to hsoc_app;

create table audit (
  id bigint generated always as identity not null,
  at timestamp with time zone not null,
  person_id integer,
  actor text not null,
  verb text not null,
  object text not null,
  org_id integer,
  detail jsonb default '{}'::jsonb not null,
  readers integer[] not null,
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_at ON public.audit USING btree (at DESC, id DESC);
CREATE INDEX audit_object ON public.audit USING btree (object, at DESC);
comment on table audit is 'Who did what, append-only: nobody but the owner may change or delete a row; trail_erase() takes a person out who is erased';
alter table audit enable row level security;
create policy app_reads on audit for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy app_writes on audit for insert to hsoc_app with check ((NOT (person_id IS DISTINCT FROM ( SELECT actor_person() AS actor_person))));
create policy engine_all on audit for all to hsoc_engine using (true) with check (true);
create policy glass_reads on audit for select to hsoc_app using ((readers && ( SELECT glass_scopes() AS glass_scopes)));
grant insert, select on audit to hsoc_app;
grant insert, select on audit to hsoc_engine;

create table batches (
  id bigint not null,
  sensor_id integer not null,
  received_at timestamp with time zone not null,
  format text not null,
  n integer not null,
  span integer not null,
  raw bytea not null,
  raw_size integer not null,
  first_serial bigint,
  constraint batches_pkey PRIMARY KEY (id)
);
CREATE INDEX batches_received ON public.batches USING brin (received_at);
CREATE INDEX batches_serial ON public.batches USING btree (first_serial);
CREATE INDEX batches_waiting ON public.batches USING btree (id) WHERE (first_serial IS NULL);
comment on column batches.span is 'Positions in the request, of which n were new; serials are reserved for all of them';
comment on column batches.first_serial is 'Given when the batch is condensed, thus in the order in which batches became visible; event serial = first_serial + idx';
alter table batches enable row level security;
create policy engine_all on batches for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on batches to hsoc_engine;

create table beats (
  id smallint not null,
  at timestamp with time zone not null,
  constraint beats_pkey PRIMARY KEY (id),
  constraint beats_id_check CHECK ((id = 1))
);
comment on table beats is 'When the program last did its own work, on whatever node; one row';
alter table beats enable row level security;
create policy engine_all on beats for all to hsoc_engine using (true) with check (true);
grant insert, select, update on beats to hsoc_engine;

create table blocklist_choices (
  org_id integer not null,
  kinds text[] not null,
  sources text[] not null,
  confidence smallint not null,
  max_days integer not null,
  changed_by integer,
  changed_at timestamp with time zone not null,
  constraint blocklist_choices_pkey PRIMARY KEY (org_id),
  constraint blocklist_choices_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES people(id),
  constraint blocklist_choices_confidence_check CHECK ((confidence = ANY (ARRAY[1, 2]))),
  constraint blocklist_choices_kinds_check CHECK ((kinds <@ '{ip,net,domain,url,sha256}'::text[])),
  constraint blocklist_choices_max_days_check CHECK (((max_days >= 1) AND (max_days <= 365))),
  constraint blocklist_choices_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint blocklist_choices_sources_check CHECK ((sources <@ '{campaign,coordinator,warning,strict}'::text[]))
);
comment on column blocklist_choices.confidence is '1: somebody''s word is enough; 2: two independent observers';
comment on column blocklist_choices.max_days is 'Left out when not seen for longer';
alter table blocklist_choices enable row level security;
create policy app_reads on blocklist_choices for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_choices for all to hsoc_engine using (true) with check (true);
grant select on blocklist_choices to hsoc_app;
grant delete, insert, select, update on blocklist_choices to hsoc_engine;

create table blocklist_devices (
  id integer generated always as identity not null,
  org_id integer not null,
  label text not null,
  key_hash bytea not null,
  expires_at timestamp with time zone not null,
  previous_hash bytea,
  previous_until timestamp with time zone,
  made_by integer,
  made_at timestamp with time zone not null,
  rotated_at timestamp with time zone,
  revoked_by integer,
  revoked_at timestamp with time zone,
  used_at timestamp with time zone,
  per_minute integer default 60 not null,
  minute timestamp with time zone default '-infinity'::timestamp with time zone not null,
  minute_n integer default 0 not null,
  key_by integer,
  previous_by integer,
  constraint blocklist_devices_pkey PRIMARY KEY (id),
  constraint blocklist_devices_check CHECK (((previous_hash IS NULL) = (previous_until IS NULL))),
  constraint blocklist_devices_key_by_fkey FOREIGN KEY (key_by) REFERENCES people(id),
  constraint blocklist_devices_key_hash_key UNIQUE (key_hash),
  constraint blocklist_devices_label_check CHECK (((length(btrim(label)) >= 1) AND (length(btrim(label)) <= 60))),
  constraint blocklist_devices_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint blocklist_devices_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint blocklist_devices_per_minute_check CHECK (((per_minute >= 1) AND (per_minute <= 600))),
  constraint blocklist_devices_previous_by_fkey FOREIGN KEY (previous_by) REFERENCES people(id),
  constraint blocklist_devices_previous_hash_key UNIQUE (previous_hash),
  constraint blocklist_devices_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES people(id)
);
CREATE INDEX blocklist_devices_org ON public.blocklist_devices USING btree (org_id);
comment on table blocklist_devices is 'Firewalls that fetch lists, each with a key that opens nothing else';
comment on column blocklist_devices.key_hash is 'SHA-256 of the key, which is shown once and kept nowhere';
comment on column blocklist_devices.previous_hash is 'After a rotation the key before is good for seven days more';
comment on column blocklist_devices.minute_n is 'Requests in that minute on all nodes, for its limit';
comment on column blocklist_devices.key_by is 'Who was shown the key; null: not known, and what the key reports counts for others as nothing';
comment on column blocklist_devices.previous_by is 'Who was shown the key before';
alter table blocklist_devices enable row level security;
create policy app_reads on blocklist_devices for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_devices for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on blocklist_devices to hsoc_engine;
grant select (expires_at, id, label, made_at, made_by, org_id, per_minute, previous_until, revoked_at, revoked_by, rotated_at, used_at) on blocklist_devices to hsoc_app;

create table blocklist_entries (
  org_id integer not null,
  list text not null,
  item_id bigint not null,
  kind text not null,
  value text not null,
  confidence smallint not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  since_at timestamp with time zone not null,
  since_version integer not null,
  constraint blocklist_entries_pkey PRIMARY KEY (org_id, list, item_id),
  constraint blocklist_entries_item_id_fkey FOREIGN KEY (item_id) REFERENCES blocklist_items(id),
  constraint blocklist_entries_kind_check CHECK ((kind = ANY (ARRAY['ip'::text, 'net'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_entries_list_check CHECK ((list = ANY (ARRAY['ip'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_entries_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint blocklist_entries_org_id_list_fkey FOREIGN KEY (org_id, list) REFERENCES blocklist_lists(org_id, list)
);
CREATE INDEX blocklist_entries_item ON public.blocklist_entries USING btree (item_id);
comment on table blocklist_entries is 'The lists as they are served now';
alter table blocklist_entries enable row level security;
create policy app_reads on blocklist_entries for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_entries for all to hsoc_engine using (true) with check (true);
grant select on blocklist_entries to hsoc_app;
grant delete, insert, select, update on blocklist_entries to hsoc_engine;

create table blocklist_exceptions (
  id integer generated always as identity not null,
  org_id integer not null,
  kind text not null,
  value text not null,
  net inet,
  host text,
  broke boolean not null,
  reason text default ''::text not null,
  device_id integer,
  person_id integer,
  made_at timestamp with time zone not null,
  ended_by integer,
  ended_at timestamp with time zone,
  key_by integer,
  constraint blocklist_exceptions_pkey PRIMARY KEY (id),
  constraint blocklist_exceptions_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES people(id),
  constraint blocklist_exceptions_key_by_fkey FOREIGN KEY (key_by) REFERENCES people(id),
  constraint blocklist_exceptions_kind_check CHECK ((kind = ANY (ARRAY['ip'::text, 'net'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_exceptions_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint blocklist_exceptions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint blocklist_exceptions_reason_check CHECK ((length(reason) <= 500)),
  constraint blocklist_exceptions_value_check CHECK (((octet_length(value) >= 3) AND (octet_length(value) <= 2048)))
);
CREATE INDEX blocklist_exceptions_broke ON public.blocklist_exceptions USING btree (kind, value) WHERE (broke AND (ended_at IS NULL));
CREATE INDEX blocklist_exceptions_org ON public.blocklist_exceptions USING btree (org_id) WHERE (ended_at IS NULL);
comment on table blocklist_exceptions is 'What an organisation lets through whoever lists it';
comment on column blocklist_exceptions.broke is 'It broke the care: a false positive, which others are to know of';
comment on column blocklist_exceptions.device_id is 'The firewall whose key said so';
comment on column blocklist_exceptions.key_by is 'Who was shown the key that said so, at that time';
alter table blocklist_exceptions enable row level security;
create policy app_reads on blocklist_exceptions for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_exceptions for all to hsoc_engine using (true) with check (true);
grant select on blocklist_exceptions to hsoc_app;
grant delete, insert, select, update on blocklist_exceptions to hsoc_engine;

create table blocklist_fetches (
  device_id integer not null,
  org_id integer not null,
  list text not null,
  version integer not null,
  entries integer not null,
  complete boolean not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  times integer default 1 not null,
  constraint blocklist_fetches_pkey PRIMARY KEY (device_id, list, version, complete),
  constraint blocklist_fetches_device_id_fkey FOREIGN KEY (device_id) REFERENCES blocklist_devices(id),
  constraint blocklist_fetches_list_check CHECK ((list = ANY (ARRAY['ip'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_fetches_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX blocklist_fetches_org ON public.blocklist_fetches USING btree (org_id, list, version);
comment on table blocklist_fetches is 'Which firewall had which version from when to when; the last hundred versions of each list';
comment on column blocklist_fetches.complete is 'It did not ask for a shortened list';
alter table blocklist_fetches enable row level security;
create policy app_reads on blocklist_fetches for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_fetches for all to hsoc_engine using (true) with check (true);
grant select on blocklist_fetches to hsoc_app;
grant delete, insert, select, update on blocklist_fetches to hsoc_engine;

create table blocklist_items (
  id bigint generated always as identity not null,
  kind text not null,
  value text not null,
  net inet,
  host text,
  state text default 'candidate'::text not null,
  first_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  confirmed_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_why text,
  closed_by integer,
  reason text default ''::text not null,
  hits jsonb,
  hit_at timestamp with time zone,
  overruled_by integer,
  overruled_at timestamp with time zone,
  overruled_why text,
  reported_at timestamp with time zone,
  judged_at timestamp with time zone,
  constraint blocklist_items_pkey PRIMARY KEY (id),
  constraint blocklist_items_check CHECK ((((overruled_by IS NULL) = (overruled_at IS NULL)) AND ((overruled_at IS NULL) = (overruled_why IS NULL)))),
  constraint blocklist_items_check1 CHECK ((((state = 'withdrawn'::text) = (closed_at IS NOT NULL)) AND ((closed_at IS NULL) = (closed_why IS NULL)))),
  constraint blocklist_items_check2 CHECK (((hits IS NULL) = (hit_at IS NULL))),
  constraint blocklist_items_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES people(id),
  constraint blocklist_items_closed_why_check CHECK ((closed_why = ANY (ARRAY['source'::text, 'coordinator'::text, 'false-positive'::text]))),
  constraint blocklist_items_kind_check CHECK ((kind = ANY (ARRAY['ip'::text, 'net'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_items_overruled_by_fkey FOREIGN KEY (overruled_by) REFERENCES people(id),
  constraint blocklist_items_overruled_why_check CHECK (((length(btrim(overruled_why)) >= 1) AND (length(btrim(overruled_why)) <= 500))),
  constraint blocklist_items_reason_check CHECK ((length(reason) <= 500)),
  constraint blocklist_items_state_check CHECK ((state = ANY (ARRAY['candidate'::text, 'confirmed'::text, 'listed'::text, 'expired'::text, 'withdrawn'::text]))),
  constraint blocklist_items_value_check CHECK (((octet_length(value) >= 3) AND (octet_length(value) <= 2048)))
);
CREATE INDEX blocklist_items_closed ON public.blocklist_items USING btree (closed_at) WHERE (closed_why = 'false-positive'::text);
CREATE INDEX blocklist_items_hit ON public.blocklist_items USING btree (hit_at) WHERE ((hits IS NOT NULL) AND (overruled_at IS NULL) AND (state <> 'withdrawn'::text));
CREATE INDEX blocklist_items_state ON public.blocklist_items USING btree (state, id);
CREATE UNIQUE INDEX blocklist_items_value ON public.blocklist_items USING btree (kind, value);
comment on column blocklist_items.value is 'Normal form of src/values/indicators.ts, never defanged';
comment on column blocklist_items.host is 'Of a domain or URL';
comment on column blocklist_items.seen_at is 'Last sighting by any of its sources';
comment on column blocklist_items.closed_why is 'source: those who said it took it back; false-positive: two organisations said that it broke their care';
comment on column blocklist_items.hits is 'What of the never-list it meets, as [{list, what, firm}]; on no list while a coordinator has not decided';
comment on column blocklist_items.reported_at is 'Since when reports wait for a coordinator, while it stands on lists';
comment on column blocklist_items.judged_at is 'When a coordinator last looked at reports: those before it count no more';
alter table blocklist_items enable row level security;
create policy app_reads on blocklist_items for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM blocklist_sources s
  WHERE (s.item_id = blocklist_items.id)))));
create policy engine_all on blocklist_items for all to hsoc_engine using (true) with check (true);
grant select on blocklist_items to hsoc_app;
grant delete, insert, select, update on blocklist_items to hsoc_engine;

create table blocklist_lists (
  org_id integer not null,
  list text not null,
  version integer default 0 not null,
  revision integer default 0 not null,
  entries integer default 0 not null,
  changed_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  refreshed_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  generated_at timestamp with time zone default '-infinity'::timestamp with time zone not null,
  held integer,
  held_at timestamp with time zone,
  passed_until timestamp with time zone default '-infinity'::timestamp with time zone not null,
  failed_at timestamp with time zone,
  constraint blocklist_lists_pkey PRIMARY KEY (org_id, list),
  constraint blocklist_lists_check CHECK (((held IS NULL) = (held_at IS NULL))),
  constraint blocklist_lists_list_check CHECK ((list = ANY (ARRAY['ip'::text, 'domain'::text, 'url'::text, 'sha256'::text]))),
  constraint blocklist_lists_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
comment on column blocklist_lists.version is 'Rises when a value comes or goes; 0: never made';
comment on column blocklist_lists.revision is 'Rises when anything of it changes';
comment on column blocklist_lists.held is 'How long it would be: a jump that waits for a coordinator';
comment on column blocklist_lists.passed_until is 'A coordinator lets a jump through until then';
comment on column blocklist_lists.failed_at is 'Since when it could not be made anew; what was good before is served';
alter table blocklist_lists enable row level security;
create policy app_reads on blocklist_lists for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on blocklist_lists for all to hsoc_engine using (true) with check (true);
grant select on blocklist_lists to hsoc_app;
grant delete, insert, select, update on blocklist_lists to hsoc_engine;

create table blocklist_never (
  id integer generated always as identity not null,
  value text not null,
  net inet,
  host text,
  reason text not null,
  added_by integer,
  added_at timestamp with time zone not null,
  removed_by integer,
  removed_at timestamp with time zone,
  constraint blocklist_never_pkey PRIMARY KEY (id),
  constraint blocklist_never_added_by_fkey FOREIGN KEY (added_by) REFERENCES people(id),
  constraint blocklist_never_check CHECK (((net IS NULL) <> (host IS NULL))),
  constraint blocklist_never_check1 CHECK (((removed_by IS NULL) OR (removed_at IS NOT NULL))),
  constraint blocklist_never_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 500))),
  constraint blocklist_never_removed_by_fkey FOREIGN KEY (removed_by) REFERENCES people(id),
  constraint blocklist_never_value_check CHECK (((octet_length(value) >= 3) AND (octet_length(value) <= 253)))
);
comment on table blocklist_never is 'What coordinators put on the never-list, besides members'' own and content/never-list.json';
alter table blocklist_never enable row level security;
create policy app_reads on blocklist_never for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on blocklist_never for all to hsoc_engine using (true) with check (true);
grant select on blocklist_never to hsoc_app;
grant delete, insert, select, update on blocklist_never to hsoc_engine;

create table blocklist_sources (
  item_id bigint not null,
  source text not null,
  ref bigint not null,
  observers smallint not null,
  readers integer[] not null,
  added_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  person_id integer,
  reason text default ''::text not null,
  constraint blocklist_sources_pkey PRIMARY KEY (item_id, source, ref),
  constraint blocklist_sources_item_id_fkey FOREIGN KEY (item_id) REFERENCES blocklist_items(id),
  constraint blocklist_sources_observers_check CHECK ((observers > 0)),
  constraint blocklist_sources_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint blocklist_sources_reason_check CHECK ((length(reason) <= 500)),
  constraint blocklist_sources_source_check CHECK ((source = ANY (ARRAY['campaign'::text, 'coordinator'::text, 'warning'::text])))
);
CREATE INDEX blocklist_sources_ref ON public.blocklist_sources USING btree (source, ref);
comment on table blocklist_sources is 'Who says of an item that it is an attacker''s, and who may know of that';
comment on column blocklist_sources.ref is 'campaign: the network''s warning of the coordinators; warning: the written one; coordinator: 0';
comment on column blocklist_sources.observers is 'Independent ones among them: members met, or owners of sensors';
comment on column blocklist_sources.ended_at is 'Since when it says so no more';
alter table blocklist_sources enable row level security;
create policy app_reads on blocklist_sources for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (readers && ( SELECT actor_scopes() AS actor_scopes))));
create policy engine_all on blocklist_sources for all to hsoc_engine using (true) with check (true);
grant select on blocklist_sources to hsoc_app;
grant delete, insert, select, update on blocklist_sources to hsoc_engine;

create table broadcast_numbers (
  class text not null,
  year integer not null,
  last integer not null,
  constraint broadcast_numbers_pkey PRIMARY KEY (class, year),
  constraint broadcast_numbers_last_check CHECK ((last >= 1)),
  constraint broadcast_numbers_year_check CHECK (((year >= 2020) AND (year <= 2200)))
);
comment on table broadcast_numbers is 'The last number given in a class and year; a number is never given twice';
alter table broadcast_numbers enable row level security;
create policy engine_all on broadcast_numbers for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on broadcast_numbers to hsoc_engine;

create table broadcasts (
  id integer generated always as identity not null,
  class text not null,
  state text default 'draft'::text not null,
  number text,
  title text not null,
  body text not null,
  room text default ''::text not null,
  tlp text not null,
  orgs integer[],
  kinds text[] default '{}'::text[] not null,
  regions text[] default '{}'::text[] not null,
  answers jsonb not null,
  mode text default 'org'::text not null,
  quorum smallint default 1 not null,
  within_min integer not null,
  channel text,
  with_managers boolean default true not null,
  policy jsonb,
  deadline_at timestamp with time zone,
  author_id integer not null,
  editor_id integer not null,
  approver_id integer,
  period_id integer,
  review_due_at timestamp with time zone,
  judged_by integer,
  judged_at timestamp with time zone,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  released_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by integer,
  readers integer[] not null,
  written_id integer,
  written_version integer,
  constraint broadcasts_pkey PRIMARY KEY (id),
  constraint broadcasts_approver_id_fkey FOREIGN KEY (approver_id) REFERENCES people(id),
  constraint broadcasts_author_id_fkey FOREIGN KEY (author_id) REFERENCES people(id),
  constraint broadcasts_body_check CHECK ((length(body) <= 4000)),
  constraint broadcasts_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'push'::text]))),
  constraint broadcasts_check CHECK (((number IS NULL) = (state = 'draft'::text))),
  constraint broadcasts_class_check CHECK ((class = ANY (ARRAY['test'::text, 'drill'::text, 'warning'::text, 'emergency'::text]))),
  constraint broadcasts_class_number_key UNIQUE (class, number),
  constraint broadcasts_editor_id_fkey FOREIGN KEY (editor_id) REFERENCES people(id),
  constraint broadcasts_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES people(id),
  constraint broadcasts_judged_by_fkey FOREIGN KEY (judged_by) REFERENCES people(id),
  constraint broadcasts_mode_check CHECK ((mode = ANY (ARRAY['org'::text, 'all'::text, 'quorum'::text]))),
  constraint broadcasts_period_id_fkey FOREIGN KEY (period_id) REFERENCES single_duty_periods(id),
  constraint broadcasts_quorum_check CHECK (((quorum >= 1) AND (quorum <= 20))),
  constraint broadcasts_room_check CHECK ((length(room) <= 300)),
  constraint broadcasts_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'approved'::text, 'sending'::text, 'open'::text, 'closed'::text, 'cancelled'::text]))),
  constraint broadcasts_title_check CHECK ((length(title) <= 120)),
  constraint broadcasts_tlp_check CHECK ((tlp = ANY (ARRAY['CLEAR'::text, 'GREEN'::text, 'AMBER'::text, 'AMBER+STRICT'::text]))),
  constraint broadcasts_within_min_check CHECK (((within_min >= 5) AND (within_min <= 10080))),
  constraint broadcasts_written_id_fkey FOREIGN KEY (written_id) REFERENCES written_warnings(id) ON DELETE SET NULL
);
CREATE INDEX broadcasts_running ON public.broadcasts USING btree (id) WHERE (state = ANY (ARRAY['approved'::text, 'sending'::text, 'open'::text]));
CREATE INDEX broadcasts_written ON public.broadcasts USING btree (written_id) WHERE (written_id IS NOT NULL);
comment on table broadcasts is 'A message to many organisations, each of which must answer; what was released is never changed';
comment on column broadcasts.number is 'Within its class and year: 3/2026';
comment on column broadcasts.orgs is 'The chosen organisations; null: all members';
comment on column broadcasts.kinds is 'Of these organisations those of such a kind; empty: of any';
comment on column broadcasts.regions is 'The same by region (NUTS 3)';
comment on column broadcasts.answers is 'Code, words in both languages, whether a note is needed; none for a test of delivery';
comment on column broadcasts.mode is 'What stops an organisation: the first answer, one of each person asked, or of several (quorum)';
comment on column broadcasts.channel is 'Of a test: the one way that it tries';
comment on column broadcasts.policy is 'The steps as they were at the release: what is changed later holds for the next one';
comment on column broadcasts.period_id is 'Released by one person alone in this period';
comment on column broadcasts.written_id is 'The written warning that it asks about; null: none';
comment on column broadcasts.written_version is 'The version of it whose words the call has';
alter table broadcasts enable row level security;
create policy app_reads on broadcasts for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on broadcasts for all to hsoc_engine using (true) with check (true);
grant select on broadcasts to hsoc_app;
grant delete, insert, select, update on broadcasts to hsoc_engine;

create table channel_choices (
  person_id integer not null,
  channel text not null,
  "least" smallint not null,
  quiet_from smallint,
  quiet_to smallint,
  changed_at timestamp with time zone not null,
  constraint channel_choices_pkey PRIMARY KEY (person_id, channel),
  constraint channel_choices_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'push'::text]))),
  constraint channel_choices_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
  constraint channel_choices_least_check CHECK ((("least" >= 1) AND ("least" <= 4))),
  constraint channel_choices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint channel_choices_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 23))),
  constraint channel_choices_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 23)))
);
comment on table channel_choices is 'What a person wants besides mail; without a row nothing';
comment on column channel_choices.least is 'From this severity on: 1 low to 4 critical';
comment on column channel_choices.quiet_from is 'Hour by the clock of the installation; until quiet_to what is below high waits';
alter table channel_choices enable row level security;
create policy app_own on channel_choices for all to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person))) with check ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on channel_choices for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on channel_choices to hsoc_app;
grant delete, insert, select, update on channel_choices to hsoc_engine;

create table channel_states (
  channel text not null,
  failures integer not null,
  down_since timestamp with time zone,
  probe_at timestamp with time zone,
  said text not null,
  constraint channel_states_pkey PRIMARY KEY (channel),
  constraint channel_states_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'push'::text, 'webhook'::text])))
);
comment on table channel_states is 'Ways that failed of late; no row, or no failures: it works';
comment on column channel_states.failures is 'In a row, through no fault of a message';
comment on column channel_states.probe_at is 'When a way that is down is tried next';
alter table channel_states enable row level security;
create policy app_reads on channel_states for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on channel_states for all to hsoc_engine using (true) with check (true);
grant select on channel_states to hsoc_app;
grant delete, insert, select, update on channel_states to hsoc_engine;

create table claim_codes (
  claim_id integer not null,
  code_hash bytea not null,
  contact text not null,
  sent_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  sends integer default 1 not null,
  attempts integer default 0 not null,
  constraint claim_codes_pkey PRIMARY KEY (claim_id),
  constraint claim_codes_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES claims(id)
);
comment on table claim_codes is 'The code last mailed to the registry''s contact for a claim; the code itself is in the mail alone';
alter table claim_codes enable row level security;
create policy engine_all on claim_codes for all to hsoc_engine using (true) with check (true);
grant insert, select, update on claim_codes to hsoc_engine;

create table claim_holders (
  claim_id integer not null,
  org_id integer not null,
  relation text not null,
  noted_at timestamp with time zone not null,
  answer text,
  note text default ''::text not null,
  answered_by integer,
  answered_at timestamp with time zone,
  readers integer[] not null,
  constraint claim_holders_pkey PRIMARY KEY (claim_id, org_id),
  constraint claim_holders_answer_check CHECK ((answer = ANY (ARRAY['consents'::text, 'objects'::text]))),
  constraint claim_holders_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES people(id),
  constraint claim_holders_check CHECK (((answer IS NULL) = (answered_at IS NULL))),
  constraint claim_holders_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES claims(id),
  constraint claim_holders_note_check CHECK ((length(note) <= 1000)),
  constraint claim_holders_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint claim_holders_relation_check CHECK ((relation = ANY (ARRAY['same'::text, 'inside'::text, 'around'::text, 'crossing'::text, 'alike'::text])))
);
CREATE INDEX claim_holders_org ON public.claim_holders USING btree (org_id);
comment on table claim_holders is 'Who holds something that a claim touches, and what they said of it';
comment on column claim_holders.relation is 'What is claimed is the same as, inside, around, or crosses what they hold, or is a domain that looks like theirs';
comment on column claim_holders.readers is 'Coordinators and the holder; the claimant from the moment in which the holder answered or a coordinator decided';
alter table claim_holders enable row level security;
create policy app_reads on claim_holders for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on claim_holders for all to hsoc_engine using (true) with check (true);
grant select on claim_holders to hsoc_app;
grant insert, select, update on claim_holders to hsoc_engine;

create table claims (
  id integer generated always as identity not null,
  org_id integer not null,
  kind text not null,
  value text not null,
  net_from inet,
  net_to inet,
  role text default 'owner'::text not null,
  delegator_id integer,
  shown boolean default false not null,
  note text default ''::text not null,
  state text default 'asked'::text not null,
  contested boolean not null,
  proof text,
  proof_at timestamp with time zone,
  token text,
  checked_at timestamp with time zone,
  checked jsonb,
  asked_by integer,
  asked_at timestamp with time zone not null,
  valid_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  effective_at timestamp with time zone,
  network_id integer,
  domain_id integer,
  decided_by integer,
  decided_at timestamp with time zone,
  reason text default ''::text not null,
  readers integer[] not null,
  constraint claims_pkey PRIMARY KEY (id),
  constraint claims_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES people(id),
  constraint claims_check CHECK (((kind = ANY (ARRAY['prefix'::text, 'range'::text])) = ((net_from IS NOT NULL) AND (net_to IS NOT NULL)))),
  constraint claims_check1 CHECK (((role = 'delegated'::text) = (delegator_id IS NOT NULL))),
  constraint claims_check2 CHECK (((state = ANY (ARRAY['proved'::text, 'ended'::text])) = (effective_at IS NOT NULL))),
  constraint claims_check3 CHECK (((state <> ALL (ARRAY['proved'::text, 'ended'::text])) OR (proof IS NOT NULL))),
  constraint claims_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES people(id),
  constraint claims_delegator_id_fkey FOREIGN KEY (delegator_id) REFERENCES organisations(id),
  constraint claims_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint claims_kind_check CHECK ((kind = ANY (ARRAY['prefix'::text, 'range'::text, 'domain'::text, 'as'::text]))),
  constraint claims_network_id_fkey FOREIGN KEY (network_id) REFERENCES networks(id),
  constraint claims_note_check CHECK ((length(note) <= 1000)),
  constraint claims_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint claims_proof_check CHECK ((proof = ANY (ARRAY['dns'::text, 'registry'::text, 'coordinator'::text, 'delegation'::text]))),
  constraint claims_reason_check CHECK ((length(reason) <= 1000)),
  constraint claims_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'delegated'::text]))),
  constraint claims_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'proved'::text, 'refused'::text, 'withdrawn'::text, 'ended'::text]))),
  constraint claims_value_check CHECK (((length(value) >= 1) AND (length(value) <= 253)))
);
CREATE UNIQUE INDEX claims_open ON public.claims USING btree (org_id, value) WHERE (state = 'asked'::text);
CREATE INDEX claims_org ON public.claims USING btree (org_id, asked_at DESC, id DESC);
CREATE INDEX claims_state ON public.claims USING btree (state, asked_at DESC, id DESC);
comment on column claims.value is 'Canonical: CIDR or from-to of addresses, lower-case ASCII (punycode) of a domain, AS and the number';
comment on column claims.delegator_id is 'Who holds the wider range and lets this part to the claimant; then the claimant accepts instead of proving';
comment on column claims.shown is 'The record is to be visible to the holder of the wider range too (networks.visible_to_parent)';
comment on column claims.contested is 'Overlaps, or looks like, what another organisation holds: takes effect by a coordinator''s decision alone';
comment on column claims.proof_at is 'A contested claim may be proved long before anybody decides it';
comment on column claims.token is 'What the TXT record of a domain has to say';
comment on column claims.checked is 'What the name servers said last: {"outcome": word, "found": [text, ...]}';
comment on column claims.readers is 'Scopes that may read the row: coordinators, the claimant''s readers, and those of every organisation it touches';
alter table claims enable row level security;
create policy app_reads on claims for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on claims for all to hsoc_engine using (true) with check (true);
grant select on claims to hsoc_app;
grant insert, select, update on claims to hsoc_engine;

create table classes (
  id integer generated always as identity not null,
  name text not null,
  family text not null,
  gap_hours integer not null,
  constraint classes_pkey PRIMARY KEY (id),
  constraint classes_name_key UNIQUE (name)
);
comment on column classes.gap_hours is 'Quiet hours after which an episode of the class ends: 2 where it can be critical, else 6';
alter table classes enable row level security;
create policy app_reads on classes for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy engine_all on classes for all to hsoc_engine using (true) with check (true);
grant select on classes to hsoc_app;
grant delete, insert, select, update on classes to hsoc_engine;

create table contact_attestations (
  id integer generated always as identity not null,
  org_id integer not null,
  at timestamp with time zone not null,
  by integer not null,
  snapshot jsonb not null,
  sha256 bytea not null,
  constraint contact_attestations_pkey PRIMARY KEY (id),
  constraint contact_attestations_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  constraint contact_attestations_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX contact_attestations_org ON public.contact_attestations USING btree (org_id, at DESC);
comment on table contact_attestations is 'An organisation''s word that its whole contact book is right, with what it looked like';
comment on column contact_attestations.sha256 is 'Of the snapshot as canonical JSON: what whoever attested had before them';
alter table contact_attestations enable row level security;
create policy app_reads on contact_attestations for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on contact_attestations for all to hsoc_engine using (true) with check (true);
grant insert, select, update on contact_attestations to hsoc_engine;
grant select (at, by, id, org_id, sha256) on contact_attestations to hsoc_app;

create table contact_checks (
  id integer generated always as identity not null,
  point_id integer not null,
  org_id integer not null,
  kind text not null,
  code_hash bytea not null,
  begun_at timestamp with time zone not null,
  begun_by integer,
  expires_at timestamp with time zone not null,
  tries integer default 0 not null,
  ended_at timestamp with time zone,
  outcome text,
  constraint contact_checks_pkey PRIMARY KEY (id),
  constraint contact_checks_begun_by_fkey FOREIGN KEY (begun_by) REFERENCES people(id),
  constraint contact_checks_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint contact_checks_code_hash_key UNIQUE (code_hash),
  constraint contact_checks_kind_check CHECK ((kind = ANY (ARRAY['mail'::text, 'call'::text, 'sms'::text]))),
  constraint contact_checks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint contact_checks_outcome_check CHECK ((outcome = ANY (ARRAY['verified'::text, 'replaced'::text, 'refused'::text, 'changed'::text]))),
  constraint contact_checks_point_id_fkey FOREIGN KEY (point_id) REFERENCES contact_points(id)
);
CREATE INDEX contact_checks_point ON public.contact_checks USING btree (point_id, begun_at DESC);
comment on table contact_checks is 'Proofs under way that a contact point reaches somebody: a link by mail, or a code that a coordinator read out over a call';
comment on column contact_checks.code_hash is 'SHA-256 of the link''s token; of a code, which is short, the installation''s MAC with the check''s point and time';
comment on column contact_checks.begun_by is 'Who asked for the mail, or who called';
comment on column contact_checks.tries is 'Wrong codes; at five the check is over';
alter table contact_checks enable row level security;
create policy app_reads on contact_checks for select to hsoc_app using (((EXISTS ( SELECT 1
   FROM contact_points p
  WHERE (p.id = contact_checks.point_id))) AND ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates))));
create policy engine_all on contact_checks for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on contact_checks to hsoc_engine;
grant select (begun_at, begun_by, ended_at, expires_at, id, kind, org_id, outcome, point_id, tries) on contact_checks to hsoc_app;

create table contact_entries (
  id integer generated always as identity not null,
  point_id integer not null,
  org_id integer not null,
  purpose text not null,
  place integer not null,
  visibility text not null,
  readers integer[] not null,
  ended_at timestamp with time zone,
  constraint contact_entries_pkey PRIMARY KEY (id),
  constraint contact_entries_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint contact_entries_point_id_fkey FOREIGN KEY (point_id) REFERENCES contact_points(id),
  constraint contact_entries_purpose_check CHECK ((purpose = ANY (ARRAY['security'::text, 'technical'::text, 'out_of_hours'::text, 'management'::text, 'data_protection'::text]))),
  constraint contact_entries_visibility_check CHECK ((visibility = ANY (ARRAY['own'::text, 'coordinators'::text, 'members'::text])))
);
CREATE UNIQUE INDEX contact_entries_one ON public.contact_entries USING btree (point_id, purpose) WHERE (ended_at IS NULL);
CREATE INDEX contact_entries_org ON public.contact_entries USING btree (org_id, purpose, place) WHERE (ended_at IS NULL);
comment on table contact_entries is 'What a contact point is for; the place says who is tried first';
comment on column contact_entries.visibility is 'The owner''s choice: its own people, the coordinators too, or all members';
comment on column contact_entries.readers is 'What follows of visibility and the person''s agreement (src/values/scopes.ts)';
alter table contact_entries enable row level security;
create policy app_reads on contact_entries for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on contact_entries for all to hsoc_engine using (true) with check (true);
grant select on contact_entries to hsoc_app;
grant insert, select, update on contact_entries to hsoc_engine;

create table contact_points (
  id integer generated always as identity not null,
  org_id integer not null,
  person_id integer,
  name text not null,
  channel text not null,
  value text not null,
  hours text default ''::text not null,
  round_the_clock boolean default false not null,
  readers integer[] not null,
  agreed_at timestamp with time zone,
  added_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  verified_at timestamp with time zone,
  verified_by integer,
  verified_how text,
  ended_at timestamp with time zone,
  ended_why text,
  constraint contact_points_pkey PRIMARY KEY (id),
  constraint contact_points_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'phone'::text, 'sms'::text, 'other'::text]))),
  constraint contact_points_check CHECK (((ended_at IS NULL) = (ended_why IS NULL))),
  constraint contact_points_check1 CHECK (((verified_at IS NULL) = (verified_how IS NULL))),
  constraint contact_points_ended_why_check CHECK ((ended_why = ANY (ARRAY['removed'::text, 'left'::text]))),
  constraint contact_points_hours_check CHECK ((length(hours) <= 100)),
  constraint contact_points_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint contact_points_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint contact_points_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint contact_points_value_check CHECK (((length(value) >= 1) AND (length(value) <= 254))),
  constraint contact_points_verified_by_fkey FOREIGN KEY (verified_by) REFERENCES people(id),
  constraint contact_points_verified_how_check CHECK ((verified_how = ANY (ARRAY['mail'::text, 'call'::text, 'sms'::text])))
);
CREATE INDEX contact_points_org ON public.contact_points USING btree (org_id) WHERE (ended_at IS NULL);
CREATE INDEX contact_points_person ON public.contact_points USING btree (person_id) WHERE (person_id IS NOT NULL);
comment on table contact_points is 'One way to reach somebody at an organisation; ended rather than deleted';
comment on column contact_points.person_id is 'Null for a function (a switchboard) and for somebody without an account';
comment on column contact_points.name is 'Of the person or the function, as the book shows it also to readers who may not see the person''s record';
comment on column contact_points.value is 'An address; a number as E.164; for other channels what the organisation wrote';
comment on column contact_points.readers is 'Who may read any of its entries';
comment on column contact_points.agreed_at is 'When the person agreed that other members see it; a function needs no agreement';
comment on column contact_points.verified_at is 'When somebody proved to be reached by this very value; a change of it takes that back';
comment on column contact_points.ended_why is 'left: the person stopped acting for the organisation';
alter table contact_points enable row level security;
create policy app_reads on contact_points for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on contact_points for all to hsoc_engine using (true) with check (true);
grant select on contact_points to hsoc_app;
grant insert, select, update on contact_points to hsoc_engine;

create table contact_reminders (
  org_id integer not null,
  due_on date not null,
  step text not null,
  sent_at timestamp with time zone not null,
  constraint contact_reminders_pkey PRIMARY KEY (org_id, due_on, step),
  constraint contact_reminders_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint contact_reminders_step_check CHECK ((step = ANY (ARRAY['before'::text, 'due'::text, 'after'::text, 'stale'::text])))
);
comment on table contact_reminders is 'Mails that a contact book is to be attested, each once for a due day';
alter table contact_reminders enable row level security;
create policy app_reads on contact_reminders for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on contact_reminders for all to hsoc_engine using (true) with check (true);
grant select on contact_reminders to hsoc_app;
grant insert, select, update on contact_reminders to hsoc_engine;

create table credibility (
  detector_id integer not null,
  class_id integer not null,
  org_id integer not null,
  good integer not null,
  bad integer not null,
  lowered boolean not null,
  changed_at timestamp with time zone not null,
  restored_at timestamp with time zone,
  constraint credibility_pkey PRIMARY KEY (detector_id, class_id, org_id)
);
alter table credibility enable row level security;
create policy app_reads on credibility for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on credibility for all to hsoc_engine using (true) with check (true);
grant select on credibility to hsoc_app;
grant delete, insert, select, update on credibility to hsoc_engine;

create table csaf_documents (
  warning_id integer not null,
  step integer not null,
  body text not null,
  sha256 text not null,
  sha512 text not null,
  signature text not null,
  fingerprint text not null,
  made_at timestamp with time zone not null,
  constraint csaf_documents_pkey PRIMARY KEY (warning_id, step),
  constraint csaf_documents_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint csaf_documents_sha512_check CHECK ((sha512 ~ '^[0-9a-f]{128}$'::text)),
  constraint csaf_documents_step_check CHECK ((step >= 1)),
  constraint csaf_documents_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
comment on table csaf_documents is 'CSAF documents as they were first made: what was published once is the same for ever';
comment on column csaf_documents.step is 'As of released_warnings(): the version of the document';
comment on column csaf_documents.signature is 'Detached and armoured, by the key of this fingerprint; made anew when the key was changed';
alter table csaf_documents enable row level security;
create policy app_reads on csaf_documents for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM released_warnings() r(warning_id, number, step, standing, is_public, tlp, group_id, kind, severity, title, texts, translation, action_by, valid_until, refs, reason, history)
  WHERE ((r.warning_id = csaf_documents.warning_id) AND (r.step = csaf_documents.step)))));
create policy engine_all on csaf_documents for all to hsoc_engine using (true) with check (true);
grant select on csaf_documents to hsoc_app;
grant insert, select on csaf_documents to hsoc_engine;
grant update (fingerprint, signature) on csaf_documents to hsoc_engine;

create table days (
  day date not null,
  revision integer not null,
  changed_at timestamp with time zone not null,
  purged_at timestamp with time zone,
  constraint days_pkey PRIMARY KEY (day)
);
comment on table days is 'Days in Europe/Prague; a late event raises the revision, the first purged event marks the day as purged';
alter table days enable row level security;
create policy app_reads on days for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy engine_all on days for all to hsoc_engine using (true) with check (true);
grant select on days to hsoc_app;
grant delete, insert, select, update on days to hsoc_engine;

create table deliveries (
  id bigint generated always as identity not null,
  kind text not null,
  topic text not null,
  person_id integer,
  org_id integer,
  address text not null,
  warning_id bigint,
  severity smallint,
  detail jsonb default '{}'::jsonb not null,
  state text default 'queued'::text not null,
  reason text,
  decided_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  claimed_at timestamp with time zone,
  attempts integer default 0 not null,
  message_id text,
  reply text,
  sent_at timestamp with time zone,
  opened_at timestamp with time zone,
  readers integer[] not null,
  unit integer default 0 not null,
  digest_id bigint,
  written_id integer,
  bounce_key text,
  bounced_at timestamp with time zone,
  channel text default 'mail'::text not null,
  provider_id text,
  delivered_at timestamp with time zone,
  match_id integer,
  code text,
  broadcast_id integer,
  rush boolean default false not null,
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_bounce_key_key UNIQUE (bounce_key),
  constraint deliveries_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'push'::text, 'webhook'::text]))),
  constraint deliveries_code_check CHECK ((code ~ '^[0-9A-HJKMNP-TV-Z]{4}$'::text)),
  constraint deliveries_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES deliveries(id),
  constraint deliveries_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'update'::text, 'relapse'::text, 'digest'::text, 'exercise'::text, 'sensor'::text, 'account'::text, 'ladder'::text, 'talk'::text, 'revoked'::text, 'answer'::text, 'rollcall'::text]))),
  constraint deliveries_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint deliveries_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'bounced'::text, 'unknown'::text, 'held'::text, 'digested'::text, 'dropped'::text]))),
  constraint deliveries_topic_address_key UNIQUE (topic, address)
);
CREATE INDEX deliveries_bounced ON public.deliveries USING btree (bounced_at) WHERE (bounced_at IS NOT NULL);
CREATE INDEX deliveries_broadcast ON public.deliveries USING btree (broadcast_id) WHERE (broadcast_id IS NOT NULL);
CREATE UNIQUE INDEX deliveries_code ON public.deliveries USING btree (address, code) WHERE (code IS NOT NULL);
CREATE INDEX deliveries_day ON public.deliveries USING btree (unit, decided_at);
CREATE INDEX deliveries_digest ON public.deliveries USING btree (digest_id) WHERE (digest_id IS NOT NULL);
CREATE INDEX deliveries_due ON public.deliveries USING btree (due_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));
CREATE INDEX deliveries_held ON public.deliveries USING btree (person_id, decided_at) WHERE (state = 'held'::text);
CREATE INDEX deliveries_match ON public.deliveries USING btree (match_id) WHERE (match_id IS NOT NULL);
CREATE INDEX deliveries_provider ON public.deliveries USING btree (channel, lower(provider_id)) WHERE (provider_id IS NOT NULL);
CREATE INDEX deliveries_recent ON public.deliveries USING btree (decided_at DESC, id DESC);
CREATE INDEX deliveries_waiting ON public.deliveries USING btree (decided_at) WHERE (state = 'held'::text);
CREATE INDEX deliveries_warning ON public.deliveries USING btree (warning_id);
CREATE INDEX deliveries_ways ON public.deliveries USING btree (channel, address, claimed_at) WHERE (channel <> 'mail'::text);
CREATE INDEX deliveries_written ON public.deliveries USING btree (written_id) WHERE (written_id IS NOT NULL);
comment on table deliveries is 'The outbox and its log: decided, queued, handed over with the server''s reply, failed, or held for the digest with the reason';
comment on column deliveries.topic is 'Names what is said (warning 12 opened, digest of a day): the same is never queued twice for one address';
comment on column deliveries.detail is 'What its letter is made of; where a link proves something its token stands in "sealed", sealed (platform/seal.ts)';
comment on column deliveries.state is 'delivered: the other side said that it arrived; bounced: it was taken, and came back; unknown: we died while handing over what must not be handed over twice';
comment on column deliveries.opened_at is 'When its reader first opened the warning''s page, signed in, after the message had gone out';
comment on column deliveries.unit is 'Whose daily limit a single mail counts against: the organisation; 0 for the coordinators and for mails about accounts';
comment on column deliveries.digest_id is 'The digest in which a held message was listed';
comment on column deliveries.written_id is 'The written warning that it tells of; detail has the version';
comment on column deliveries.bounce_key is 'In the return path of this mail: a MAC of its number, so that a return counts only for the mail that it is about';
comment on column deliveries.bounced_at is 'When a return of it came in, or its recipient was refused for good at handing over';
comment on column deliveries.channel is 'By which way; for other ways than mail the address is a number (E.164) or what names the receiver';
comment on column deliveries.provider_id is 'What the provider calls the message, by which its receipt is known';
comment on column deliveries.match_id is 'The match of an advisory with an inventory that it tells of';
comment on column deliveries.code is 'Of a text message: what its reply holds beside the letter; of one number there is each code once';
comment on column deliveries.broadcast_id is 'The roll-call that it belongs to; detail has the step';
comment on column deliveries.rush is 'Of an emergency: handed over before everything else that is due';
alter table deliveries enable row level security;
create policy app_opens on deliveries for update to hsoc_app using (((person_id = ( SELECT actor_person() AS actor_person)) AND (readers && ( SELECT actor_scopes() AS actor_scopes)))) with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (readers && ( SELECT actor_scopes() AS actor_scopes))));
create policy app_reads on deliveries for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on deliveries for all to hsoc_engine using (true) with check (true);
grant select on deliveries to hsoc_app;
grant delete, insert, select, update on deliveries to hsoc_engine;
grant update (opened_at) on deliveries to hsoc_app;

create table detections (
  hour integer not null,
  org_id integer not null,
  lane smallint not null,
  side smallint not null,
  class_id integer not null,
  key_id integer not null,
  events integer not null,
  occurrences bigint not null,
  dropped integer not null,
  passed integer not null,
  partial integer not null,
  share bigint not null,
  severity smallint not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  archive boolean not null,
  constraint detections_pkey PRIMARY KEY (hour, org_id, lane, side, class_id, key_id)
);
CREATE INDEX detections_key ON public.detections USING btree (key_id, org_id, hour);
comment on table detections is 'Unknown verdicts are events - dropped - passed - partial';
alter table detections enable row level security;
create policy app_reads on detections for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on detections for all to hsoc_engine using (true) with check (true);
grant select on detections to hsoc_app;
grant delete, insert, select, update on detections to hsoc_engine;

create table detectors (
  id integer generated always as identity not null,
  name text not null,
  honeypot boolean default false not null,
  constraint detectors_pkey PRIMARY KEY (id),
  constraint detectors_name_key UNIQUE (name)
);
comment on column detectors.honeypot is 'An event of it was tagged as seen by a honeypot or tarpit';
alter table detectors enable row level security;
create policy app_reads on detectors for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM totals t
  WHERE ((t.dim = 3) AND (t.dim_id = detectors.id) AND (t.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))))));
create policy engine_all on detectors for all to hsoc_engine using (true) with check (true);
grant select on detectors to hsoc_app;
grant delete, insert, select, update on detectors to hsoc_engine;

create table devices (
  person_id integer not null,
  token_hash bytea not null,
  first_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  constraint devices_pkey PRIMARY KEY (person_id, token_hash),
  constraint devices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
alter table devices enable row level security;
create policy engine_all on devices for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on devices to hsoc_engine;

create table domains (
  id integer generated always as identity not null,
  org_id integer not null,
  domain text not null,
  valid_from timestamp with time zone default '-infinity'::timestamp with time zone not null,
  valid_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  closed_at timestamp with time zone,
  continues_id integer,
  constraint domains_pkey PRIMARY KEY (id),
  constraint domains_continues_id_fkey FOREIGN KEY (continues_id) REFERENCES domains(id),
  constraint domains_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE INDEX domains_name ON public.domains USING btree (domain);
CREATE INDEX domains_org ON public.domains USING btree (org_id);
comment on column domains.closed_at is 'As of networks';
comment on column domains.continues_id is 'As of networks';
alter table domains enable row level security;
create policy app_reads on domains for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on domains for all to hsoc_engine using (true) with check (true);
grant select on domains to hsoc_app;
grant delete, insert, select, update on domains to hsoc_engine;

create table drill_results (
  org_id integer not null,
  broadcast_id integer not null,
  kind text not null,
  at timestamp with time zone not null,
  outcome text not null,
  constraint drill_results_pkey PRIMARY KEY (org_id, broadcast_id),
  constraint drill_results_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint drill_results_kind_check CHECK ((kind = ANY (ARRAY['test'::text, 'drill'::text]))),
  constraint drill_results_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint drill_results_outcome_check CHECK ((outcome = ANY (ARRAY['in_time'::text, 'late'::text, 'silent'::text, 'excused'::text])))
);
CREATE INDEX drill_results_broadcast ON public.drill_results USING btree (broadcast_id);
comment on table drill_results is 'How each organisation came out of a drill or test that ended; real calls are never here';
alter table drill_results enable row level security;
create policy app_reads on drill_results for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on drill_results for all to hsoc_engine using (true) with check (true);
grant select on drill_results to hsoc_app;
grant delete, insert, select, update on drill_results to hsoc_engine;

create table duty_changes (
  id integer generated always as identity not null,
  schedule_id integer not null,
  org_id integer,
  kind text not null,
  person_id integer not null,
  stand_in integer,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  note text default ''::text not null,
  made_by integer not null,
  made_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint duty_changes_pkey PRIMARY KEY (id),
  constraint duty_changes_check CHECK ((to_at > from_at)),
  constraint duty_changes_check1 CHECK (((kind = 'replace'::text) = (stand_in IS NOT NULL))),
  constraint duty_changes_kind_check CHECK ((kind = ANY (ARRAY['add'::text, 'remove'::text, 'replace'::text, 'temporary'::text]))),
  constraint duty_changes_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint duty_changes_note_check CHECK ((length(note) <= 200)),
  constraint duty_changes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint duty_changes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint duty_changes_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES duty_schedules(id),
  constraint duty_changes_stand_in_fkey FOREIGN KEY (stand_in) REFERENCES people(id)
);
CREATE INDEX duty_changes_person ON public.duty_changes USING btree (person_id);
CREATE INDEX duty_changes_schedule ON public.duty_changes USING btree (schedule_id, to_at) WHERE (withdrawn_at IS NULL);
comment on table duty_changes is 'What differs from the rules for a while';
comment on column duty_changes.kind is 'temporary: nobody but the people of temporary changes is on duty then';
comment on column duty_changes.stand_in is 'Who is on duty instead of the person';
alter table duty_changes enable row level security;
create policy app_reads on duty_changes for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM duty_schedules s
  WHERE (s.id = duty_changes.schedule_id))));
create policy engine_all on duty_changes for all to hsoc_engine using (true) with check (true);
grant select on duty_changes to hsoc_app;
grant insert, select, update on duty_changes to hsoc_engine;

create table duty_feeds (
  id integer generated always as identity not null,
  person_id integer not null,
  schedule_id integer,
  token_hash bytea not null,
  made_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint duty_feeds_pkey PRIMARY KEY (id),
  constraint duty_feeds_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint duty_feeds_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES duty_schedules(id),
  constraint duty_feeds_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX duty_feeds_person ON public.duty_feeds USING btree (person_id) WHERE (ended_at IS NULL);
comment on table duty_feeds is 'Calendar feeds; ended rather than deleted';
comment on column duty_feeds.schedule_id is 'Null: the shifts of the person, whichever duty they belong to';
comment on column duty_feeds.token_hash is 'SHA-256 of the token in the address; the address is shown once and kept nowhere';
alter table duty_feeds enable row level security;
create policy app_own on duty_feeds for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on duty_feeds for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on duty_feeds to hsoc_engine;
grant select (ended_at, id, made_at, person_id, schedule_id) on duty_feeds to hsoc_app;

create table duty_policies (
  id integer generated always as identity not null,
  org_id integer,
  kind text not null,
  version integer not null,
  repeat smallint not null,
  steps jsonb not null,
  readers integer[] not null,
  made_by integer not null,
  made_at timestamp with time zone not null,
  constraint duty_policies_pkey PRIMARY KEY (id),
  constraint duty_policies_check CHECK (((kind = 'csirt'::text) = (org_id IS NULL))),
  constraint duty_policies_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'rollcall'::text, 'csirt'::text]))),
  constraint duty_policies_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint duty_policies_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint duty_policies_repeat_check CHECK (((repeat >= 0) AND (repeat <= 5))),
  constraint duty_policies_version_check CHECK ((version >= 1))
);
CREATE UNIQUE INDEX duty_policies_version ON public.duty_policies USING btree (COALESCE(org_id, 0), kind, version);
comment on table duty_policies is 'Escalation policies in all their versions; only added to';
comment on column duty_policies.org_id is 'Null: the coordinators'' own';
comment on column duty_policies.repeat is 'How many times the steps begin again when nobody answered';
alter table duty_policies enable row level security;
create policy app_reads on duty_policies for select to hsoc_app using (((readers && ( SELECT actor_scopes() AS actor_scopes)) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))));
create policy engine_all on duty_policies for all to hsoc_engine using (true) with check (true);
grant select on duty_policies to hsoc_app;
grant insert, select on duty_policies to hsoc_engine;

create table duty_rules (
  id integer generated always as identity not null,
  schedule_id integer not null,
  org_id integer,
  weekdays smallint[] not null,
  from_clock text not null,
  to_clock text not null,
  rotation text,
  turn_length integer,
  turn_start timestamp without time zone,
  added_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint duty_rules_pkey PRIMARY KEY (id),
  constraint duty_rules_check CHECK ((((rotation IS NULL) = (turn_length IS NULL)) AND ((rotation IS NULL) = (turn_start IS NULL)))),
  constraint duty_rules_from_clock_check CHECK ((from_clock ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint duty_rules_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint duty_rules_rotation_check CHECK ((rotation = ANY (ARRAY['hourly'::text, 'daily'::text, 'weekly'::text, 'monthly'::text]))),
  constraint duty_rules_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES duty_schedules(id),
  constraint duty_rules_to_clock_check CHECK ((to_clock ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'::text)),
  constraint duty_rules_turn_length_check CHECK (((turn_length >= 1) AND (turn_length <= 366))),
  constraint duty_rules_weekdays_check CHECK (((weekdays <@ '{1,2,3,4,5,6,7}'::smallint[]) AND ((cardinality(weekdays) >= 1) AND (cardinality(weekdays) <= 7))))
);
CREATE INDEX duty_rules_schedule ON public.duty_rules USING btree (schedule_id) WHERE (ended_at IS NULL);
comment on table duty_rules is 'A window of the week and who is on duty in it: one person, or people who take turns';
comment on column duty_rules.weekdays is '1 Monday to 7 Sunday';
comment on column duty_rules.to_clock is 'Not after from_clock: of the next day';
comment on column duty_rules.rotation is 'Null: the one person';
comment on column duty_rules.turn_start is 'When the first one''s turn begins, by the wall clock';
alter table duty_rules enable row level security;
create policy app_reads on duty_rules for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM duty_schedules s
  WHERE (s.id = duty_rules.schedule_id))));
create policy engine_all on duty_rules for all to hsoc_engine using (true) with check (true);
grant select on duty_rules to hsoc_app;
grant insert, select, update on duty_rules to hsoc_engine;

create table duty_schedules (
  id integer generated always as identity not null,
  org_id integer,
  name text not null,
  holidays text not null,
  readers integer[] not null,
  created_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint duty_schedules_pkey PRIMARY KEY (id),
  constraint duty_schedules_holidays_check CHECK ((holidays = ANY (ARRAY['ignored'::text, 'sunday'::text]))),
  constraint duty_schedules_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
  constraint duty_schedules_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE UNIQUE INDEX duty_schedules_name ON public.duty_schedules USING btree (COALESCE(org_id, 0), lower(name)) WHERE (ended_at IS NULL);
comment on table duty_schedules is 'A duty; ended rather than deleted';
comment on column duty_schedules.org_id is 'Null: the coordinators'' own';
comment on column duty_schedules.holidays is 'What a public holiday is: a day like any other, or a Sunday';
comment on column duty_schedules.readers is 'Its organisation and the coordinators, who must reach somebody at night';
alter table duty_schedules enable row level security;
create policy app_reads on duty_schedules for select to hsoc_app using (((readers && ( SELECT actor_scopes() AS actor_scopes)) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))));
create policy engine_all on duty_schedules for all to hsoc_engine using (true) with check (true);
grant select on duty_schedules to hsoc_app;
grant insert, select, update on duty_schedules to hsoc_engine;

create table duty_simple (
  org_id integer not null,
  people integer[] not null,
  always boolean not null,
  set_by integer not null,
  set_at timestamp with time zone not null,
  readers integer[] not null,
  constraint duty_simple_pkey PRIMARY KEY (org_id),
  constraint duty_simple_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint duty_simple_people_check CHECK (((cardinality(people) >= 1) AND (cardinality(people) <= 3))),
  constraint duty_simple_set_by_fkey FOREIGN KEY (set_by) REFERENCES people(id)
);
comment on column duty_simple.people is 'In the order in which they are called';
comment on column duty_simple.always is 'The organisation says that one of them answers at any hour';
alter table duty_simple enable row level security;
create policy app_reads on duty_simple for select to hsoc_app using (((readers && ( SELECT actor_scopes() AS actor_scopes)) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))));
create policy engine_all on duty_simple for all to hsoc_engine using (true) with check (true);
grant select on duty_simple to hsoc_app;
grant delete, insert, select, update on duty_simple to hsoc_engine;

create table duty_turns (
  rule_id integer not null,
  org_id integer,
  place smallint not null,
  person_id integer not null,
  constraint duty_turns_pkey PRIMARY KEY (rule_id, place),
  constraint duty_turns_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint duty_turns_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint duty_turns_rule_id_fkey FOREIGN KEY (rule_id) REFERENCES duty_rules(id)
);
CREATE INDEX duty_turns_person ON public.duty_turns USING btree (person_id);
comment on table duty_turns is 'Who takes turns in a rule, in order';
alter table duty_turns enable row level security;
create policy app_reads on duty_turns for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM duty_rules r
  WHERE (r.id = duty_turns.rule_id))));
create policy engine_all on duty_turns for all to hsoc_engine using (true) with check (true);
grant select on duty_turns to hsoc_app;
grant insert, select, update on duty_turns to hsoc_engine;

create table engagements (
  id integer generated always as identity not null,
  person_id integer not null,
  org_id integer,
  role text not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  source text default 'manual'::text not null,
  link_id integer,
  constraint engagements_pkey PRIMARY KEY (id),
  constraint engagements_check CHECK (((org_id IS NULL) = (role = ANY (ARRAY['coordinator'::text, 'operator'::text])))),
  constraint engagements_link CHECK (((source = 'directory'::text) = (link_id IS NOT NULL))),
  constraint engagements_link_id_fkey FOREIGN KEY (link_id) REFERENCES provider_links(id),
  constraint engagements_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint engagements_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint engagements_role_check CHECK ((role = ANY (ARRAY['coordinator'::text, 'operator'::text, 'representative'::text, 'security_manager'::text, 'admin'::text, 'duty'::text, 'dpo'::text, 'manager'::text]))),
  constraint engagements_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'directory'::text])))
);
CREATE INDEX engagements_link ON public.engagements USING btree (link_id) WHERE (link_id IS NOT NULL);
CREATE INDEX engagements_org ON public.engagements USING btree (org_id);
CREATE INDEX engagements_person ON public.engagements USING btree (person_id);
comment on column engagements.source is 'directory: given at sign-in by a group of a provider, and taken when the group is gone';
alter table engagements enable row level security;
create policy app_reads on engagements for select to hsoc_app using (((person_id = ( SELECT actor_person() AS actor_person)) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on engagements for all to hsoc_engine using (true) with check (true);
CREATE CONSTRAINT TRIGGER seats_follow AFTER UPDATE OF valid_to ON public.engagements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.valid_to < old.valid_to)) EXECUTE FUNCTION seats_follow_engagements();
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.engagements FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant select on engagements to hsoc_app;
grant delete, insert, select, update on engagements to hsoc_engine;

create table episode_changes (
  episode_id bigint not null,
  key_id integer not null,
  at timestamp with time zone not null,
  constraint episode_changes_pkey PRIMARY KEY (episode_id)
);
comment on table episode_changes is 'Episodes that changed since the rules looked at them';
comment on column episode_changes.at is 'The episode''s changed_at: what changes during a look is looked at again';
alter table episode_changes enable row level security;
create policy engine_all on episode_changes for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on episode_changes to hsoc_engine;

create table episodes (
  id bigint generated always as identity not null,
  org_id integer not null,
  side smallint not null,
  lane smallint not null,
  family_id integer not null,
  key_id integer not null,
  gap_hours integer not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  events integer not null,
  occurrences bigint not null,
  dropped integer not null,
  passed integer not null,
  partial integer not null,
  share bigint not null,
  severity smallint not null,
  severities jsonb default '[]'::jsonb not null,
  detectors integer[] not null,
  sensors integer[] not null,
  classes integer[] not null,
  ports integer[] not null,
  targets integer,
  continues bigint,
  alias_of bigint,
  exercise text,
  archive boolean not null,
  track bigint default hashint4extended(key_id, hashint4extended(org_id, hashint4extended(family_id, (((side * 8) + lane))::bigint))) not null,
  outcome text,
  outcome_detail jsonb default '{}'::jsonb not null,
  changed_at timestamp with time zone not null,
  last_hour timestamp with time zone default date_bin('01:00:00'::interval, last_at, '2000-01-01 00:00:00+00'::timestamp with time zone) not null,
  constraint episodes_pkey PRIMARY KEY (id)
);
CREATE INDEX episodes_alias ON public.episodes USING btree (alias_of) WHERE (alias_of IS NOT NULL);
CREATE INDEX episodes_key ON public.episodes USING btree (key_id, org_id, family_id) WHERE (alias_of IS NULL);
CREATE INDEX episodes_recent ON public.episodes USING btree (org_id, last_hour DESC) WHERE ((alias_of IS NULL) AND (last_hour > '-infinity'::timestamp with time zone));
CREATE INDEX episodes_track ON public.episodes USING btree (track) WHERE (alias_of IS NULL);
comment on column episodes.targets is 'Distinct own addresses hit, exact up to 1000; counted from the log when rules look at the episode';
comment on column episodes.track is 'Hash of the key, so that finding a key''s episodes never depends on what the planner knows of the table';
comment on column episodes.outcome is 'What became of it: warning, or the code of the rule that suppressed it (content/rules-text.json)';
comment on column episodes.last_hour is 'Hour of last_at: what the indexes hold, as it changes seldom';
alter table episodes enable row level security;
create policy app_reads on episodes for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on episodes for all to hsoc_engine using (true) with check (true);
grant select on episodes to hsoc_app;
grant delete, insert, select, update on episodes to hsoc_engine;

create table event_keys (
  key bigint not null,
  batch_id bigint not null,
  idx integer not null,
  constraint event_keys_pkey PRIMARY KEY (key)
);
CREATE INDEX event_keys_batch ON public.event_keys USING brin (batch_id);
alter table event_keys enable row level security;
create policy engine_all on event_keys for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on event_keys to hsoc_engine;

create table events (
  batch_id bigint not null,
  idx integer not null,
  sensor_id integer not null,
  detector_id integer not null,
  detected_at timestamp with time zone not null,
  hour integer not null,
  lane smallint not null,
  archive boolean not null,
  matched boolean not null,
  class_id integer not null,
  severity smallint not null,
  verdict smallint not null,
  share integer not null,
  weight integer not null,
  key_id integer not null,
  more_keys integer[],
  target inet,
  port integer,
  flags integer not null,
  exercise text,
  raw_off integer not null,
  raw_len integer not null
);
CREATE INDEX events_batch ON public.events USING btree (batch_id, idx);
CREATE INDEX events_hour ON public.events USING btree (hour);
CREATE INDEX events_key ON public.events USING btree (key_id, hour);
CREATE INDEX events_more ON public.events USING gin (more_keys) WHERE (more_keys IS NOT NULL);
comment on column events.flags is 'Bits: 1 future, 2 id_conflict, 4 no-time, 8 no-zone, 16 repaired, 32 other quality mark';
alter table events enable row level security;
create policy app_reads on events for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on events for all to hsoc_engine using (true) with check (true);
grant select on events to hsoc_app;
grant delete, insert, select, update on events to hsoc_engine;

create table exercises (
  id text not null,
  title text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  created_by integer,
  created_at timestamp with time zone not null,
  constraint exercises_pkey PRIMARY KEY (id),
  constraint exercises_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id)
);
alter table exercises enable row level security;
create policy app_reads on exercises for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy app_writes on exercises for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (created_by = ( SELECT actor_person() AS actor_person))));
create policy engine_all on exercises for all to hsoc_engine using (true) with check (true);
grant insert, select on exercises to hsoc_app;
grant delete, insert, select, update on exercises to hsoc_engine;

create table glass_comments (
  id integer generated always as identity not null,
  opening_id integer not null,
  person_id integer not null,
  author text not null,
  text text not null,
  at timestamp with time zone not null,
  constraint glass_comments_pkey PRIMARY KEY (id),
  constraint glass_comments_opening_id_fkey FOREIGN KEY (opening_id) REFERENCES glass_openings(id),
  constraint glass_comments_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint glass_comments_text_check CHECK (((length(btrim(text)) >= 1) AND (length(btrim(text)) <= 4000)))
);
CREATE INDEX glass_comments_opening ON public.glass_comments USING btree (opening_id, id);
comment on table glass_comments is 'What the organisation and the coordinators say of an opening; only added to';
comment on column glass_comments.author is 'The person''s name at that time';
alter table glass_comments enable row level security;
create policy app_reads on glass_comments for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM glass_openings g
  WHERE (g.id = glass_comments.opening_id))));
create policy app_says on glass_comments for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (at = ( SELECT actor_now() AS actor_now)) AND (EXISTS ( SELECT 1
   FROM glass_openings g
  WHERE (g.id = glass_comments.opening_id)))));
create policy engine_forgets on glass_comments for update to hsoc_engine using (true) with check (true);
create policy engine_reads on glass_comments for select to hsoc_engine using (true);
grant insert, select on glass_comments to hsoc_app;
grant select on glass_comments to hsoc_engine;
grant update (author) on glass_comments to hsoc_engine;

create table glass_openings (
  id integer generated always as identity not null,
  org_id integer not null,
  person_id integer not null,
  opener text not null,
  reason text not null,
  opened_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by integer,
  review_due_at timestamp with time zone not null,
  reviewed_by integer,
  reviewer text,
  reviewed_at timestamp with time zone,
  verdict text,
  finding text,
  reminded_at timestamp with time zone,
  readers integer[] not null,
  constraint glass_openings_pkey PRIMARY KEY (id),
  constraint glass_openings_check CHECK (((ends_at > opened_at) AND (ends_at <= (opened_at + '01:00:00'::interval)))),
  constraint glass_openings_check1 CHECK (((ended_at >= opened_at) AND (ended_at < ends_at))),
  constraint glass_openings_check2 CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint glass_openings_check3 CHECK ((num_nonnulls(reviewed_by, reviewer, reviewed_at, verdict, finding) = ANY (ARRAY[0, 5]))),
  constraint glass_openings_check4 CHECK ((reviewed_by <> person_id)),
  constraint glass_openings_check5 CHECK ((reviewed_at >= COALESCE(ended_at, ends_at))),
  constraint glass_openings_check6 CHECK ((readers = ARRAY[2, (1000 + (4 * org_id))])),
  constraint glass_openings_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES people(id),
  constraint glass_openings_finding_check CHECK (((length(btrim(finding)) >= 10) AND (length(btrim(finding)) <= 4000))),
  constraint glass_openings_int4range_tstzrange_excl EXCLUDE USING gist (int4range(person_id, person_id, '[]'::text) WITH &&, tstzrange(opened_at, COALESCE(ended_at, ends_at)) WITH &&),
  constraint glass_openings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint glass_openings_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint glass_openings_reason_check CHECK (((length(btrim(reason)) >= 10) AND (length(btrim(reason)) <= 1000))),
  constraint glass_openings_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES people(id),
  constraint glass_openings_verdict_check CHECK ((verdict = ANY (ARRAY['justified'::text, 'unjustified'::text])))
);
CREATE INDEX glass_openings_org ON public.glass_openings USING btree (org_id, opened_at DESC);
CREATE INDEX glass_openings_waiting ON public.glass_openings USING btree (review_due_at) WHERE (reviewed_at IS NULL);
comment on table glass_openings is 'Break-glass access of a coordinator to what one organisation keeps from the coordinators';
comment on column glass_openings.opener is 'Name at that time, as that of the reviewer: the organisation may know it without seeing the record';
comment on column glass_openings.ends_at is 'When it ends by itself; ended_at when a coordinator ended it before';
comment on column glass_openings.review_due_at is 'By when another coordinator has to judge it; past it all are reminded every day';
comment on column glass_openings.readers is 'Scopes that may read the row: coordinators and the readers of the organisation';
alter table glass_openings enable row level security;
create policy app_ends on glass_openings for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (ended_at IS NULL) AND (ends_at > ( SELECT actor_now() AS actor_now)))) with check (((ended_at = ( SELECT actor_now() AS actor_now)) AND (ended_by = ( SELECT actor_person() AS actor_person)) AND (reviewed_at IS NULL)));
create policy app_opens on glass_openings for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (person_id = ( SELECT actor_person() AS actor_person)) AND (opened_at = ( SELECT actor_now() AS actor_now))));
create policy app_reads on glass_openings for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy app_reviews on glass_openings for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (person_id <> ( SELECT actor_person() AS actor_person)) AND (reviewed_at IS NULL) AND (COALESCE(ended_at, ends_at) <= ( SELECT actor_now() AS actor_now)))) with check (((reviewed_by = ( SELECT actor_person() AS actor_person)) AND (reviewed_at = ( SELECT actor_now() AS actor_now)) AND (person_id <> ( SELECT actor_person() AS actor_person))));
create policy engine_reads on glass_openings for select to hsoc_engine using (true);
create policy engine_reminds on glass_openings for update to hsoc_engine using (true) with check (true);
CREATE TRIGGER glass_told AFTER INSERT OR UPDATE OF ended_at, reviewed_at ON public.glass_openings FOR EACH ROW EXECUTE FUNCTION glass_told();
grant select on glass_openings to hsoc_app;
grant select on glass_openings to hsoc_engine;
grant insert (ends_at, opened_at, opener, org_id, person_id, readers, reason, review_due_at) on glass_openings to hsoc_app;
grant update (ended_at, ended_by, finding, reviewed_at, reviewed_by, reviewer, verdict) on glass_openings to hsoc_app;
grant update (opener, reminded_at, reviewer) on glass_openings to hsoc_engine;

create table group_invitations (
  id integer generated always as identity not null,
  group_id integer not null,
  address text not null,
  reason text not null,
  seat_until timestamp with time zone not null,
  invited_by integer not null,
  invited_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text,
  constraint group_invitations_pkey PRIMARY KEY (id),
  constraint group_invitations_address_check CHECK (((length(address) >= 3) AND (length(address) <= 254))),
  constraint group_invitations_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint group_invitations_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint group_invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES people(id),
  constraint group_invitations_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text, 'closed'::text]))),
  constraint group_invitations_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);
CREATE INDEX group_invitations_address ON public.group_invitations USING btree (lower(address)) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX group_invitations_one ON public.group_invitations USING btree (group_id, lower(address)) WHERE (ended_at IS NULL);
comment on column group_invitations.address is 'As it was typed: whether anybody signs in with it is not told to who invites';
comment on column group_invitations.seat_until is 'Until when the seat is held that comes of it';
alter table group_invitations enable row level security;
create policy app_adds on group_invitations for insert to hsoc_app with check (((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])) AND (invited_by = ( SELECT actor_person() AS actor_person))));
create policy app_ends on group_invitations for update to hsoc_app using (((lower(address) = ( SELECT actor_address() AS actor_address)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])))) with check ((ended_at IS NOT NULL));
create policy app_reads on group_invitations for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (lower(address) = ( SELECT actor_address() AS actor_address)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))));
create policy engine_all on group_invitations for all to hsoc_engine using (true) with check (true);
grant insert, select on group_invitations to hsoc_app;
grant insert, select, update on group_invitations to hsoc_engine;
grant update (ended_at, outcome) on group_invitations to hsoc_app;

create table group_keys (
  id integer generated always as identity not null,
  group_id integer not null,
  label text not null,
  key_hash bytea not null,
  made_by integer not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  last_used_on date,
  revoked_at timestamp with time zone,
  revoked_by integer,
  constraint group_keys_pkey PRIMARY KEY (id),
  constraint group_keys_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint group_keys_key_hash_key UNIQUE (key_hash),
  constraint group_keys_label_check CHECK (((label <> ''::text) AND (length(label) <= 60))),
  constraint group_keys_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint group_keys_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES people(id)
);
CREATE INDEX group_keys_group ON public.group_keys USING btree (group_id) WHERE (revoked_at IS NULL);
comment on table group_keys is 'Each opens the feed of its group, while who made it leads the group';
comment on column group_keys.label is 'What holds it, in words of who made it';
alter table group_keys enable row level security;
create policy app_reads on group_keys for select to hsoc_app using ((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])));
create policy engine_all on group_keys for all to hsoc_engine using (true) with check (true);
grant insert, select, update on group_keys to hsoc_engine;
grant select (expires_at, group_id, id, label, last_used_on, made_at, made_by, revoked_at, revoked_by) on group_keys to hsoc_app;

create table group_moderators (
  id integer generated always as identity not null,
  group_id integer not null,
  person_id integer not null,
  org_id integer not null,
  appointed_by integer not null,
  appointed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint group_moderators_pkey PRIMARY KEY (id),
  constraint group_moderators_appointed_by_fkey FOREIGN KEY (appointed_by) REFERENCES people(id),
  constraint group_moderators_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint group_moderators_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint group_moderators_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE UNIQUE INDEX group_moderators_one ON public.group_moderators USING btree (group_id, person_id, org_id) WHERE (ended_at IS NULL);
comment on table group_moderators is 'Who leads a group besides the coordinators, as long as they hold the seat for that organisation';
alter table group_moderators enable row level security;
create policy app_adds on group_moderators for insert to hsoc_app with check (((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])) AND (appointed_by = ( SELECT actor_person() AS actor_person))));
create policy app_ends on group_moderators for update to hsoc_app using (((person_id = ( SELECT actor_person() AS actor_person)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])))) with check ((ended_at IS NOT NULL));
create policy app_reads on group_moderators for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))));
create policy engine_all on group_moderators for all to hsoc_engine using (true) with check (true);
grant insert, select on group_moderators to hsoc_app;
grant insert, select, update on group_moderators to hsoc_engine;
grant update (ended_at) on group_moderators to hsoc_app;
grant update (person_id) on group_moderators to hsoc_engine;

create table groups (
  id integer generated always as identity not null,
  slug text not null,
  name text not null,
  purpose_cs text default ''::text not null,
  purpose_en text default ''::text not null,
  joining text not null,
  roles text[] default '{}'::text[] not null,
  kinds text[] default '{}'::text[] not null,
  tlp_max text not null,
  public boolean default false not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  constraint groups_pkey PRIMARY KEY (id),
  constraint groups_check CHECK (((purpose_cs <> ''::text) OR (purpose_en <> ''::text))),
  constraint groups_check1 CHECK (((joining <> 'rule'::text) OR (cardinality(roles) > 0))),
  constraint groups_joining_check CHECK ((joining = ANY (ARRAY['open'::text, 'request'::text, 'rule'::text, 'closed'::text]))),
  constraint groups_kinds_check CHECK ((cardinality(kinds) <= 20)),
  constraint groups_name_check CHECK (((length(name) >= 2) AND (length(name) <= 60))),
  constraint groups_purpose_cs_check CHECK ((length(purpose_cs) <= 600)),
  constraint groups_purpose_en_check CHECK ((length(purpose_en) <= 600)),
  constraint groups_roles_check CHECK ((roles <@ ARRAY['representative'::text, 'security_manager'::text, 'admin'::text, 'duty'::text, 'dpo'::text, 'manager'::text])),
  constraint groups_slug_check CHECK (((slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND ((length(slug) >= 2) AND (length(slug) <= 60)))),
  constraint groups_slug_key UNIQUE (slug),
  constraint groups_tlp_max_check CHECK ((tlp_max = ANY (ARRAY['AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text])))
);
CREATE UNIQUE INDEX groups_name ON public.groups USING btree (lower(name)) WHERE (closed_at IS NULL);
comment on column groups.slug is 'Last part of its address; it never changes, so that links keep working';
comment on column groups.joining is 'open: who fits takes a seat; request: a moderator or coordinator decides; rule: who fits and takes part sits by that alone; closed: by invitation';
comment on column groups.roles is 'Roles whose holders fit; empty: any role at an organisation';
comment on column groups.kinds is 'Kinds of organisations whose people fit; empty: any';
comment on column groups.tlp_max is 'Strictest label that anything shared in the group may bear; a seat held for an organisation that has not accepted the rules of sharing reaches TLP:CLEAR only';
comment on column groups.public is 'Everybody may know of it; otherwise only who sits in it, asked or was invited, and the coordinators';
alter table groups enable row level security;
create policy app_adds on groups for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on groups for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on groups for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR ((closed_at IS NULL) AND ((public AND (1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[]))) OR (id = ANY (( SELECT actor_groups() AS actor_groups)::integer[]))))));
create policy engine_all on groups for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.groups FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on groups to hsoc_app;
grant insert, select, update on groups to hsoc_engine;
grant update (changed_at, closed_at, joining, kinds, name, public, purpose_cs, purpose_en, roles, tlp_max) on groups to hsoc_app;

create table heartbeats (
  id integer generated always as identity not null,
  name text not null,
  interval_min integer not null,
  grace_min integer not null,
  token_hash bytea not null,
  made_by integer not null,
  made_at timestamp with time zone not null,
  renewed_at timestamp with time zone,
  beat_at timestamp with time zone,
  due_at timestamp with time zone,
  ended_at timestamp with time zone,
  readers integer[] default '{2}'::integer[] not null,
  constraint heartbeats_pkey PRIMARY KEY (id),
  constraint heartbeats_check CHECK (((beat_at IS NULL) = (due_at IS NULL))),
  constraint heartbeats_grace_min_check CHECK (((grace_min >= 5) AND (grace_min <= 10080))),
  constraint heartbeats_interval_min_check CHECK (((interval_min >= 1) AND (interval_min <= 44640))),
  constraint heartbeats_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint heartbeats_name_check CHECK (((name <> ''::text) AND (length(name) <= 100))),
  constraint heartbeats_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX heartbeats_due ON public.heartbeats USING btree (due_at) WHERE ((ended_at IS NULL) AND (due_at IS NOT NULL));
comment on table heartbeats is 'What is to say again and again that it lives; its silence calls the coordinators on duty';
comment on column heartbeats.token_hash is 'Of the address at which it says so; the address is shown once';
comment on column heartbeats.beat_at is 'When it said so last; null: never yet, and then its silence means nothing';
comment on column heartbeats.due_at is 'beat_at, the interval and the grace: from then on it is missing';
alter table heartbeats enable row level security;
create policy app_reads on heartbeats for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on heartbeats for all to hsoc_engine using (true) with check (true);
grant insert, select, update on heartbeats to hsoc_engine;
grant select (beat_at, due_at, ended_at, grace_min, id, interval_min, made_at, made_by, name, readers, renewed_at) on heartbeats to hsoc_app;

create table invitations (
  id integer generated always as identity not null,
  org_id integer not null,
  person_id integer not null,
  name text not null,
  role text not null,
  token_hash bytea not null,
  invited_by integer not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  outcome text,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES people(id),
  constraint invitations_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint invitations_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'withdrawn'::text, 'replaced'::text]))),
  constraint invitations_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['representative'::text, 'security_manager'::text, 'admin'::text, 'duty'::text, 'dpo'::text, 'manager'::text]))),
  constraint invitations_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX invitations_org ON public.invitations USING btree (org_id, created_at DESC);
CREATE INDEX invitations_person ON public.invitations USING btree (person_id);
comment on table invitations is 'A role offered to the holder of a mailbox; the token itself is in the mail alone';
comment on column invitations.name is 'As whoever invited wrote it; it becomes the person''s name only where the person is new';
alter table invitations enable row level security;
create policy app_reads on invitations for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on invitations for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on invitations to hsoc_engine;
grant select (created_at, ended_at, expires_at, id, invited_by, name, org_id, outcome, person_id, role) on invitations to hsoc_app;

create table joining_deferrals (
  org_id integer not null,
  step text not null,
  reason text not null,
  person_id integer not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint joining_deferrals_pkey PRIMARY KEY (org_id, step),
  constraint joining_deferrals_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint joining_deferrals_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 500))),
  constraint joining_deferrals_step_check CHECK ((step = ANY (ARRAY['memorandum'::text, 'sensor'::text, 'training'::text])))
);
comment on table joining_deferrals is 'A step that an organisation puts off, and why; what it does later counts all the same';
alter table joining_deferrals enable row level security;
create policy app_defers on joining_deferrals for insert to hsoc_app with check ((represents(org_id) AND (person_id = ( SELECT actor_person() AS actor_person))));
create policy app_reads on joining_deferrals for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy app_takes_back on joining_deferrals for delete to hsoc_app using (represents(org_id));
create policy engine_all on joining_deferrals for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on joining_deferrals to hsoc_app;
grant select on joining_deferrals to hsoc_engine;
grant update (actor) on joining_deferrals to hsoc_engine;

create table joining_tests (
  warning_id bigint not null,
  org_id integer not null,
  asked_by integer not null,
  at timestamp with time zone not null,
  constraint joining_tests_pkey PRIMARY KEY (warning_id),
  constraint joining_tests_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint joining_tests_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id)
);
CREATE INDEX joining_tests_org ON public.joining_tests USING btree (org_id, at DESC);
comment on table joining_tests is 'Test warnings that a member asked for, each an exercise of its own';
alter table joining_tests enable row level security;
create policy app_reads on joining_tests for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on joining_tests for all to hsoc_engine using (true) with check (true);
grant select on joining_tests to hsoc_app;
grant insert, select on joining_tests to hsoc_engine;

create table kev_entries (
  cve text not null,
  source_id integer not null,
  vendor text not null,
  product text not null,
  name text not null,
  added_on date not null,
  due_on date,
  ransomware boolean not null,
  seen_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  constraint kev_entries_pkey PRIMARY KEY (cve),
  constraint kev_entries_source_id_fkey FOREIGN KEY (source_id) REFERENCES advisory_sources(id)
);
comment on table kev_entries is 'The catalogue of known exploited vulnerabilities (CISA)';
comment on column kev_entries.gone_at is 'When it was no longer in the catalogue';
alter table kev_entries enable row level security;
create policy app_reads on kev_entries for select to hsoc_app using ((1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])));
create policy engine_all on kev_entries for all to hsoc_engine using (true) with check (true);
grant select on kev_entries to hsoc_app;
grant delete, insert, select, update on kev_entries to hsoc_engine;

create table key_labels (
  key_id integer not null,
  list text not null,
  grp text not null,
  effect text not null,
  version text not null,
  since timestamp with time zone not null,
  until timestamp with time zone default 'infinity'::timestamp with time zone not null,
  constraint key_labels_pkey PRIMARY KEY (key_id, list, since)
);
comment on table key_labels is 'Which warning list held a source key and when, so that a list update does not rewrite the past';
alter table key_labels enable row level security;
create policy app_reads on key_labels for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM detections d
  WHERE ((d.key_id = key_labels.key_id) AND (d.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))))));
create policy engine_all on key_labels for all to hsoc_engine using (true) with check (true);
grant select on key_labels to hsoc_app;
grant delete, insert, select, update on key_labels to hsoc_engine;

create table loss (
  sensor_id integer not null,
  hour integer not null,
  received integer default 0 not null,
  stored integer default 0 not null,
  duplicate integer default 0 not null,
  refused integer default 0 not null,
  deferred integer default 0 not null,
  conflict integer default 0 not null,
  late integer default 0 not null,
  future integer default 0 not null,
  repaired integer default 0 not null,
  lost integer default 0 not null,
  requests integer default 0 not null,
  constraint loss_pkey PRIMARY KEY (sensor_id, hour)
);
comment on table loss is 'Always received = stored + duplicate + refused + deferred; lost = what the sender says it discarded itself';
alter table loss enable row level security;
create policy app_reads on loss for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM sensors s
  WHERE (s.id = loss.sensor_id))));
create policy engine_all on loss for all to hsoc_engine using (true) with check (true);
grant select on loss to hsoc_app;
grant delete, insert, select, update on loss to hsoc_engine;

create table loss_reasons (
  sensor_id integer not null,
  hour integer not null,
  reason text not null,
  n integer not null,
  constraint loss_reasons_pkey PRIMARY KEY (sensor_id, hour, reason)
);
alter table loss_reasons enable row level security;
create policy app_reads on loss_reasons for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM sensors s
  WHERE (s.id = loss_reasons.sensor_id))));
create policy engine_all on loss_reasons for all to hsoc_engine using (true) with check (true);
grant select on loss_reasons to hsoc_app;
grant delete, insert, select, update on loss_reasons to hsoc_engine;

create table mail_choices (
  address_key bytea not null,
  singles boolean not null,
  digest text,
  changed_at timestamp with time zone not null,
  constraint mail_choices_pkey PRIMARY KEY (address_key),
  constraint mail_choices_digest_check CHECK ((digest = ANY (ARRAY['daily'::text, 'weekly'::text, 'none'::text])))
);
comment on column mail_choices.singles is 'False: ordinary single mails come in the digest; high and critical warnings come at once all the same';
comment on column mail_choices.digest is 'Null: as the person set it in its account';
alter table mail_choices enable row level security;
create policy app_clears on mail_choices for delete to hsoc_app using ((address_key = ( SELECT address_key(p.email) AS address_key
   FROM people p
  WHERE (p.id = ( SELECT actor_person() AS actor_person)))));
create policy app_reads on mail_choices for select to hsoc_app using ((address_key = ( SELECT address_key(p.email) AS address_key
   FROM people p
  WHERE (p.id = ( SELECT actor_person() AS actor_person)))));
create policy engine_all on mail_choices for all to hsoc_engine using (true) with check (true);
grant delete, select on mail_choices to hsoc_app;
grant delete, insert, select, update on mail_choices to hsoc_engine;

create table mail_keys (
  id integer generated always as identity not null,
  address_key bytea not null,
  address text not null,
  fingerprint text not null,
  public_key text not null,
  expires_at timestamp with time zone,
  uploaded_at timestamp with time zone not null,
  proof_hash bytea,
  proof_until timestamp with time zone,
  proved_at timestamp with time zone,
  unusable_at timestamp with time zone,
  warned_at timestamp with time zone,
  readers integer[] not null,
  constraint mail_keys_pkey PRIMARY KEY (id),
  constraint mail_keys_check CHECK ((((proof_hash IS NULL) = (proved_at IS NOT NULL)) AND ((proof_hash IS NULL) = (proof_until IS NULL)))),
  constraint mail_keys_fingerprint_check CHECK ((fingerprint ~ '^[0-9A-F]{40,64}$'::text)),
  constraint mail_keys_proof_hash_key UNIQUE (proof_hash)
);
CREATE UNIQUE INDEX mail_keys_used ON public.mail_keys USING btree (address_key) WHERE (proved_at IS NOT NULL);
CREATE UNIQUE INDEX mail_keys_waiting ON public.mail_keys USING btree (address_key) WHERE (proved_at IS NULL);
comment on table mail_keys is 'OpenPGP keys of addresses: one that is used, and perhaps one that waits for its proof';
comment on column mail_keys.public_key is 'Armored, as it was given';
comment on column mail_keys.expires_at is 'From when on nothing can be encrypted with it; null: never';
comment on column mail_keys.proof_hash is 'Of the token in the mail that was encrypted to it; null once that came back';
comment on column mail_keys.unusable_at is 'When a mail could not be encrypted with it, and a notice without content went instead';
comment on column mail_keys.warned_at is 'When its address was told that it ends soon';
comment on column mail_keys.readers is 'Who can mend it: its person, the organisations that named the address, the coordinators';
alter table mail_keys enable row level security;
create policy app_reads on mail_keys for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on mail_keys for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on mail_keys to hsoc_engine;
grant select (address, address_key, expires_at, fingerprint, id, proof_until, proved_at, public_key, readers, unusable_at, uploaded_at, warned_at) on mail_keys to hsoc_app;

create table mail_returns (
  on_day date not null,
  kind text not null,
  n integer not null,
  constraint mail_returns_pkey PRIMARY KEY (on_day, kind)
);
comment on table mail_returns is 'What came to the door of returned mails, counted by day; unknown: its return path was never ours';
alter table mail_returns enable row level security;
create policy app_reads on mail_returns for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on mail_returns for all to hsoc_engine using (true) with check (true);
grant select on mail_returns to hsoc_app;
grant delete, insert, select, update on mail_returns to hsoc_engine;

create table mail_standings (
  id integer generated always as identity not null,
  address_key bytea not null,
  address text not null,
  score integer not null,
  scored_at timestamp with time zone not null,
  bounced_at timestamp with time zone not null,
  kind text not null,
  said text not null,
  probe_id bigint,
  suspended_at timestamp with time zone,
  readers integer[] not null,
  constraint mail_standings_pkey PRIMARY KEY (id),
  constraint mail_standings_address_key_key UNIQUE (address_key),
  constraint mail_standings_kind_check CHECK ((kind = ANY (ARRAY['hard'::text, 'soft'::text]))),
  constraint mail_standings_probe_id_fkey FOREIGN KEY (probe_id) REFERENCES deliveries(id) ON DELETE SET NULL
);
comment on table mail_standings is 'Addresses whose mails came back of late; no row: nothing against the address';
comment on column mail_standings.score is 'Hard returns 3, soft ones 1, less one for each quiet week; from 5 on a mail tries whether the address works';
comment on column mail_standings.said is 'What the other server said last';
comment on column mail_standings.probe_id is 'The mail that tries whether the address works, while nobody knows';
comment on column mail_standings.suspended_at is 'The trial came back too: warnings and digests go to others until a trial arrives';
comment on column mail_standings.readers is 'Who can mend it: its person, the organisations that named it, the coordinators unless only the organisation may see the contact';
alter table mail_standings enable row level security;
create policy app_reads on mail_standings for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on mail_standings for all to hsoc_engine using (true) with check (true);
grant select on mail_standings to hsoc_app;
grant delete, insert, select, update on mail_standings to hsoc_engine;

create table match_assets (
  item_id integer not null,
  asset_id integer not null,
  org_id integer not null,
  sure double precision not null,
  why jsonb not null,
  products jsonb not null,
  said text,
  constraint match_assets_pkey PRIMARY KEY (item_id, asset_id),
  constraint match_assets_asset_id_fkey FOREIGN KEY (asset_id) REFERENCES assets(id),
  constraint match_assets_item_id_fkey FOREIGN KEY (item_id) REFERENCES match_items(id) ON DELETE CASCADE,
  constraint match_assets_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint match_assets_products_check CHECK ((octet_length((products)::text) <= 100000)),
  constraint match_assets_said_check CHECK ((said = ANY (ARRAY['same'::text, 'other'::text])))
);
CREATE INDEX match_assets_asset ON public.match_assets USING btree (asset_id);
comment on column match_assets.why is 'Reasons, of which src/modules/assets/matching/sentences.ts makes sentences; without names of people';
comment on column match_assets.products is 'Products of the advisory that it may be: maker, name and versions as written';
comment on column match_assets.said is 'What its people said: it is that product, or another one; null where nobody did';
alter table match_assets enable row level security;
create policy app_reads on match_assets for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on match_assets for all to hsoc_engine using (true) with check (true);
grant select on match_assets to hsoc_app;
grant delete, insert, select, update on match_assets to hsoc_engine;

create table match_changes (
  id bigint generated always as identity not null,
  item_id integer not null,
  org_id integer not null,
  at timestamp with time zone not null,
  kind text not null,
  person_id integer,
  actor text default ''::text not null,
  role text,
  detail jsonb default '{}'::jsonb not null,
  constraint match_changes_pkey PRIMARY KEY (id),
  constraint match_changes_detail_check CHECK ((octet_length((detail)::text) <= 20000)),
  constraint match_changes_item_id_fkey FOREIGN KEY (item_id) REFERENCES match_items(id) ON DELETE CASCADE,
  constraint match_changes_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'version'::text, 'assets'::text, 'exploited'::text, 'closed'::text, 'reopened'::text, 'answer'::text]))),
  constraint match_changes_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint match_changes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX match_changes_item ON public.match_changes USING btree (item_id, id);
comment on table match_changes is 'History of a match, answers included; only added to';
comment on column match_changes.role is 'In which role an answer was given: of two that contradict each other the higher one stands';
alter table match_changes enable row level security;
create policy app_adds on match_changes for insert to hsoc_app with check (((kind = 'answer'::text) AND (person_id = ( SELECT actor_person() AS actor_person)) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (EXISTS ( SELECT 1
   FROM match_items i
  WHERE ((i.id = match_changes.item_id) AND (i.org_id = match_changes.org_id))))));
create policy app_reads on match_changes for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on match_changes for all to hsoc_engine using (true) with check (true);
grant insert, select on match_changes to hsoc_app;
grant delete, insert, select, update on match_changes to hsoc_engine;

create table match_decisions (
  org_id integer not null,
  asset_key text not null,
  product_key text not null,
  same boolean not null,
  asset text not null,
  product text not null,
  reason text default ''::text not null,
  person_id integer not null,
  actor text not null,
  at timestamp with time zone not null,
  constraint match_decisions_pkey PRIMARY KEY (org_id, asset_key, product_key),
  constraint match_decisions_asset_check CHECK ((length(asset) <= 500)),
  constraint match_decisions_asset_key_check CHECK (((length(asset_key) >= 1) AND (length(asset_key) <= 1000))),
  constraint match_decisions_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint match_decisions_product_check CHECK ((length(product) <= 500)),
  constraint match_decisions_product_key_check CHECK (((length(product_key) >= 1) AND (length(product_key) <= 1000))),
  constraint match_decisions_reason_check CHECK ((length(reason) <= 500))
);
comment on table match_decisions is 'What an organisation''s people said of the likeness of an asset and an affected product; without versions, which each advisory judges anew';
comment on column match_decisions.asset_key is 'Maker and name of the asset, folded; the same for all assets written alike';
comment on column match_decisions.product_key is 'The same of the affected product';
comment on column match_decisions.same is 'It is that product; false: it is another one';
comment on column match_decisions.asset is 'As it was written when it was decided; product as the advisory wrote it';
comment on column match_decisions.actor is 'Name of the person at that time';
alter table match_decisions enable row level security;
create policy app_decides on match_decisions for insert to hsoc_app with check ((decides_matches(org_id) AND (person_id = ( SELECT actor_person() AS actor_person))));
create policy app_reads on match_decisions for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy app_takes_back on match_decisions for delete to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND decides_matches(org_id)));
create policy engine_all on match_decisions for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on match_decisions to hsoc_app;
grant select on match_decisions to hsoc_engine;
grant update (actor) on match_decisions to hsoc_engine;

create table match_due (
  advisory_id integer not null,
  org_id integer not null,
  since timestamp with time zone not null,
  constraint match_due_pkey PRIMARY KEY (advisory_id, org_id),
  constraint match_due_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint match_due_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
comment on table match_due is 'What is to be matched anew because the inventory or a decision changed';
alter table match_due enable row level security;
create policy engine_all on match_due for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on match_due to hsoc_engine;

create table match_held (
  advisory_id integer not null,
  vendor text not null,
  product text not null,
  names integer not null,
  makers integer not null,
  held_at timestamp with time zone not null,
  released_by integer,
  released_at timestamp with time zone,
  constraint match_held_pkey PRIMARY KEY (advisory_id, vendor, product),
  constraint match_held_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint match_held_check CHECK (((released_by IS NULL) = (released_at IS NULL))),
  constraint match_held_released_by_fkey FOREIGN KEY (released_by) REFERENCES people(id)
);
comment on table match_held is 'Names of products that match too much to be told anybody before a coordinator has looked';
comment on column match_held.names is 'How many different products of inventories it matched; makers likewise. Never of fewer than five organisations';
alter table match_held enable row level security;
create policy app_reads on match_held for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_releases on match_held for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check ((released_by = ( SELECT actor_person() AS actor_person)));
create policy engine_all on match_held for all to hsoc_engine using (true) with check (true);
grant select on match_held to hsoc_app;
grant delete, insert, select, update on match_held to hsoc_engine;
grant update (released_at, released_by) on match_held to hsoc_app;

create table match_items (
  id integer generated always as identity not null,
  org_id integer not null,
  advisory_id integer not null,
  seq integer not null,
  severity smallint not null,
  exploited boolean not null,
  patient_safety boolean not null,
  sure double precision not null,
  pieces integer not null,
  departments integer not null,
  confirmed boolean not null,
  answer text default 'pending'::text not null,
  planned_on date,
  affected integer,
  conflict boolean default false not null,
  closed_at timestamp with time zone,
  closed_why text,
  state text default 
CASE
    WHEN (closed_why = 'rejected'::text) THEN 'rejected'::text
    WHEN (closed_at IS NOT NULL) THEN 'gone'::text
    WHEN (answer = ANY (ARRAY['done'::text, 'not_affected'::text])) THEN 'dealt'::text
    WHEN confirmed THEN 'confirmed'::text
    ELSE 'open'::text
END not null,
  opened_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  constraint match_items_pkey PRIMARY KEY (id),
  constraint match_items_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint match_items_affected_check CHECK (((affected >= 0) AND (affected <= 1000000))),
  constraint match_items_answer_check CHECK ((answer = ANY (ARRAY['pending'::text, 'seen'::text, 'not_affected'::text, 'working'::text, 'mitigated'::text, 'done'::text]))),
  constraint match_items_check CHECK (((closed_at IS NULL) = (closed_why IS NULL))),
  constraint match_items_closed_why_check CHECK ((closed_why = ANY (ARRAY['version'::text, 'withdrawn'::text, 'covered'::text, 'label'::text, 'assets'::text, 'rejected'::text, 'held'::text]))),
  constraint match_items_departments_check CHECK ((departments >= 0)),
  constraint match_items_org_id_advisory_id_key UNIQUE (org_id, advisory_id),
  constraint match_items_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint match_items_pieces_check CHECK ((pieces >= 0)),
  constraint match_items_severity_check CHECK (((severity >= 0) AND (severity <= 4))),
  constraint match_items_sure_check CHECK (((sure >= (0)::double precision) AND (sure <= (1)::double precision)))
);
CREATE INDEX match_items_advisory ON public.match_items USING btree (advisory_id);
CREATE INDEX match_items_order ON public.match_items USING btree (org_id, patient_safety DESC, exploited DESC, severity DESC, sure DESC, id DESC);
comment on table match_items is 'One for each advisory and organisation whose inventory it concerns';
comment on column match_items.seq is 'Version of the advisory that it stands for';
comment on column match_items.severity is 'Of the advisory; medium where nothing says';
comment on column match_items.patient_safety is 'The advisory says so, or one of the assets may harm a patient';
comment on column match_items.sure is 'The surest of its assets, 0 to 1';
comment on column match_items.confirmed is 'Its people said of at least one asset that it is that product';
comment on column match_items.conflict is 'Two of its people said opposite things; the answer of the higher role stands';
comment on column match_items.closed_why is 'Why the match fell away: version and withdrawn are the advisory''s, covered and label who says it better or may read it, assets the inventory''s, rejected what people said, held what coordinators look at first';
alter table match_items enable row level security;
create policy app_answers on match_items for update to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))) with check ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy app_reads on match_items for select to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on match_items for all to hsoc_engine using (true) with check (true);
grant select on match_items to hsoc_app;
grant delete, insert, select, update on match_items to hsoc_engine;
grant update (affected, answer, changed_at, conflict, planned_on) on match_items to hsoc_app;

create table match_marks (
  advisory_id integer not null,
  seq integer not null,
  changed_at timestamp with time zone not null,
  covering_id integer,
  kev boolean not null,
  keys text[] not null,
  matched_at timestamp with time zone not null,
  constraint match_marks_pkey PRIMARY KEY (advisory_id),
  constraint match_marks_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id)
);
CREATE INDEX match_marks_keys ON public.match_marks USING gin (keys);
comment on table match_marks is 'As what each advisory was last matched with all inventories; another state of it is matched anew';
comment on column match_marks.keys is 'By which its products find assets, and changed assets find it';
alter table match_marks enable row level security;
create policy engine_all on match_marks for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on match_marks to hsoc_engine;

create table match_sums (
  advisory_id integer not null,
  band text not null,
  changed_at timestamp with time zone not null,
  constraint match_sums_pkey PRIMARY KEY (advisory_id),
  constraint match_sums_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id)
);
comment on table match_sums is 'How many organisations an advisory concerns, as a band, of those that agreed to sums of the sector; five at least';
alter table match_sums enable row level security;
create policy app_reads on match_sums for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on match_sums for all to hsoc_engine using (true) with check (true);
grant select on match_sums to hsoc_app;
grant delete, insert, select, update on match_sums to hsoc_engine;

create table matches (
  org_id integer not null,
  batch_id bigint not null,
  idx integer not null,
  side smallint not null,
  class_id integer not null,
  key_id integer not null,
  hour integer not null,
  detected_at timestamp with time zone not null,
  lane smallint not null,
  archive boolean not null,
  severity smallint not null,
  verdict smallint not null,
  share integer not null,
  weight integer not null,
  sensor_id integer not null,
  detector_id integer not null,
  network_id integer,
  host inet,
  peer inet,
  port integer,
  flags integer not null,
  exercise text
);
CREATE INDEX matches_batch ON public.matches USING btree (batch_id, idx);
CREATE INDEX matches_hour ON public.matches USING btree (org_id, hour);
CREATE INDEX matches_key ON public.matches USING btree (org_id, key_id, hour);
comment on column matches.host is 'The member''s own address in the event';
comment on column matches.peer is 'The other end, when it is a single address';
alter table matches enable row level security;
create policy app_reads on matches for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on matches for all to hsoc_engine using (true) with check (true);
grant select on matches to hsoc_app;
grant delete, insert, select, update on matches to hsoc_engine;

create table memorandum_versions (
  id integer generated always as identity not null,
  number integer not null,
  month date not null,
  language text not null,
  title text not null,
  text text not null,
  file_sha256 text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  published_at timestamp with time zone,
  constraint memorandum_versions_pkey PRIMARY KEY (id),
  constraint memorandum_versions_file_sha256_check CHECK ((file_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint memorandum_versions_language_check CHECK ((language = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint memorandum_versions_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint memorandum_versions_number_check CHECK (((number >= 1) AND (number <= 999))),
  constraint memorandum_versions_number_key UNIQUE (number),
  constraint memorandum_versions_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
);
comment on column memorandum_versions.month is 'First day of the month of which the version is; the documents give no day';
comment on column memorandum_versions.file_sha256 is 'SHA-256 of the file that was signed, so that a copy can be compared with it';
comment on column memorandum_versions.published_at is 'Since when everybody may read it; null while it is among members alone';
alter table memorandum_versions enable row level security;
create policy app_adds on memorandum_versions for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on memorandum_versions for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on memorandum_versions for select to hsoc_app using ((( SELECT actor_person() AS actor_person) IS NOT NULL));
create policy engine_all on memorandum_versions for all to hsoc_engine using (true) with check (true);
create policy public_reads on memorandum_versions for select to hsoc_app using (((published_at IS NOT NULL) AND (1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[]))));
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.memorandum_versions FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select, update on memorandum_versions to hsoc_app;
grant delete, insert, select, update on memorandum_versions to hsoc_engine;

create table networks (
  id integer generated always as identity not null,
  org_id integer not null,
  net_from inet not null,
  net_to inet not null,
  text text not null,
  role text default 'owner'::text not null,
  label text default 'office'::text not null,
  visible_to_parent boolean default false not null,
  valid_from timestamp with time zone default '-infinity'::timestamp with time zone not null,
  valid_to timestamp with time zone default 'infinity'::timestamp with time zone not null,
  claimed_from text default 'import'::text not null,
  recorded_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  continues_id integer,
  constraint networks_pkey PRIMARY KEY (id),
  constraint networks_continues_id_fkey FOREIGN KEY (continues_id) REFERENCES networks(id),
  constraint networks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint networks_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'delegated'::text, 'provider'::text])))
);
CREATE INDEX networks_org ON public.networks USING btree (org_id);
comment on column networks.claimed_from is 'import, or claim where a claim became this record';
comment on column networks.closed_at is 'When somebody ended or corrected the record; null while it stands as claimed, even past its planned end';
comment on column networks.continues_id is 'The record of another organisation that this one goes on with, after a merger or its undoing';
alter table networks enable row level security;
create policy app_reads on networks for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on networks for all to hsoc_engine using (true) with check (true);
grant select on networks to hsoc_app;
grant delete, insert, select, update on networks to hsoc_engine;

create table oncall_climbs (
  id integer generated always as identity not null,
  kind text not null,
  cause text not null,
  org_id integer,
  warning_id bigint,
  written_id integer,
  severity smallint not null,
  topic text,
  notice_kind text not null,
  policy jsonb not null,
  state text default 'climbing'::text not null,
  round integer default 1 not null,
  first_round integer default 1 not null,
  next_no integer default 1 not null,
  round_at timestamp with time zone not null,
  next_at timestamp with time zone,
  began_at timestamp with time zone not null,
  taken_at timestamp with time zone,
  taken_by integer,
  ended_at timestamp with time zone,
  ended_why text,
  readers integer[] not null,
  constraint oncall_climbs_pkey PRIMARY KEY (id),
  constraint oncall_climbs_cause_check CHECK ((cause = ANY (ARRAY['critical'::text, 'emergency'::text, 'sensor'::text, 'handed-up'::text, 'nobody'::text, 'review'::text, 'heartbeat'::text]))),
  constraint oncall_climbs_check CHECK (((warning_id IS NULL) <> (written_id IS NULL))),
  constraint oncall_climbs_check1 CHECK ((((state = 'ended'::text) = (ended_at IS NOT NULL)) AND ((state = 'ended'::text) = (ended_why IS NOT NULL)))),
  constraint oncall_climbs_check2 CHECK (((state = 'climbing'::text) = (next_at IS NOT NULL))),
  constraint oncall_climbs_ended_why_check CHECK ((ended_why = ANY (ARRAY['answered'::text, 'over'::text, 'closed'::text, 'handed-up'::text, 'reviewed'::text]))),
  constraint oncall_climbs_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'csirt'::text]))),
  constraint oncall_climbs_notice_kind_check CHECK ((notice_kind = ANY (ARRAY['new'::text, 'update'::text, 'relapse'::text, 'ladder'::text, 'exercise'::text]))),
  constraint oncall_climbs_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint oncall_climbs_state_check CHECK ((state = ANY (ARRAY['climbing'::text, 'taken'::text, 'open'::text, 'ended'::text]))),
  constraint oncall_climbs_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES people(id),
  constraint oncall_climbs_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE,
  constraint oncall_climbs_written_id_fkey FOREIGN KEY (written_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX oncall_climbs_due ON public.oncall_climbs USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX oncall_climbs_living ON public.oncall_climbs USING btree (kind, COALESCE(warning_id, (0)::bigint), COALESCE(written_id, 0), COALESCE(org_id, 0)) WHERE (ended_at IS NULL);
CREATE INDEX oncall_climbs_warning ON public.oncall_climbs USING btree (warning_id) WHERE (warning_id IS NOT NULL);
CREATE INDEX oncall_climbs_written ON public.oncall_climbs USING btree (written_id) WHERE (written_id IS NOT NULL);
comment on table oncall_climbs is 'What climbs the steps of an escalation policy, of a member or of the coordinators, until somebody takes it';
comment on column oncall_climbs.cause is 'handed-up: a member''s steps came to the coordinators; nobody: no step of the member''s reached anybody';
comment on column oncall_climbs.org_id is 'Whose thing it is; null: the coordinators'' own';
comment on column oncall_climbs.topic is 'Of the notice that went out at the beginning: the first step tells nobody twice';
comment on column oncall_climbs.policy is 'As it was at the beginning; later versions change nothing';
comment on column oncall_climbs.state is 'taken: acknowledged, opens again after an hour; open: every step was told, and nobody took it';
comment on column oncall_climbs.first_round is 'The round it began with, or began again with';
alter table oncall_climbs enable row level security;
create policy app_reads on oncall_climbs for select to hsoc_app using (((readers && ( SELECT actor_scopes() AS actor_scopes)) OR ((kind = 'member'::text) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND ((EXISTS ( SELECT 1
   FROM warnings w
  WHERE (w.id = oncall_climbs.warning_id))) OR (EXISTS ( SELECT 1
   FROM written_warnings r
  WHERE (r.id = oncall_climbs.written_id)))))));
create policy engine_all on oncall_climbs for all to hsoc_engine using (true) with check (true);
grant select on oncall_climbs to hsoc_app;
grant insert, select, update on oncall_climbs to hsoc_engine;

create table oncall_steps (
  climb_id integer not null,
  org_id integer,
  round integer not null,
  no integer not null,
  fired_at timestamp with time zone not null,
  people integer[] default '{}'::integer[] not null,
  reached integer default 0 not null,
  constraint oncall_steps_pkey PRIMARY KEY (climb_id, round, no),
  constraint oncall_steps_climb_id_fkey FOREIGN KEY (climb_id) REFERENCES oncall_climbs(id) ON DELETE CASCADE,
  constraint oncall_steps_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
comment on table oncall_steps is 'Steps that fired: a step fires once in a round, whoever asks';
comment on column oncall_steps.people is 'Who the step was at that moment';
comment on column oncall_steps.reached is 'How many of them have a way by which they could be told';
alter table oncall_steps enable row level security;
create policy app_reads on oncall_steps for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM oncall_climbs c
  WHERE (c.id = oncall_steps.climb_id))));
create policy engine_all on oncall_steps for all to hsoc_engine using (true) with check (true);
grant select on oncall_steps to hsoc_app;
grant insert, select, update on oncall_steps to hsoc_engine;

create table org_rollcalls (
  broadcast_id integer not null,
  org_id integer not null,
  state text not null,
  excused text,
  answer text,
  role text,
  person_id integer,
  via text,
  conflict boolean default false not null,
  first_at timestamp with time zone,
  answered_at timestamp with time zone,
  last_step smallint default 0 not null,
  next_step smallint,
  next_at timestamp with time zone,
  asked_again boolean default false not null,
  followed_at timestamp with time zone,
  policy jsonb,
  constraint org_rollcalls_pkey PRIMARY KEY (broadcast_id, org_id),
  constraint org_rollcalls_answer_check CHECK ((answer ~ '^[1-9]$'::text)),
  constraint org_rollcalls_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint org_rollcalls_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint org_rollcalls_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint org_rollcalls_role_check CHECK ((role = ANY (ARRAY['manager'::text, 'representative'::text, 'security_manager'::text, 'duty'::text, 'admin'::text, 'dpo'::text, 'coordinator'::text]))),
  constraint org_rollcalls_state_check CHECK ((state = ANY (ARRAY['no_contact'::text, 'pending'::text, 'delivered'::text, 'acknowledged'::text, 'answered'::text, 'handed_to_operator'::text]))),
  constraint org_rollcalls_via_check CHECK ((via = ANY (ARRAY['page'::text, 'link'::text, 'sms'::text, 'api'::text, 'coordinator'::text])))
);
CREATE INDEX org_rollcalls_due ON public.org_rollcalls USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX org_rollcalls_org ON public.org_rollcalls USING btree (org_id);
comment on table org_rollcalls is 'The board: each organisation asked, and where it stands';
comment on column org_rollcalls.excused is 'Why it is not asked: the reason of its protected window';
comment on column org_rollcalls.answer is 'The answer that stands: a code of the broadcast''s';
comment on column org_rollcalls.first_at is 'When anybody of it first said anything, be it only that it was seen';
comment on column org_rollcalls.next_at is 'When its next step fires; null: no more, or it has answered';
comment on column org_rollcalls.asked_again is 'Seen but not answered, it was asked once more at the deadline';
comment on column org_rollcalls.followed_at is 'When it was last seen whether its step has to go another way, and it had not: whoever waits longest is next';
comment on column org_rollcalls.policy is 'The steps of this organisation''s own escalation as they were at the release; null: it goes by those of the call';
alter table org_rollcalls enable row level security;
create policy app_reads on org_rollcalls for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM broadcasts b
  WHERE (b.id = org_rollcalls.broadcast_id)))));
create policy engine_all on org_rollcalls for all to hsoc_engine using (true) with check (true);
grant select on org_rollcalls to hsoc_app;
grant delete, insert, select, update on org_rollcalls to hsoc_engine;

create table organisation_merge_records (
  merge_id integer not null,
  kind text not null,
  was_id integer not null,
  is_id integer,
  until timestamp with time zone not null,
  constraint organisation_merge_records_pkey PRIMARY KEY (merge_id, kind, was_id),
  constraint organisation_merge_records_kind_check CHECK ((kind = ANY (ARRAY['network'::text, 'domain'::text, 'engagement'::text]))),
  constraint organisation_merge_records_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES organisation_merges(id)
);
comment on table organisation_merge_records is 'What a merger carried over: the record of the organisation, and the one of the successor that goes on with it';
comment on column organisation_merge_records.is_id is 'Null where the successor held the same already';
comment on column organisation_merge_records.until is 'Planned end of the record before the merger ended it';
alter table organisation_merge_records enable row level security;
create policy engine_all on organisation_merge_records for all to hsoc_engine using (true) with check (true);
grant insert, select on organisation_merge_records to hsoc_engine;

create table organisation_merges (
  id integer generated always as identity not null,
  org_id integer not null,
  into_id integer not null,
  from_status text not null,
  reason text not null,
  person_id integer not null,
  actor text not null,
  at timestamp with time zone not null,
  undone_at timestamp with time zone,
  undone_reason text,
  undone_by integer,
  undone_actor text,
  constraint organisation_merges_pkey PRIMARY KEY (id),
  constraint organisation_merges_check CHECK ((org_id <> into_id)),
  constraint organisation_merges_check1 CHECK ((num_nulls(undone_at, undone_reason, undone_by, undone_actor) = ANY (ARRAY[0, 4]))),
  constraint organisation_merges_into_id_fkey FOREIGN KEY (into_id) REFERENCES organisations(id),
  constraint organisation_merges_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint organisation_merges_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 1000))),
  constraint organisation_merges_undone_reason_check CHECK (((length(btrim(undone_reason)) >= 1) AND (length(btrim(undone_reason)) <= 1000)))
);
CREATE INDEX organisation_merges_into ON public.organisation_merges USING btree (into_id);
CREATE UNIQUE INDEX organisation_merges_standing ON public.organisation_merges USING btree (org_id) WHERE (undone_at IS NULL);
comment on table organisation_merges is 'Who merged which organisation into which, when and why; a merger undone within 30 days keeps its line';
comment on column organisation_merges.from_status is 'How the organisation took part before, and does again when the merger is undone';
comment on column organisation_merges.actor is 'Name of the person at that time';
alter table organisation_merges enable row level security;
create policy app_reads on organisation_merges for select to hsoc_app using (((ARRAY[org_id, into_id] && ( SELECT actor_orgs() AS actor_orgs)) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on organisation_merges for all to hsoc_engine using (true) with check (true);
grant select on organisation_merges to hsoc_app;
grant insert, select, update on organisation_merges to hsoc_engine;

create table organisation_moves (
  id integer generated always as identity not null,
  org_id integer not null,
  from_status text not null,
  to_status text not null,
  reason text not null,
  person_id integer,
  actor text not null,
  at timestamp with time zone not null,
  constraint organisation_moves_pkey PRIMARY KEY (id),
  constraint organisation_moves_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint organisation_moves_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 1000)))
);
CREATE INDEX organisation_moves_org ON public.organisation_moves USING btree (org_id, at DESC, id DESC);
comment on table organisation_moves is 'Who moved an organisation from one status to another, when and why; only added to';
comment on column organisation_moves.actor is 'Name of the person at that time';
alter table organisation_moves enable row level security;
create policy app_adds on organisation_moves for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (person_id = ( SELECT actor_person() AS actor_person))));
create policy app_reads on organisation_moves for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on organisation_moves for all to hsoc_engine using (true) with check (true);
grant insert, select on organisation_moves to hsoc_app;
grant delete, insert, select, update on organisation_moves to hsoc_engine;

create table organisation_names (
  id integer generated always as identity not null,
  org_id integer not null,
  name text not null,
  kind text not null,
  added_at timestamp with time zone not null,
  constraint organisation_names_pkey PRIMARY KEY (id),
  constraint organisation_names_kind_check CHECK ((kind = ANY (ARRAY['earlier'::text, 'alias'::text]))),
  constraint organisation_names_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint organisation_names_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
CREATE UNIQUE INDEX organisation_names_name ON public.organisation_names USING btree (org_id, lower(name));
comment on table organisation_names is 'Names under which an organisation is found besides its present one: those it bore, and how lists spell it';
alter table organisation_names enable row level security;
create policy app_adds on organisation_names for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on organisation_names for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy app_removes on organisation_names for delete to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on organisation_names for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on organisation_names to hsoc_app;
grant delete, insert, select, update on organisation_names to hsoc_engine;

create table organisations (
  id integer generated always as identity not null,
  name text not null,
  kind text not null,
  region text,
  language text default 'cs'::text not null,
  status text default 'participant'::text not null,
  contact_email text,
  phone text,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  readers integer[] default '{}'::integer[] not null,
  founder text,
  ico text,
  nuts3 text,
  regime text default 'unknown'::text not null,
  languages text[] default '{cs}'::text[] not null,
  parent_id integer,
  rules_accepted_at timestamp with time zone,
  merged_into integer,
  present_id integer,
  constraint organisations_pkey PRIMARY KEY (id),
  constraint organisations_check CHECK ((parent_id <> id)),
  constraint organisations_check1 CHECK ((merged_into <> id)),
  constraint organisations_check2 CHECK ((present_id <> id)),
  constraint organisations_ico_check CHECK ((ico ~ '^[0-9]{8}$'::text)),
  constraint organisations_language_check CHECK ((language = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint organisations_languages_check CHECK (((cardinality(languages) > 0) AND (languages <@ ARRAY['cs'::text, 'en'::text]))),
  constraint organisations_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES organisations(id),
  constraint organisations_merged_left CHECK ((((merged_into IS NULL) = (present_id IS NULL)) AND ((merged_into IS NULL) OR (status = 'left'::text)))),
  constraint organisations_nuts3_check CHECK ((nuts3 ~ '^[A-Z]{2}[0-9A-Z]{3}$'::text)),
  constraint organisations_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES organisations(id),
  constraint organisations_present_id_fkey FOREIGN KEY (present_id) REFERENCES organisations(id),
  constraint organisations_regime_check CHECK ((regime = ANY (ARRAY['none'::text, 'lower'::text, 'higher'::text, 'unknown'::text]))),
  constraint organisations_status_check CHECK ((status = ANY (ARRAY['prospect'::text, 'follower'::text, 'participant'::text, 'signatory'::text, 'left'::text])))
);
CREATE INDEX organisations_ico ON public.organisations USING btree (ico) WHERE (ico IS NOT NULL);
CREATE INDEX organisations_merged ON public.organisations USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE UNIQUE INDEX organisations_name ON public.organisations USING btree (lower(name));
CREATE INDEX organisations_present ON public.organisations USING btree (present_id) WHERE (present_id IS NOT NULL);
comment on column organisations.region is 'As it was said; nuts3 is the region of the country (content/regions.json) that it means, where it means one';
comment on column organisations.readers is 'Scopes that may read the row: coordinators and the readers of the organisation itself';
comment on column organisations.founder is 'Name of the founding organisation, as the import said it; founders need not be in the register';
comment on column organisations.ico is 'Identification number with its leading zeros. A wrong check digit is kept and shown: public lists contain such; several sites may share one';
comment on column organisations.regime is 'Regime under the Czech cyber-security act (264/2025 Coll.): obligations lower or higher, none, or not known yet';
comment on column organisations.languages is 'What its people understand; language is the one in which we write to it';
comment on column organisations.parent_id is 'The organisation of which this one is a part (a faculty of a university), when both stand in the register';
comment on column organisations.rules_accepted_at is 'When the rules of sharing were first accepted; null where they are not. Without it nothing is read that is meant for all members';
comment on column organisations.merged_into is 'The organisation that it was merged into, and that goes on for it; null for one that stands for itself';
comment on column organisations.present_id is 'The end of that way: the organisation that stands for it today, after any number of mergers';
alter table organisations enable row level security;
create policy app_adds on organisations for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on organisations for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on organisations for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on organisations for all to hsoc_engine using (true) with check (true);
create policy own_read on organisations for select to hsoc_app using ((id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
CREATE TRIGGER seats_follow AFTER UPDATE OF status ON public.organisations FOR EACH ROW WHEN (((new.status = 'left'::text) AND (old.status <> 'left'::text))) EXECUTE FUNCTION seats_follow_organisations();
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.organisations FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on organisations to hsoc_app;
grant delete, insert, select, update on organisations to hsoc_engine;
grant update (changed_at, contact_email, founder, ico, kind, language, languages, name, nuts3, parent_id, phone, readers, regime, region, rules_accepted_at, status) on organisations to hsoc_app;

create table outages (
  id integer generated always as identity not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  constraint outages_pkey PRIMARY KEY (id),
  constraint outages_check CHECK ((to_at > from_at))
);
CREATE INDEX outages_recent ON public.outages USING btree (to_at DESC);
comment on table outages is 'Times in which no node did its work: nobody was warned, and what sensors kept came later';
alter table outages enable row level security;
create policy app_reads on outages for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy engine_all on outages for all to hsoc_engine using (true) with check (true);
grant select on outages to hsoc_app;
grant delete, insert, select on outages to hsoc_engine;

create table passkeys (
  id integer generated always as identity not null,
  person_id integer not null,
  credential_id text not null,
  public_key bytea not null,
  counter bigint not null,
  transports text[] default '{}'::text[] not null,
  name text not null,
  backed_up boolean not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id),
  constraint passkeys_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX passkeys_person ON public.passkeys USING btree (person_id);
comment on column passkeys.credential_id is 'base64url, as the authenticator named it';
comment on column passkeys.public_key is 'COSE';
comment on column passkeys.counter is 'Signatures that the authenticator said it had made; going back means a copy';
comment on column passkeys.backed_up is 'Kept by a provider on several devices, as the authenticator says';
alter table passkeys enable row level security;
create policy app_reads on passkeys for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on passkeys for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on passkeys to hsoc_engine;
grant select (backed_up, created_at, id, name, person_id, used_at) on passkeys to hsoc_app;

create table password_resets (
  token_hash bytea not null,
  person_id integer not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint password_resets_pkey PRIMARY KEY (token_hash),
  constraint password_resets_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
alter table password_resets enable row level security;
create policy engine_all on password_resets for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on password_resets to hsoc_engine;

create table people (
  id integer generated always as identity not null,
  email text not null,
  name text not null,
  password_hash text,
  language text default 'cs'::text not null,
  digest text default 'daily'::text not null,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  readers integer[] default '{}'::integer[] not null,
  erased_at timestamp with time zone,
  sought text default folded(((name || ' '::text) || email)),
  merged_into integer,
  constraint people_pkey PRIMARY KEY (id),
  constraint people_digest_check CHECK ((digest = ANY (ARRAY['daily'::text, 'weekly'::text]))),
  constraint people_language_check CHECK ((language = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint people_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES people(id)
);
CREATE UNIQUE INDEX people_email ON public.people USING btree (lower(email));
CREATE INDEX people_kept ON public.people USING btree (id) WHERE (erased_at IS NULL);
CREATE INDEX people_readers ON public.people USING gin (readers);
comment on column people.password_hash is 'argon2id in PHC form; null until the person has chosen a password';
comment on column people.erased_at is 'When the personal data were erased; the row stays as a number that answers and lines of the trail refer to';
comment on column people.sought is 'What a search looks through: name and address in small letters without accents';
comment on column people.merged_into is 'The account that goes on for this one, which lets nobody in; null for one that stands for itself';
alter table people enable row level security;
create policy app_changes_self on people for update to hsoc_app using ((id = ( SELECT actor_person() AS actor_person))) with check ((id = ( SELECT actor_person() AS actor_person)));
create policy app_reads on people for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on people for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.people FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant delete, insert, select, update on people to hsoc_engine;
grant select (created_at, digest, disabled_at, email, id, language, merged_into, name, readers, sought) on people to hsoc_app;
grant update (digest, language) on people to hsoc_app;

create table people_managers (
  id integer generated always as identity not null,
  org_id integer not null,
  person_id integer not null,
  given_by integer not null,
  given_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint people_managers_pkey PRIMARY KEY (id),
  constraint people_managers_given_by_fkey FOREIGN KEY (given_by) REFERENCES people(id),
  constraint people_managers_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint people_managers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE UNIQUE INDEX people_managers_one ON public.people_managers USING btree (org_id, person_id) WHERE (ended_at IS NULL);
CREATE INDEX people_managers_person ON public.people_managers USING btree (person_id);
comment on table people_managers is 'Whom a representative has let manage the people of the organisation; representatives do so by their role';
alter table people_managers enable row level security;
create policy app_reads on people_managers for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on people_managers for all to hsoc_engine using (true) with check (true);
grant select on people_managers to hsoc_app;
grant insert, select, update on people_managers to hsoc_engine;

create table person_merge_records (
  merge_id integer not null,
  kind text not null,
  was_id bigint not null,
  is_id bigint not null,
  constraint person_merge_records_pkey PRIMARY KEY (merge_id, kind, was_id),
  constraint person_merge_records_kind_check CHECK ((kind = ANY (ARRAY['engagement'::text, 'engagement-held'::text, 'delegation'::text, 'delegation-held'::text, 'contact'::text, 'seat'::text, 'moderating'::text, 'assignment'::text]))),
  constraint person_merge_records_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES person_merges(id)
);
comment on table person_merge_records is 'What went over with a merging of two accounts: the row that ended or changed hands, and the row that goes on (held: it was there before)';
alter table person_merge_records enable row level security;
create policy engine_all on person_merge_records for all to hsoc_engine using (true) with check (true);
grant insert, select on person_merge_records to hsoc_engine;

create table person_merges (
  id integer generated always as identity not null,
  person_id integer not null,
  into_id integer not null,
  reason text not null,
  asked_by integer not null,
  asker text not null,
  asked_at timestamp with time zone not null,
  decided_by integer,
  decider text,
  merged_at timestamp with time zone,
  ended_by integer,
  ender text,
  ended_reason text,
  ended_at timestamp with time zone,
  constraint person_merges_pkey PRIMARY KEY (id),
  constraint person_merges_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES people(id),
  constraint person_merges_check CHECK ((person_id <> into_id)),
  constraint person_merges_check1 CHECK (((ended_at IS NULL) = (ended_reason IS NULL))),
  constraint person_merges_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES people(id),
  constraint person_merges_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES people(id),
  constraint person_merges_ended_reason_check CHECK (((length(ended_reason) >= 1) AND (length(ended_reason) <= 1000))),
  constraint person_merges_into_id_fkey FOREIGN KEY (into_id) REFERENCES people(id),
  constraint person_merges_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint person_merges_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);
CREATE INDEX person_merges_into ON public.person_merges USING btree (into_id);
CREATE UNIQUE INDEX person_merges_one ON public.person_merges USING btree (person_id) WHERE (ended_at IS NULL);
comment on table person_merges is 'Two accounts of one human made one; asked for, then merged (at once, or by a second coordinator where a power goes over)';
comment on column person_merges.person_id is 'The account that ends to stand for itself';
comment on column person_merges.into_id is 'The account that goes on, with its own means of sign-in';
comment on column person_merges.decided_by is 'The second coordinator; null where none was needed or none has decided yet';
comment on column person_merges.merged_at is 'Null while it waits for a second coordinator';
comment on column person_merges.ended_at is 'When it was taken back: before it was merged, or within thirty days after';
alter table person_merges enable row level security;
create policy app_reads on person_merges for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person)) OR (into_id = ( SELECT actor_person() AS actor_person))));
create policy engine_all on person_merges for all to hsoc_engine using (true) with check (true);
grant select on person_merges to hsoc_app;
grant insert, select, update on person_merges to hsoc_engine;

create table plan_actions (
  id integer generated always as identity not null,
  goal_id integer not null,
  title_cs text default ''::text not null,
  title_en text default ''::text not null,
  owner text not null,
  start_on date not null,
  first_due_on date not null,
  public boolean default false not null,
  created_at timestamp with time zone not null,
  created_by integer,
  reminded_for date,
  reminded_days integer,
  constraint plan_actions_pkey PRIMARY KEY (id),
  constraint plan_actions_check CHECK ((first_due_on >= start_on)),
  constraint plan_actions_check1 CHECK (((title_cs <> ''::text) OR (title_en <> ''::text))),
  constraint plan_actions_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id),
  constraint plan_actions_goal_id_fkey FOREIGN KEY (goal_id) REFERENCES plan_goals(id),
  constraint plan_actions_owner_check CHECK (((length(owner) >= 1) AND (length(owner) <= 80))),
  constraint plan_actions_reminded_days_check CHECK ((reminded_days = ANY (ARRAY[14, 0]))),
  constraint plan_actions_title_cs_check CHECK ((length(title_cs) <= 200)),
  constraint plan_actions_title_en_check CHECK ((length(title_en) <= 200))
);
CREATE INDEX plan_actions_goal ON public.plan_actions USING btree (goal_id);
comment on column plan_actions.owner is 'The group that answers for it';
comment on column plan_actions.first_due_on is 'The date first promised; it never changes. The one in force is that of the latest row of plan_date_changes';
comment on column plan_actions.reminded_for is 'The date in force of which the last reminder spoke; null while there was none';
comment on column plan_actions.reminded_days is 'Which reminder that was: 14 days before, or 0 on the day';
alter table plan_actions enable row level security;
create policy app_adds on plan_actions for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on plan_actions for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (public AND (1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])))));
create policy app_words on plan_actions for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on plan_actions for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.plan_actions FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on plan_actions to hsoc_app;
grant insert, select on plan_actions to hsoc_engine;
grant update (owner, public, title_cs, title_en) on plan_actions to hsoc_app;
grant update (reminded_days, reminded_for) on plan_actions to hsoc_engine;

create table plan_date_changes (
  id integer generated always as identity not null,
  action_id integer not null,
  old_on date not null,
  new_on date not null,
  reason_cs text default ''::text not null,
  reason_en text default ''::text not null,
  at timestamp with time zone not null,
  by integer,
  constraint plan_date_changes_pkey PRIMARY KEY (id),
  constraint plan_date_changes_action_id_fkey FOREIGN KEY (action_id) REFERENCES plan_actions(id),
  constraint plan_date_changes_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  constraint plan_date_changes_check CHECK ((new_on <> old_on)),
  constraint plan_date_changes_check1 CHECK (((reason_cs <> ''::text) OR (reason_en <> ''::text))),
  constraint plan_date_changes_reason_cs_check CHECK ((length(reason_cs) <= 400)),
  constraint plan_date_changes_reason_en_check CHECK ((length(reason_en) <= 400))
);
CREATE INDEX plan_date_changes_action ON public.plan_date_changes USING btree (action_id);
comment on table plan_date_changes is 'The only way in which a date of the plan moves; every one is shown with its reason';
alter table plan_date_changes enable row level security;
create policy app_adds on plan_date_changes for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on plan_date_changes for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM plan_actions a
  WHERE (a.id = plan_date_changes.action_id))));
create policy engine_all on plan_date_changes for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.plan_date_changes FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on plan_date_changes to hsoc_app;
grant insert, select on plan_date_changes to hsoc_engine;

create table plan_evidence (
  id integer generated always as identity not null,
  action_id integer not null,
  kind text not null,
  label_cs text default ''::text not null,
  label_en text default ''::text not null,
  link text not null,
  at timestamp with time zone not null,
  by integer,
  constraint plan_evidence_pkey PRIMARY KEY (id),
  constraint plan_evidence_action_id_fkey FOREIGN KEY (action_id) REFERENCES plan_actions(id),
  constraint plan_evidence_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  constraint plan_evidence_check CHECK (((label_cs <> ''::text) OR (label_en <> ''::text))),
  constraint plan_evidence_kind_check CHECK ((kind = ANY (ARRAY['counter'::text, 'document'::text, 'training'::text, 'service'::text]))),
  constraint plan_evidence_label_cs_check CHECK ((length(label_cs) <= 200)),
  constraint plan_evidence_label_en_check CHECK ((length(label_en) <= 200)),
  constraint plan_evidence_link_check CHECK ((length(link) <= 500))
);
CREATE INDEX plan_evidence_action ON public.plan_evidence USING btree (action_id);
alter table plan_evidence enable row level security;
create policy app_adds on plan_evidence for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on plan_evidence for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM plan_actions a
  WHERE (a.id = plan_evidence.action_id))));
create policy engine_all on plan_evidence for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.plan_evidence FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on plan_evidence to hsoc_app;
grant insert, select on plan_evidence to hsoc_engine;

create table plan_goals (
  id integer generated always as identity not null,
  title_cs text default ''::text not null,
  title_en text default ''::text not null,
  paragraph text default ''::text not null,
  "position" integer default 100 not null,
  created_at timestamp with time zone not null,
  created_by integer,
  constraint plan_goals_pkey PRIMARY KEY (id),
  constraint plan_goals_check CHECK (((title_cs <> ''::text) OR (title_en <> ''::text))),
  constraint plan_goals_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id),
  constraint plan_goals_paragraph_check CHECK ((length(paragraph) <= 80)),
  constraint plan_goals_title_cs_check CHECK ((length(title_cs) <= 200)),
  constraint plan_goals_title_en_check CHECK ((length(title_en) <= 200))
);
comment on table plan_goals is 'What the action plan is to reach; paragraph names the place in the memorandum that it comes from';
alter table plan_goals enable row level security;
create policy app_adds on plan_goals for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on plan_goals for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM plan_actions a
  WHERE (a.goal_id = plan_goals.id)))));
create policy app_words on plan_goals for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on plan_goals for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.plan_goals FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on plan_goals to hsoc_app;
grant insert, select on plan_goals to hsoc_engine;
grant update (paragraph, position, title_cs, title_en) on plan_goals to hsoc_app;

create table plan_updates (
  id integer generated always as identity not null,
  action_id integer not null,
  at timestamp with time zone not null,
  status text not null,
  progress integer not null,
  text_cs text default ''::text not null,
  text_en text default ''::text not null,
  by integer,
  constraint plan_updates_pkey PRIMARY KEY (id),
  constraint plan_updates_action_id_fkey FOREIGN KEY (action_id) REFERENCES plan_actions(id),
  constraint plan_updates_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  constraint plan_updates_check CHECK (((text_cs <> ''::text) OR (text_en <> ''::text))),
  constraint plan_updates_check1 CHECK (((status <> 'done'::text) OR (progress = 100))),
  constraint plan_updates_progress_check CHECK (((progress >= 0) AND (progress <= 100))),
  constraint plan_updates_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'running'::text, 'done'::text, 'stopped'::text]))),
  constraint plan_updates_text_cs_check CHECK ((length(text_cs) <= 2000)),
  constraint plan_updates_text_en_check CHECK ((length(text_en) <= 2000))
);
CREATE INDEX plan_updates_action ON public.plan_updates USING btree (action_id);
comment on table plan_updates is 'State and progress of an action are those of its latest update, so neither changes without a text';
alter table plan_updates enable row level security;
create policy app_adds on plan_updates for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND ((status <> 'done'::text) OR (EXISTS ( SELECT 1
   FROM plan_evidence e
  WHERE (e.action_id = plan_updates.action_id))))));
create policy app_reads on plan_updates for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM plan_actions a
  WHERE (a.id = plan_updates.action_id))));
create policy engine_all on plan_updates for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.plan_updates FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on plan_updates to hsoc_app;
grant insert, select on plan_updates to hsoc_engine;

create table protected_windows (
  id integer generated always as identity not null,
  org_id integer not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  reason text not null,
  declared_by integer not null,
  declared_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint protected_windows_pkey PRIMARY KEY (id),
  constraint protected_windows_check CHECK ((to_at > from_at)),
  constraint protected_windows_declared_by_fkey FOREIGN KEY (declared_by) REFERENCES people(id),
  constraint protected_windows_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint protected_windows_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 200)))
);
CREATE INDEX protected_windows_org ON public.protected_windows USING btree (org_id, to_at) WHERE (withdrawn_at IS NULL);
comment on table protected_windows is 'When an organisation wants no drill: operations, another crisis';
alter table protected_windows enable row level security;
create policy app_reads on protected_windows for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on protected_windows for all to hsoc_engine using (true) with check (true);
grant select on protected_windows to hsoc_app;
grant delete, insert, select, update on protected_windows to hsoc_engine;

create table provider_links (
  id integer generated always as identity not null,
  person_id integer not null,
  provider text not null,
  issuer text not null,
  subject text not null,
  email text,
  linked_at timestamp with time zone not null,
  used_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint provider_links_pkey PRIMARY KEY (id),
  constraint provider_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE UNIQUE INDEX provider_links_person ON public.provider_links USING btree (person_id, issuer) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX provider_links_subject ON public.provider_links USING btree (issuer, subject) WHERE (ended_at IS NULL);
comment on column provider_links.provider is 'Name of the provider in the operator''s file when it was last used';
comment on column provider_links.issuer is 'Together with the subject the only thing by which the person is known there';
comment on column provider_links.email is 'As the provider last said; for the person to read, never to find anybody by';
alter table provider_links enable row level security;
create policy app_reads on provider_links for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on provider_links for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on provider_links to hsoc_engine;
grant select (email, ended_at, id, issuer, linked_at, person_id, provider, used_at) on provider_links to hsoc_app;

create table provider_sessions (
  token_hash bytea not null,
  link_id integer not null,
  orgs integer[] not null,
  central boolean not null,
  sid text,
  id_token text not null,
  constraint provider_sessions_pkey PRIMARY KEY (token_hash),
  constraint provider_sessions_link_id_fkey FOREIGN KEY (link_id) REFERENCES provider_links(id),
  constraint provider_sessions_token_hash_fkey FOREIGN KEY (token_hash) REFERENCES sessions(token_hash) ON DELETE CASCADE
);
CREATE INDEX provider_sessions_link ON public.provider_sessions USING btree (link_id);
comment on column provider_sessions.orgs is 'For whose people the provider could vouch when the session began; central: for the sector''s too';
comment on column provider_sessions.sid is 'The session at the provider, where it names one (OpenID Connect Back-Channel Logout 1.0)';
comment on column provider_sessions.id_token is 'The token that says whom to sign out there, sealed (platform/seal.ts)';
alter table provider_sessions enable row level security;
create policy engine_all on provider_sessions for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on provider_sessions to hsoc_engine;
grant update (id_token) on provider_sessions to hsoc_engine;

create table push_devices (
  id integer generated always as identity not null,
  person_id integer not null,
  name text not null,
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  added_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  told_at timestamp with time zone,
  gone_at timestamp with time zone,
  constraint push_devices_pkey PRIMARY KEY (id),
  constraint push_devices_endpoint_key UNIQUE (endpoint),
  constraint push_devices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX push_devices_person ON public.push_devices USING btree (person_id);
comment on table push_devices is 'Browsers that a person wants messages in';
comment on column push_devices.endpoint is 'Where its push service takes messages; of one browser there is one, whoever signs in there last';
comment on column push_devices.seen_at is 'When the browser last said at a visit that it still wants them';
comment on column push_devices.told_at is 'When it last said that it had shown a message';
comment on column push_devices.gone_at is 'Its push service no longer knows it (404, 410): nothing is sent until the browser says anew, at its next visit, where to';
alter table push_devices enable row level security;
create policy app_own on push_devices for all to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person))) with check ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on push_devices for all to hsoc_engine using (true) with check (true);
grant delete, select, update on push_devices to hsoc_app;
grant delete, insert, select, update on push_devices to hsoc_engine;

create table push_keys (
  id integer not null,
  public_key text not null,
  sealed_key text not null,
  made_at timestamp with time zone not null,
  constraint push_keys_pkey PRIMARY KEY (id),
  constraint push_keys_id_check CHECK ((id = 1))
);
comment on table push_keys is 'The pair of keys of this installation (RFC 8292), made once: with another pair every device would have to subscribe anew';
comment on column push_keys.sealed_key is 'The private key, sealed (platform/seal.ts)';
alter table push_keys enable row level security;
create policy engine_all on push_keys for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on push_keys to hsoc_engine;

create table reach_scores (
  org_id integer not null,
  score smallint not null,
  parts jsonb not null,
  reckoned_at timestamp with time zone not null,
  last_call text,
  constraint reach_scores_pkey PRIMARY KEY (org_id),
  constraint reach_scores_last_call_check CHECK ((last_call = ANY (ARRAY['in-time'::text, 'late'::text, 'silent'::text, 'excused'::text]))),
  constraint reach_scores_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint reach_scores_score_check CHECK (((score >= 0) AND (score <= 100)))
);
comment on table reach_scores is 'The score as it was reckoned last; its own organisation and the coordinators read it';
comment on column reach_scores.parts is 'Points by part: people, outOfBand, always, lastCall, attested';
comment on column reach_scores.last_call is 'How its last test or drill came out; null where none was held';
alter table reach_scores enable row level security;
create policy app_reads on reach_scores for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on reach_scores for all to hsoc_engine using (true) with check (true);
grant select on reach_scores to hsoc_app;
grant delete, insert, select, update on reach_scores to hsoc_engine;

create table reader_cursors (
  sensor_id integer not null,
  serial bigint not null,
  previous_serial bigint not null,
  constraint reader_cursors_pkey PRIMARY KEY (sensor_id)
);
alter table reader_cursors enable row level security;
create policy engine_all on reader_cursors for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on reader_cursors to hsoc_engine;

create table recoveries (
  id integer generated always as identity not null,
  person_id integer not null,
  org_id integer,
  reason text not null,
  proposed_by integer not null,
  proposed_at timestamp with time zone not null,
  confirmed_by integer,
  confirmed_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  token_hash bytea,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  readers integer[] not null,
  constraint recoveries_pkey PRIMARY KEY (id),
  constraint recoveries_check CHECK ((proposed_by <> person_id)),
  constraint recoveries_check1 CHECK (((confirmed_by <> person_id) AND (confirmed_by <> proposed_by))),
  constraint recoveries_check2 CHECK ((((confirmed_by IS NULL) = (confirmed_at IS NULL)) AND ((confirmed_by IS NULL) = (token_hash IS NULL)))),
  constraint recoveries_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES people(id),
  constraint recoveries_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint recoveries_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint recoveries_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES people(id),
  constraint recoveries_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX recoveries_person ON public.recoveries USING btree (person_id);
comment on column recoveries.org_id is 'Two people of this organisation decide; null: two coordinators';
comment on column recoveries.expires_at is 'Until when it may be confirmed; once confirmed, until when the link works';
comment on column recoveries.readers is 'Scopes that may read the row: coordinators, the person, readers of the deciding organisation';
alter table recoveries enable row level security;
create policy app_proposes on recoveries for insert to hsoc_app with check (((proposed_by = ( SELECT actor_person() AS actor_person)) AND (person_id <> ( SELECT actor_person() AS actor_person)) AND (confirmed_by IS NULL) AND ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ((org_id IS NULL) AND ( SELECT actor_coordinates() AS actor_coordinates)))));
create policy app_reads on recoveries for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy app_withdraws on recoveries for update to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes))) with check ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on recoveries for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on recoveries to hsoc_engine;
grant insert (expires_at, org_id, person_id, proposed_at, proposed_by, readers, reason) on recoveries to hsoc_app;
grant select (confirmed_at, confirmed_by, expires_at, id, org_id, person_id, proposed_at, proposed_by, readers, reason, used_at, withdrawn_at) on recoveries to hsoc_app;
grant update (withdrawn_at) on recoveries to hsoc_app;

create table recovery_codes (
  person_id integer not null,
  hash bytea not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  key_id text,
  constraint recovery_codes_pkey PRIMARY KEY (person_id, hash),
  constraint recovery_codes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
comment on column recovery_codes.hash is 'HMAC-SHA-256 of the code under the installation''s secret';
comment on column recovery_codes.key_id is 'Names the secret under which it was hashed (keyIdOf in platform/seal.ts); null before secrets had names';
alter table recovery_codes enable row level security;
create policy app_reads on recovery_codes for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on recovery_codes for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on recovery_codes to hsoc_engine;
grant select (created_at, person_id, used_at) on recovery_codes to hsoc_app;

create table register_entries (
  id integer generated always as identity not null,
  ico text not null,
  name text not null,
  address text default ''::text not null,
  nuts3 text,
  kind text,
  constraint register_entries_pkey PRIMARY KEY (id),
  constraint register_entries_address_check CHECK ((length(address) <= 300)),
  constraint register_entries_ico_check CHECK ((ico ~ '^[0-9]{8}$'::text)),
  constraint register_entries_name_check CHECK (((length(name) >= 1) AND (length(name) <= 300)))
);
CREATE INDEX register_entries_ico ON public.register_entries USING btree (ico);
CREATE INDEX register_entries_name ON public.register_entries USING btree (lower(name));
comment on table register_entries is 'Organisations as a public register has them, from the file loaded last; one number may have several sites';
alter table register_entries enable row level security;
create policy app_reads on register_entries for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on register_entries for all to hsoc_engine using (true) with check (true);
grant select on register_entries to hsoc_app;
grant delete, insert, select, update on register_entries to hsoc_engine;

create table register_loads (
  id integer generated always as identity not null,
  file_name text not null,
  sha256 text not null,
  entries integer not null,
  loaded_at timestamp with time zone not null,
  constraint register_loads_pkey PRIMARY KEY (id),
  constraint register_loads_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
comment on table register_loads is 'Which file the entries came from; only the last one counts';
alter table register_loads enable row level security;
create policy app_reads on register_loads for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on register_loads for all to hsoc_engine using (true) with check (true);
grant select on register_loads to hsoc_app;
grant insert, select on register_loads to hsoc_engine;

create table registry_entries (
  load_id integer not null,
  line integer not null,
  net_from inet not null,
  net_to inet not null,
  text text not null,
  holder text not null,
  contact text,
  asn bigint,
  constraint registry_entries_asn_check CHECK (((asn >= 1) AND (asn <= '4294967294'::bigint))),
  constraint registry_entries_load_id_fkey FOREIGN KEY (load_id) REFERENCES registry_loads(id) ON DELETE CASCADE
);
CREATE INDEX registry_entries_asn ON public.registry_entries USING btree (asn) WHERE (asn IS NOT NULL);
CREATE INDEX registry_entries_net ON public.registry_entries USING btree (net_from, net_to);
comment on table registry_entries is 'Rows of the last load; earlier ones are deleted, as they say nothing about today';
comment on column registry_entries.contact is 'Mail address that the registry names for the range; a code sent there proves who holds it';
alter table registry_entries enable row level security;
create policy app_reads on registry_entries for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on registry_entries for all to hsoc_engine using (true) with check (true);
grant select on registry_entries to hsoc_app;
grant delete, insert, select on registry_entries to hsoc_engine;
grant update (contact) on registry_entries to hsoc_engine;

create table registry_loads (
  id integer generated always as identity not null,
  file_name text not null,
  sha256 text not null,
  rows integer not null,
  loaded_at timestamp with time zone not null,
  constraint registry_loads_pkey PRIMARY KEY (id),
  constraint registry_loads_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);
alter table registry_loads enable row level security;
create policy app_reads on registry_loads for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on registry_loads for all to hsoc_engine using (true) with check (true);
grant select on registry_loads to hsoc_app;
grant delete, insert, select on registry_loads to hsoc_engine;

create table rejects (
  id bigint generated always as identity not null,
  sensor_id integer not null,
  at timestamp with time zone not null,
  format text not null,
  line integer not null,
  event_id text,
  code integer not null,
  reason text not null,
  sample bytea not null,
  constraint rejects_pkey PRIMARY KEY (id)
);
CREATE INDEX rejects_sensor ON public.rejects USING btree (sensor_id, at DESC);
comment on table rejects is 'Samples only: the newest few hundred a sensor; all are counted in loss and loss_reasons';
alter table rejects enable row level security;
create policy app_reads on rejects for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM sensors s
  WHERE ((s.id = rejects.sensor_id) AND (s.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))))));
create policy engine_all on rejects for all to hsoc_engine using (true) with check (true);
grant select on rejects to hsoc_app;
grant delete, insert, select, update on rejects to hsoc_engine;

create table requests (
  id bigint generated always as identity not null,
  sensor_id integer not null,
  at timestamp with time zone not null,
  received integer not null,
  stored integer not null,
  duplicate integer not null,
  refused integer not null,
  deferred integer default 0 not null,
  conflict integer default 0 not null,
  late integer default 0 not null,
  future integer default 0 not null,
  repaired integer default 0 not null,
  lost integer default 0 not null,
  requests integer default 1 not null,
  reasons jsonb,
  run text,
  seq bigint,
  constraint requests_pkey PRIMARY KEY (id)
);
alter table requests enable row level security;
create policy engine_all on requests for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on requests to hsoc_engine;

create table retention_periods (
  what text not null,
  version integer not null,
  days integer not null,
  basis_cs text not null,
  basis_en text not null,
  reason text not null,
  changed_at timestamp with time zone not null,
  changed_by integer,
  constraint retention_periods_pkey PRIMARY KEY (what, version),
  constraint retention_periods_basis_cs_check CHECK (((length(btrim(basis_cs)) >= 1) AND (length(btrim(basis_cs)) <= 1000))),
  constraint retention_periods_basis_en_check CHECK (((length(btrim(basis_en)) >= 1) AND (length(btrim(basis_en)) <= 1000))),
  constraint retention_periods_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES people(id),
  constraint retention_periods_days_check CHECK (((days >= 1) AND (days <= 36500))),
  constraint retention_periods_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 1000)))
);
comment on table retention_periods is 'Every version of every period of keeping; the newest is in force. Only added to';
comment on column retention_periods.basis_cs is 'Why it is kept so long, and the legal basis, in Czech';
comment on column retention_periods.reason is 'Why this version replaced the one before';
comment on column retention_periods.changed_by is 'Null: as delivered';
alter table retention_periods enable row level security;
create policy app_changes on retention_periods for insert to hsoc_app with check ((( SELECT actor_operates() AS actor_operates) AND (changed_by = ( SELECT actor_person() AS actor_person))));
create policy app_reads on retention_periods for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy engine_reads on retention_periods for select to hsoc_engine using (true);
grant insert, select on retention_periods to hsoc_app;
grant select on retention_periods to hsoc_engine;

create table rollcall_answers (
  id integer generated always as identity not null,
  broadcast_id integer not null,
  org_id integer not null,
  person_id integer not null,
  role text not null,
  code text not null,
  note text default ''::text not null,
  via text not null,
  counted boolean not null,
  at timestamp with time zone not null,
  constraint rollcall_answers_pkey PRIMARY KEY (id),
  constraint rollcall_answers_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint rollcall_answers_code_check CHECK ((code ~ '^([1-9]|seen)$'::text)),
  constraint rollcall_answers_note_check CHECK ((length(note) <= 2000)),
  constraint rollcall_answers_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint rollcall_answers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint rollcall_answers_role_check CHECK ((role = ANY (ARRAY['manager'::text, 'representative'::text, 'security_manager'::text, 'duty'::text, 'admin'::text, 'dpo'::text, 'coordinator'::text]))),
  constraint rollcall_answers_via_check CHECK ((via = ANY (ARRAY['page'::text, 'link'::text, 'sms'::text, 'api'::text, 'coordinator'::text])))
);
CREATE INDEX rollcall_answers_org ON public.rollcall_answers USING btree (broadcast_id, org_id, id);
comment on table rollcall_answers is 'Every answer that was given; only added to';
comment on column rollcall_answers.code is 'seen, or a code of the broadcast''s answers';
comment on column rollcall_answers.counted is 'False: kept, but the answer of a higher role stands';
alter table rollcall_answers enable row level security;
create policy app_reads on rollcall_answers for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM broadcasts b
  WHERE (b.id = rollcall_answers.broadcast_id)))));
create policy engine_all on rollcall_answers for all to hsoc_engine using (true) with check (true);
grant select on rollcall_answers to hsoc_app;
grant delete, insert, select, update on rollcall_answers to hsoc_engine;

create table rollcall_attempts (
  id bigint generated always as identity not null,
  broadcast_id integer not null,
  org_id integer not null,
  step smallint not null,
  round smallint default 0 not null,
  person_id integer,
  channel text not null,
  address text not null,
  code text,
  delivery_id bigint,
  reason text,
  at timestamp with time zone not null,
  state text,
  settled_at timestamp with time zone,
  called_at timestamp with time zone,
  called_by integer,
  constraint rollcall_attempts_pkey PRIMARY KEY (id),
  constraint rollcall_attempts_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint rollcall_attempts_broadcast_id_org_id_step_round_channel_ad_key UNIQUE (broadcast_id, org_id, step, round, channel, address),
  constraint rollcall_attempts_called_by_fkey FOREIGN KEY (called_by) REFERENCES people(id),
  constraint rollcall_attempts_channel_check CHECK ((channel = ANY (ARRAY['mail'::text, 'sms'::text, 'push'::text, 'phone'::text]))),
  constraint rollcall_attempts_code_check CHECK ((code ~ '^[0-9A-Z]{4}$'::text)),
  constraint rollcall_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON DELETE SET NULL,
  constraint rollcall_attempts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint rollcall_attempts_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint rollcall_attempts_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'failed'::text, 'bounced'::text, 'unknown'::text, 'held'::text, 'digested'::text, 'dropped'::text])))
);
CREATE INDEX rollcall_attempts_code ON public.rollcall_attempts USING btree (address, code) WHERE (code IS NOT NULL);
CREATE INDEX rollcall_attempts_delivery ON public.rollcall_attempts USING btree (delivery_id) WHERE (delivery_id IS NOT NULL);
CREATE INDEX rollcall_attempts_org ON public.rollcall_attempts USING btree (broadcast_id, org_id);
comment on table rollcall_attempts is 'Who was told by which way in which step; what became of it stands in deliveries until the call ends';
comment on column rollcall_attempts.step is '0: asked once more at the deadline';
comment on column rollcall_attempts.round is 'Above 0: sent again to the silent';
comment on column rollcall_attempts.code is 'By which a reply by text message is known';
comment on column rollcall_attempts.reason is 'Why this way: the others failed';
comment on column rollcall_attempts.state is 'Of the message when the call ended; deliveries are forgotten earlier';
alter table rollcall_attempts enable row level security;
create policy app_reads on rollcall_attempts for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM broadcasts b
  WHERE (b.id = rollcall_attempts.broadcast_id)))));
create policy engine_all on rollcall_attempts for all to hsoc_engine using (true) with check (true);
grant select on rollcall_attempts to hsoc_app;
grant delete, insert, select, update on rollcall_attempts to hsoc_engine;

create table rollcall_links (
  token_hash bytea not null,
  delivery_id bigint not null,
  broadcast_id integer not null,
  org_id integer not null,
  person_id integer not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint rollcall_links_pkey PRIMARY KEY (token_hash),
  constraint rollcall_links_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint rollcall_links_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint rollcall_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX rollcall_links_broadcast ON public.rollcall_links USING btree (broadcast_id);
comment on column rollcall_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';
alter table rollcall_links enable row level security;
create policy engine_all on rollcall_links for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on rollcall_links to hsoc_engine;

create table rollcall_log (
  id bigint generated always as identity not null,
  broadcast_id integer not null,
  org_id integer,
  what text not null,
  person_id integer,
  detail jsonb default '{}'::jsonb not null,
  at timestamp with time zone not null,
  constraint rollcall_log_pkey PRIMARY KEY (id),
  constraint rollcall_log_broadcast_id_fkey FOREIGN KEY (broadcast_id) REFERENCES broadcasts(id) ON DELETE CASCADE,
  constraint rollcall_log_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint rollcall_log_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint rollcall_log_what_check CHECK ((what = ANY (ARRAY['released'::text, 'step'::text, 'moved'::text, 'early'::text, 'handed'::text, 'no_contact'::text, 'answer'::text, 'conflict'::text, 'stray'::text, 'again'::text, 'deadline'::text, 'called'::text, 'closed'::text, 'cancelled'::text, 'judged'::text])))
);
CREATE INDEX rollcall_log_broadcast ON public.rollcall_log USING btree (broadcast_id, id);
comment on table rollcall_log is 'What happened in a call, in its order: the protocol';
alter table rollcall_log enable row level security;
create policy app_reads on rollcall_log for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on rollcall_log for all to hsoc_engine using (true) with check (true);
grant select on rollcall_log to hsoc_app;
grant delete, insert, select, update on rollcall_log to hsoc_engine;

create table rollcall_policies (
  version integer not null,
  policy jsonb not null,
  by integer not null,
  at timestamp with time zone not null,
  constraint rollcall_policies_pkey PRIMARY KEY (version),
  constraint rollcall_policies_by_fkey FOREIGN KEY (by) REFERENCES people(id)
);
comment on table rollcall_policies is 'The steps of roll-calls as coordinators set them, each version; without one those that ship with the platform hold';
alter table rollcall_policies enable row level security;
create policy app_reads on rollcall_policies for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on rollcall_policies for all to hsoc_engine using (true) with check (true);
grant select on rollcall_policies to hsoc_app;
grant delete, insert, select, update on rollcall_policies to hsoc_engine;

create table rule_settings (
  id integer generated always as identity not null,
  rule text not null,
  version integer not null,
  params jsonb not null,
  enabled boolean default true not null,
  changed_at timestamp with time zone not null,
  changed_by integer,
  reason text not null,
  constraint rule_settings_pkey PRIMARY KEY (id),
  constraint rule_settings_rule_version_key UNIQUE (rule, version)
);
comment on table rule_settings is 'Every version of every rule''s thresholds; the one in force at a time is the newest not after it';
alter table rule_settings enable row level security;
create policy app_reads on rule_settings for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy app_writes on rule_settings for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (changed_by = ( SELECT actor_person() AS actor_person))));
create policy engine_all on rule_settings for all to hsoc_engine using (true) with check (true);
grant insert, select on rule_settings to hsoc_app;
grant delete, insert, select, update on rule_settings to hsoc_engine;

create table seat_choices (
  group_id integer not null,
  person_id integer not null,
  delivery text not null,
  changed_at timestamp with time zone not null,
  constraint seat_choices_pkey PRIMARY KEY (group_id, person_id),
  constraint seat_choices_delivery_check CHECK ((delivery = ANY (ARRAY['each'::text, 'daily'::text, 'weekly'::text, 'notice'::text, 'none'::text]))),
  constraint seat_choices_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint seat_choices_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
comment on table seat_choices is 'How the messages of a group are to reach who sits in it, however the seat came; without a row each of them';
alter table seat_choices enable row level security;
create policy app_adds on seat_choices for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (group_id = ANY (( SELECT actor_groups() AS actor_groups)::integer[]))));
create policy app_changes on seat_choices for update to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person))) with check ((person_id = ( SELECT actor_person() AS actor_person)));
create policy app_reads on seat_choices for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person))));
create policy engine_all on seat_choices for all to hsoc_engine using (true) with check (true);
grant insert, select on seat_choices to hsoc_app;
grant delete, insert, select, update on seat_choices to hsoc_engine;
grant update (changed_at, delivery) on seat_choices to hsoc_app;

create table seat_mutes (
  id integer generated always as identity not null,
  group_id integer not null,
  person_id integer not null,
  reason text not null,
  muted_by integer not null,
  muted_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint seat_mutes_pkey PRIMARY KEY (id),
  constraint seat_mutes_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint seat_mutes_muted_by_fkey FOREIGN KEY (muted_by) REFERENCES people(id),
  constraint seat_mutes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint seat_mutes_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);
CREATE UNIQUE INDEX seat_mutes_one ON public.seat_mutes USING btree (group_id, person_id) WHERE (ended_at IS NULL);
comment on table seat_mutes is 'Who may read in a group but not write, because a moderator said so';
alter table seat_mutes enable row level security;
create policy app_adds on seat_mutes for insert to hsoc_app with check (((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])) AND (muted_by = ( SELECT actor_person() AS actor_person))));
create policy app_ends on seat_mutes for update to hsoc_app using ((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))) with check ((ended_at IS NOT NULL));
create policy app_reads on seat_mutes for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))));
create policy engine_all on seat_mutes for all to hsoc_engine using (true) with check (true);
grant insert, select on seat_mutes to hsoc_app;
grant insert, select, update on seat_mutes to hsoc_engine;
grant update (ended_at) on seat_mutes to hsoc_app;

create table seats (
  id integer generated always as identity not null,
  group_id integer not null,
  person_id integer not null,
  org_id integer not null,
  way text not null,
  state text not null,
  reason text default ''::text not null,
  invitation_id integer,
  given_by integer not null,
  since timestamp with time zone not null,
  ends_at timestamp with time zone default 'infinity'::timestamp with time zone not null,
  ended_by text,
  decided_by integer,
  decided_at timestamp with time zone,
  note text default ''::text not null,
  constraint seats_pkey PRIMARY KEY (id),
  constraint seats_check CHECK ((ends_at >= since)),
  constraint seats_check1 CHECK (((way = 'invited'::text) = (invitation_id IS NOT NULL))),
  constraint seats_check2 CHECK (((way = ANY (ARRAY['asked'::text, 'taken'::text])) OR ((reason <> ''::text) AND (ends_at <= (since + '1 year 1 day'::interval))))),
  constraint seats_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES people(id),
  constraint seats_ended_by_check CHECK ((ended_by = ANY (ARRAY['left'::text, 'removed'::text, 'organisation'::text, 'closed'::text]))),
  constraint seats_given_by_fkey FOREIGN KEY (given_by) REFERENCES people(id),
  constraint seats_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint seats_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES group_invitations(id),
  constraint seats_note_check CHECK ((length(note) <= 500)),
  constraint seats_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint seats_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint seats_reason_check CHECK ((length(reason) <= 500)),
  constraint seats_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'held'::text, 'refused'::text, 'withdrawn'::text]))),
  constraint seats_way_check CHECK ((way = ANY (ARRAY['asked'::text, 'taken'::text, 'invited'::text, 'manual'::text])))
);
CREATE INDEX seats_group ON public.seats USING btree (group_id, state, ends_at);
CREATE INDEX seats_person ON public.seats USING btree (person_id, org_id);
comment on table seats is 'Seats that people asked for, took or were given, each held for one organisation; who sits by the rule of a group has no row';
comment on column seats.reason is 'What the asker wrote, or why a seat was given beside the rule';
comment on column seats.since is 'When it was asked for, and once it is held since when';
comment on column seats.ends_at is 'Until when it is held, or waits to be decided';
comment on column seats.ended_by is 'What ended it before its time; organisation: the person no longer acts for it, or it left';
comment on column seats.note is 'Why it was refused or taken away';
alter table seats enable row level security;
create policy app_asks on seats for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (given_by = person_id) AND (((way = 'asked'::text) AND (state = 'asked'::text) AND fits_group(group_id, org_id, 'request'::text)) OR ((way = 'taken'::text) AND (state = 'held'::text) AND fits_group(group_id, org_id, 'open'::text)) OR ((way = 'invited'::text) AND (state = 'held'::text) AND acts_for(person_id, org_id) AND (EXISTS ( SELECT 1
   FROM group_invitations i
  WHERE ((i.id = seats.invitation_id) AND (i.group_id = seats.group_id) AND (lower(i.address) = ( SELECT actor_address() AS actor_address)) AND (i.ended_at IS NULL) AND (i.expires_at > ( SELECT actor_now() AS actor_now)) AND (i.seat_until >= seats.ends_at))))))));
create policy app_decides on seats for update to hsoc_app using ((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))) with check ((group_id = ANY (( SELECT led_groups() AS led_groups)::integer[])));
create policy app_gives on seats for insert to hsoc_app with check (((way = 'manual'::text) AND (state = 'held'::text) AND ( SELECT actor_coordinates() AS actor_coordinates) AND (given_by = ( SELECT actor_person() AS actor_person)) AND acts_for(person_id, org_id)));
create policy app_leaves on seats for update to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person))) with check (((person_id = ( SELECT actor_person() AS actor_person)) AND ((state = 'withdrawn'::text) OR (ends_at <= ( SELECT actor_now() AS actor_now)))));
create policy app_reads on seats for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person)) OR (group_id = ANY (( SELECT led_groups() AS led_groups)::integer[]))));
create policy engine_all on seats for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.seats FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on seats to hsoc_app;
grant insert, select, update on seats to hsoc_engine;
grant update (decided_at, decided_by, ended_by, ends_at, note, since, state) on seats to hsoc_app;
grant update (person_id) on seats to hsoc_engine;

create table sector_figures (
  day date not null,
  dim text not null,
  item text not null,
  events bigint not null,
  detections bigint not null,
  sources bigint,
  dropped bigint not null,
  known bigint not null,
  share bigint not null,
  changed_at timestamp with time zone not null,
  constraint sector_figures_pkey PRIMARY KEY (day, dim, item),
  constraint sector_figures_dim_check CHECK ((dim = ANY (ARRAY['day'::text, 'class'::text, 'hour'::text])))
);
alter table sector_figures enable row level security;
create policy app_reads on sector_figures for select to hsoc_app using (((4 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on sector_figures for all to hsoc_engine using (true) with check (true);
create policy keys_read on sector_figures for select to hsoc_app using ((ARRAY[5, 6] && ( SELECT actor_scopes() AS actor_scopes)));
create policy public_reads on sector_figures for select to hsoc_app using (((1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])) AND (dim = ANY (ARRAY['day'::text, 'class'::text, 'hour'::text])) AND (item <> 'members'::text) AND (day = (((( SELECT actor_now() AS actor_now) AT TIME ZONE 'Europe/Prague'::text))::date - 1))));
grant select on sector_figures to hsoc_app;
grant delete, insert, select, update on sector_figures to hsoc_engine;

create table sector_seen (
  key_id integer not null,
  family_id integer not null,
  hour integer not null,
  band text not null,
  changed_at timestamp with time zone not null,
  constraint sector_seen_pkey PRIMARY KEY (key_id, family_id, hour)
);
comment on table sector_seen is 'Bands of members that met the same source and family within 24 hours around the hour; rows exist only from five members up and only grow';
alter table sector_seen enable row level security;
create policy app_reads on sector_seen for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM detections d
  WHERE ((d.key_id = sector_seen.key_id) AND (d.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))))));
create policy engine_all on sector_seen for all to hsoc_engine using (true) with check (true);
grant select on sector_seen to hsoc_app;
grant delete, insert, select, update on sector_seen to hsoc_engine;

create table sensor_authority (
  id integer not null,
  cert text not null,
  sealed_key text not null,
  made_at timestamp with time zone not null,
  constraint sensor_authority_pkey PRIMARY KEY (id),
  constraint sensor_authority_id_check CHECK ((id = 1))
);
comment on table sensor_authority is 'Our own authority for sensors'' certificates, one for all nodes; not used where the operator names another by files';
comment on column sensor_authority.sealed_key is 'Its private key, sealed (platform/seal.ts)';
alter table sensor_authority enable row level security;
create policy engine_all on sensor_authority for all to hsoc_engine using (true) with check (true);
grant insert, select on sensor_authority to hsoc_engine;
grant update (sealed_key) on sensor_authority to hsoc_engine;

create table sensor_batches (
  sensor_id integer not null,
  run text not null,
  seq bigint not null,
  at timestamp with time zone not null,
  tries integer default 1 not null,
  constraint sensor_batches_pkey PRIMARY KEY (sensor_id, run, seq)
);
alter table sensor_batches enable row level security;
create policy app_reads on sensor_batches for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM sensors s
  WHERE (s.id = sensor_batches.sensor_id))));
create policy engine_all on sensor_batches for all to hsoc_engine using (true) with check (true);
grant select on sensor_batches to hsoc_app;
grant delete, insert, select, update on sensor_batches to hsoc_engine;

create table sensor_certificates (
  fingerprint bytea not null,
  sensor_id integer not null,
  authority bytea not null,
  serial text not null,
  via text not null,
  issued_at timestamp with time zone not null,
  not_after timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_by integer,
  reminded_at timestamp with time zone,
  constraint sensor_certificates_pkey PRIMARY KEY (fingerprint),
  constraint sensor_certificates_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES people(id),
  constraint sensor_certificates_sensor_id_fkey FOREIGN KEY (sensor_id) REFERENCES sensors(id),
  constraint sensor_certificates_via_check CHECK ((via = ANY (ARRAY['enrolment'::text, 'renewal'::text, 'terminal'::text])))
);
CREATE INDEX sensor_certificates_sensor ON public.sensor_certificates USING btree (sensor_id, not_after);
comment on column sensor_certificates.fingerprint is 'SHA-256 of the certificate';
comment on column sensor_certificates.authority is 'SHA-256 of the certificate of who signed it: each authority lists its own revoked ones';
comment on column sensor_certificates.reminded_at is 'When the owner was last told that it ends';
alter table sensor_certificates enable row level security;
create policy app_reads on sensor_certificates for select to hsoc_app using ((actor_owns_sensor(sensor_id) OR ( SELECT actor_operates() AS actor_operates)));
create policy app_revokes on sensor_certificates for update to hsoc_app using (actor_owns_sensor(sensor_id)) with check ((actor_owns_sensor(sensor_id) AND (revoked_at IS NOT NULL)));
create policy engine_all on sensor_certificates for all to hsoc_engine using (true) with check (true);
grant select on sensor_certificates to hsoc_app;
grant insert, select, update on sensor_certificates to hsoc_engine;
grant update (revoked_at, revoked_by) on sensor_certificates to hsoc_app;

create table sensor_enrolments (
  id integer generated always as identity not null,
  token_hash bytea not null,
  sensor_id integer not null,
  made_at timestamp with time zone not null,
  made_by integer,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  constraint sensor_enrolments_pkey PRIMARY KEY (id),
  constraint sensor_enrolments_check CHECK (((used_at IS NULL) OR (withdrawn_at IS NULL))),
  constraint sensor_enrolments_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint sensor_enrolments_sensor_id_fkey FOREIGN KEY (sensor_id) REFERENCES sensors(id),
  constraint sensor_enrolments_token_hash_key UNIQUE (token_hash)
);
CREATE UNIQUE INDEX sensor_enrolments_waiting ON public.sensor_enrolments USING btree (sensor_id) WHERE ((used_at IS NULL) AND (withdrawn_at IS NULL));
comment on table sensor_enrolments is 'Tokens by which a sensor''s machine gets its certificate: shown once, good once, for one sensor, at most one waiting for each';
comment on column sensor_enrolments.made_by is 'Null: at the terminal of the server';
alter table sensor_enrolments enable row level security;
create policy app_offers on sensor_enrolments for insert to hsoc_app with check ((actor_owns_sensor(sensor_id) AND (NOT (made_by IS DISTINCT FROM ( SELECT actor_person() AS actor_person))) AND (used_at IS NULL)));
create policy app_reads on sensor_enrolments for select to hsoc_app using (actor_owns_sensor(sensor_id));
create policy app_withdraws on sensor_enrolments for update to hsoc_app using (actor_owns_sensor(sensor_id)) with check (actor_owns_sensor(sensor_id));
create policy engine_all on sensor_enrolments for all to hsoc_engine using (true) with check (true);
grant insert on sensor_enrolments to hsoc_app;
grant insert, select, update on sensor_enrolments to hsoc_engine;
grant select (expires_at, id, made_at, made_by, sensor_id, used_at, withdrawn_at) on sensor_enrolments to hsoc_app;
grant update (withdrawn_at) on sensor_enrolments to hsoc_app;

create table sensor_minutes (
  sensor_id integer not null,
  minute timestamp with time zone not null,
  constraint sensor_minutes_pkey PRIMARY KEY (sensor_id, minute)
);
comment on table sensor_minutes is 'Minutes in which a sensor made any authenticated request: its habit, from which silence is judged';
alter table sensor_minutes enable row level security;
create policy app_reads on sensor_minutes for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM sensors s
  WHERE (s.id = sensor_minutes.sensor_id))));
create policy engine_all on sensor_minutes for all to hsoc_engine using (true) with check (true);
grant select on sensor_minutes to hsoc_app;
grant delete, insert, select, update on sensor_minutes to hsoc_engine;

create table sensor_networks (
  sensor_id integer not null,
  org_id integer not null,
  net_from inet not null,
  net_to inet not null,
  text text not null,
  constraint sensor_networks_pkey PRIMARY KEY (sensor_id, text),
  constraint sensor_networks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint sensor_networks_sensor_id_fkey FOREIGN KEY (sensor_id) REFERENCES sensors(id) ON DELETE CASCADE
);
alter table sensor_networks enable row level security;
create policy app_reads on sensor_networks for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on sensor_networks for all to hsoc_engine using (true) with check (true);
grant select on sensor_networks to hsoc_app;
grant delete, insert, select, update on sensor_networks to hsoc_engine;

create table sensors (
  id integer generated always as identity not null,
  name text not null,
  org_id integer,
  can_read boolean default false not null,
  can_write boolean default false not null,
  can_test boolean default false not null,
  can_exercise boolean default false not null,
  scope text default 'own'::text not null,
  secret_hash bytea,
  cert_cn text,
  hostname text,
  lenient boolean default false not null,
  inline boolean default false not null,
  default_verdict integer default 0 not null,
  batch boolean default false not null,
  zone text default 'UTC'::text not null,
  contact text,
  created_at timestamp with time zone not null,
  disabled_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  newest_event_at timestamp with time zone,
  listed_only boolean default false not null,
  secret_key_id text,
  constraint sensors_pkey PRIMARY KEY (id),
  constraint sensors_cert_cn_key UNIQUE (cert_cn),
  constraint sensors_name_check CHECK ((name = lower(name))),
  constraint sensors_name_key UNIQUE (name),
  constraint sensors_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint sensors_scope_check CHECK ((scope = ANY (ARRAY['own'::text, 'sector'::text, 'all'::text]))),
  constraint sensors_secret_hash_key UNIQUE (secret_hash)
);
comment on column sensors.secret_hash is 'HMAC-SHA-256 of the secret under the installation''s key: findable by the secret alone, useless without the key';
comment on column sensors.batch is 'Sends dumps of a past day; its silence during the day means nothing';
comment on column sensors.listed_only is 'Set when its certificates are revoked: from then on only those given afterwards count, whatever else a trusted authority has signed for it';
comment on column sensors.secret_key_id is 'As of recovery_codes, for secret_hash: it follows the present secret when the sensor next shows its own';
alter table sensors enable row level security;
create policy app_reads on sensors for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates) OR ( SELECT actor_operates() AS actor_operates)));
create policy app_revokes on sensors for update to hsoc_app using (actor_owns_sensor(id)) with check ((actor_owns_sensor(id) AND listed_only));
create policy engine_all on sensors for all to hsoc_engine using (true) with check (true);
grant select on sensors to hsoc_app;
grant delete, insert, select, update on sensors to hsoc_engine;
grant update (listed_only) on sensors to hsoc_app;

create table sessions (
  token_hash bytea not null,
  person_id integer not null,
  csrf text not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  address text,
  agent text,
  ways text[] default '{password}'::text[] not null,
  proved_at timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (token_hash),
  constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX sessions_person ON public.sessions USING btree (person_id);
comment on column sessions.ways is 'What the holder proved to be who they are: password, totp, recovery, passkey';
comment on column sessions.proved_at is 'When that was last proved; null: when the session began';
alter table sessions enable row level security;
create policy app_reads on sessions for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on sessions for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on sessions to hsoc_engine;
grant select (address, agent, created_at, expires_at, person_id, proved_at, seen_at, token_hash, ways) on sessions to hsoc_app;

create table settings (
  name text not null,
  value jsonb not null,
  changed_at timestamp with time zone not null,
  constraint settings_pkey PRIMARY KEY (name)
);
comment on table settings is 'Small values of the installation itself: telephone of the coordinators, reading of the daily view';
alter table settings enable row level security;
create policy app_reads on settings for select to hsoc_app using (true);
create policy engine_all on settings for all to hsoc_engine using (true) with check (true);
grant select on settings to hsoc_app;
grant insert, select, update on settings to hsoc_engine;

create table sharing_acceptances (
  id integer generated always as identity not null,
  org_id integer not null,
  version integer,
  text_sha256 text,
  person_id integer,
  actor text not null,
  note text default ''::text not null,
  at timestamp with time zone not null,
  constraint sharing_acceptances_pkey PRIMARY KEY (id),
  constraint sharing_acceptances_check CHECK (((version IS NULL) = (text_sha256 IS NULL))),
  constraint sharing_acceptances_note_check CHECK ((length(note) <= 500)),
  constraint sharing_acceptances_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint sharing_acceptances_text_sha256_check CHECK ((text_sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint sharing_acceptances_version_check CHECK (((version >= 1) AND (version <= 999)))
);
CREATE UNIQUE INDEX sharing_acceptances_once ON public.sharing_acceptances USING btree (org_id, COALESCE(version, 0));
comment on table sharing_acceptances is 'Which version of the rules of sharing an organisation accepted, who said so and when; only added to';
comment on column sharing_acceptances.version is 'Number in content/sharing-rules.json; null where it was accepted before versions were kept';
comment on column sharing_acceptances.text_sha256 is 'SHA-256 of what was shown, so that a text that was changed afterwards shows';
comment on column sharing_acceptances.actor is 'Name of the person at that time';
comment on column sharing_acceptances.note is 'How a coordinator learned of it; empty when a representative accepted on the page';
alter table sharing_acceptances enable row level security;
create policy app_accepts on sharing_acceptances for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (represents(org_id) OR (( SELECT actor_coordinates() AS actor_coordinates) AND (btrim(note) <> ''::text)))));
create policy app_reads on sharing_acceptances for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on sharing_acceptances for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER accepted AFTER INSERT ON public.sharing_acceptances FOR EACH ROW EXECUTE FUNCTION sharing_accepted();
grant select on sharing_acceptances to hsoc_app;
grant insert, select on sharing_acceptances to hsoc_engine;
grant insert (actor, at, note, org_id, person_id, text_sha256, version) on sharing_acceptances to hsoc_app;
grant update (actor) on sharing_acceptances to hsoc_engine;

create table short_receipts (
  provider_id text not null,
  state text not null,
  received_at timestamp with time zone not null,
  constraint short_receipts_pkey PRIMARY KEY (provider_id),
  constraint short_receipts_provider_id_check CHECK ((provider_id ~ '^[!-~]{1,100}$'::text)),
  constraint short_receipts_state_check CHECK ((state = ANY (ARRAY['DELIVRD'::text, 'EXPIRED'::text, 'DELETED'::text, 'UNDELIV'::text, 'REJECTD'::text])))
);
comment on table short_receipts is 'Final receipts of text messages whose name at the provider we do not know (yet): looked at anew for an hour, then forgotten';
comment on column short_receipts.provider_id is 'In lower case';
alter table short_receipts enable row level security;
create policy engine_all on short_receipts for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on short_receipts to hsoc_engine;

create table short_replies (
  id integer generated always as identity not null,
  channel text not null,
  sender text not null,
  text text not null,
  person_id integer,
  taken_as text,
  received_at timestamp with time zone not null,
  why_not text,
  settled_at timestamp with time zone,
  settled_by integer,
  provider_id text,
  constraint short_replies_pkey PRIMARY KEY (id),
  constraint short_replies_channel_check CHECK ((channel = 'sms'::text)),
  constraint short_replies_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint short_replies_provider_id_check CHECK ((provider_id ~ '^[!-~]{1,100}$'::text)),
  constraint short_replies_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES people(id)
);
CREATE INDEX short_replies_open ON public.short_replies USING btree (received_at DESC, id DESC) WHERE ((taken_as IS NULL) AND (settled_at IS NULL));
CREATE UNIQUE INDEX short_replies_provider ON public.short_replies USING btree (channel, provider_id) WHERE (provider_id IS NOT NULL);
CREATE INDEX short_replies_recent ON public.short_replies USING btree (received_at DESC, id DESC);
comment on table short_replies is 'Short messages that came to us, whoever sent them';
comment on column short_replies.person_id is 'Whose verified number it is; null for a number that is nobody''s, or several people''s';
comment on column short_replies.taken_as is 'What another module understood it as; null: a coordinator should look';
comment on column short_replies.why_not is 'Why a reply that looked like an answer was taken as none';
comment on column short_replies.settled_at is 'When a coordinator said that it is dealt with';
comment on column short_replies.provider_id is 'The provider''s name of the reply, by which one that is handed over again is known; null where it gives none';
alter table short_replies enable row level security;
create policy app_reads on short_replies for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person))));
create policy app_settles on short_replies for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on short_replies for all to hsoc_engine using (true) with check (true);
grant select on short_replies to hsoc_app;
grant delete, insert, select, update on short_replies to hsoc_engine;
grant update (settled_at, settled_by) on short_replies to hsoc_app;

create table sign_in_failures (
  key text not null,
  at timestamp with time zone not null
);
CREATE INDEX sign_in_failures_key ON public.sign_in_failures USING btree (key, at);
comment on table sign_in_failures is 'Slow-down of guessing and of asking for resets; a key is the kind, then an address or the keyed hash of what was typed as the account';
alter table sign_in_failures enable row level security;
create policy engine_all on sign_in_failures for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on sign_in_failures to hsoc_engine;

create table signatories (
  id integer generated always as identity not null,
  name text not null,
  created_at timestamp with time zone not null,
  constraint signatories_pkey PRIMARY KEY (id),
  constraint signatories_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);
comment on table signatories is 'People who signed, with or without an account here; the name is the form shown last';
alter table signatories enable row level security;
create policy app_all on signatories for all to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on signatories for all to hsoc_engine using (true) with check (true);
grant insert, select, update on signatories to hsoc_app;
grant delete, insert, select, update on signatories to hsoc_engine;

create table signatory_names (
  signatory_id integer not null,
  name text not null,
  constraint signatory_names_pkey PRIMARY KEY (signatory_id, name),
  constraint signatory_names_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
  constraint signatory_names_signatory_id_fkey FOREIGN KEY (signatory_id) REFERENCES signatories(id)
);
comment on table signatory_names is 'Every spelling under which a signatory was met';
alter table signatory_names enable row level security;
create policy app_all on signatory_names for all to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on signatory_names for all to hsoc_engine using (true) with check (true);
grant insert, select on signatory_names to hsoc_app;
grant delete, insert, select, update on signatory_names to hsoc_engine;

create table signature_contacts (
  id integer generated always as identity not null,
  signature_id integer not null,
  org_id integer not null,
  address text not null,
  added_at timestamp with time zone not null,
  constraint signature_contacts_pkey PRIMARY KEY (id),
  constraint signature_contacts_address_check CHECK (((length(address) >= 1) AND (length(address) <= 254))),
  constraint signature_contacts_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint signature_contacts_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signatures(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX signature_contacts_address ON public.signature_contacts USING btree (signature_id, lower(address));
comment on table signature_contacts is 'Addresses that a list gives beside a signature, as seen. They may belong to somebody else, are nobody''s sign-in, and nothing is sent to them';
alter table signature_contacts enable row level security;
create policy app_adds on signature_contacts for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on signature_contacts for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on signature_contacts for all to hsoc_engine using (true) with check (true);
grant insert, select on signature_contacts to hsoc_app;
grant delete, insert, select, update on signature_contacts to hsoc_engine;

create table signature_list_lines (
  list_id integer not null,
  line integer not null,
  number text not null,
  institution text not null,
  ico text default ''::text not null,
  signatory text not null,
  day text not null,
  email text not null,
  org_decision text,
  person_decision text,
  signature_id integer,
  constraint signature_list_lines_pkey PRIMARY KEY (list_id, line),
  constraint signature_list_lines_list_id_fkey FOREIGN KEY (list_id) REFERENCES signature_lists(id) ON DELETE CASCADE,
  constraint signature_list_lines_signature_id_fkey FOREIGN KEY (signature_id) REFERENCES signatures(id)
);
comment on table signature_list_lines is 'The lines as read, kept also where several say the same';
comment on column signature_list_lines.org_decision is 'new, skip, org:<id>, line:<n>, part:org:<id> or part:line:<n> (a new one that is a part of it)';
comment on column signature_list_lines.person_decision is 'new, person:<id of a signatory> or line:<n>';
comment on column signature_list_lines.signature_id is 'What became of the line; null before it is applied and where it was left out';
alter table signature_list_lines enable row level security;
create policy app_all on signature_list_lines for all to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on signature_list_lines for all to hsoc_engine using (true) with check (true);
grant insert, select, update on signature_list_lines to hsoc_app;
grant delete, insert, select, update on signature_list_lines to hsoc_engine;

create table signature_lists (
  id integer generated always as identity not null,
  sha256 text not null,
  file_name text not null,
  version_id integer not null,
  slashes text,
  notes jsonb default '[]'::jsonb not null,
  uploaded_by text not null,
  uploaded_at timestamp with time zone not null,
  applied_by text,
  applied_at timestamp with time zone,
  constraint signature_lists_pkey PRIMARY KEY (id),
  constraint signature_lists_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text)),
  constraint signature_lists_sha256_key UNIQUE (sha256),
  constraint signature_lists_slashes_check CHECK ((slashes = ANY (ARRAY['mdy'::text, 'dmy'::text]))),
  constraint signature_lists_version_id_fkey FOREIGN KEY (version_id) REFERENCES memorandum_versions(id)
);
comment on table signature_lists is 'A list of signatories as it came, known again by its bytes; nothing of it counts before it is applied';
comment on column signature_lists.slashes is 'How dates such as 9/22/20 are to be read, once a person has said so';
comment on column signature_lists.notes is 'What was noteworthy when it was read: line, column, value, sentence';
alter table signature_lists enable row level security;
create policy app_all on signature_lists for all to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on signature_lists for all to hsoc_engine using (true) with check (true);
grant insert, select, update on signature_lists to hsoc_app;
grant delete, insert, select, update on signature_lists to hsoc_engine;

create table signatures (
  id integer generated always as identity not null,
  org_id integer not null,
  version_id integer not null,
  signatory_id integer not null,
  institution text not null,
  signatory_name text not null,
  signed_on date,
  "precision" text,
  state text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  name_shown boolean default false not null,
  constraint signatures_pkey PRIMARY KEY (id),
  constraint signatures_check CHECK (((signed_on IS NULL) = ("precision" IS NULL))),
  constraint signatures_institution_check CHECK (((length(institution) >= 1) AND (length(institution) <= 200))),
  constraint signatures_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint signatures_precision_check CHECK (("precision" = ANY (ARRAY['day'::text, 'month'::text, 'year'::text]))),
  constraint signatures_signatory_id_fkey FOREIGN KEY (signatory_id) REFERENCES signatories(id),
  constraint signatures_signatory_name_check CHECK (((length(signatory_name) >= 1) AND (length(signatory_name) <= 200))),
  constraint signatures_state_check CHECK ((state = ANY (ARRAY['declared'::text, 'signed'::text, 'withdrawn'::text]))),
  constraint signatures_version_id_fkey FOREIGN KEY (version_id) REFERENCES memorandum_versions(id)
);
CREATE UNIQUE INDEX signatures_once ON public.signatures USING btree (org_id, version_id, lower(signatory_name));
CREATE INDEX signatures_signatory ON public.signatures USING btree (signatory_id);
CREATE INDEX signatures_version ON public.signatures USING btree (version_id);
comment on table signatures is 'One signatory of one organisation under one version; an organisation may have several and counts once';
comment on column signatures.institution is 'The organisation as it is written in the document';
comment on column signatures.signatory_name is 'The person as written in the document, titles included';
comment on column signatures.signed_on is 'First day of what is known; null where no date is given, which is never guessed';
comment on column signatures.name_shown is 'Whether the signatory agreed that everybody reads the name beside the institution';
alter table signatures enable row level security;
create policy app_adds on signatures for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_changes on signatures for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on signatures for select to hsoc_app using ((((( SELECT actor_person() AS actor_person) IS NOT NULL) AND (state <> 'withdrawn'::text)) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on signatures for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.signatures FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select, update on signatures to hsoc_app;
grant delete, insert, select, update on signatures to hsoc_engine;

create table signing_keys (
  id integer generated always as identity not null,
  fingerprint text not null,
  public_key text not null,
  sealed_key text not null,
  made_at timestamp with time zone not null,
  retired_at timestamp with time zone,
  distrusted boolean default false not null,
  constraint signing_keys_pkey PRIMARY KEY (id),
  constraint signing_keys_check CHECK (((NOT distrusted) OR (retired_at IS NOT NULL))),
  constraint signing_keys_fingerprint_check CHECK ((fingerprint ~ '^[0-9A-F]{40,64}$'::text)),
  constraint signing_keys_fingerprint_key UNIQUE (fingerprint)
);
CREATE UNIQUE INDEX signing_keys_present ON public.signing_keys USING btree ((true)) WHERE (retired_at IS NULL);
comment on table signing_keys is 'OpenPGP keys of the installation; the one that is not retired signs';
comment on column signing_keys.public_key is 'Armoured';
comment on column signing_keys.sealed_key is 'Its private key, armoured, sealed (platform/seal.ts)';
comment on column signing_keys.distrusted is 'Somebody else may have its private part: it is no longer shown as ours';
alter table signing_keys enable row level security;
create policy engine_all on signing_keys for all to hsoc_engine using (true) with check (true);
grant insert, select on signing_keys to hsoc_engine;
grant update (distrusted, retired_at, sealed_key) on signing_keys to hsoc_engine;

create table single_duty_periods (
  id integer generated always as identity not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  reason text not null,
  declared_by integer not null,
  declared_at timestamp with time zone not null,
  constraint single_duty_periods_pkey PRIMARY KEY (id),
  constraint single_duty_periods_check CHECK (((ends_at > starts_at) AND (ends_at <= (starts_at + '14 days'::interval)))),
  constraint single_duty_periods_check1 CHECK ((starts_at >= declared_at)),
  constraint single_duty_periods_declared_by_fkey FOREIGN KEY (declared_by) REFERENCES people(id),
  constraint single_duty_periods_reason_check CHECK (((length(btrim(reason)) >= 5) AND (length(btrim(reason)) <= 500)))
);
comment on table single_duty_periods is 'When one coordinator alone may release an emergency; declared beforehand, shortened at most';
alter table single_duty_periods enable row level security;
create policy app_declares on single_duty_periods for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (declared_by = ( SELECT actor_person() AS actor_person))));
create policy app_reads on single_duty_periods for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_shortens on single_duty_periods for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (ends_at > ( SELECT actor_now() AS actor_now)))) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on single_duty_periods for all to hsoc_engine using (true) with check (true);
grant insert, select on single_duty_periods to hsoc_app;
grant delete, insert, select, update on single_duty_periods to hsoc_engine;
grant update (ends_at) on single_duty_periods to hsoc_app;

create table site_occasions (
  page_id integer not null,
  kind text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  place text not null,
  cancelled_at timestamp with time zone,
  sequence integer default 0 not null,
  changed_at timestamp with time zone not null,
  sign_up boolean default false not null,
  constraint site_occasions_pkey PRIMARY KEY (page_id),
  constraint site_occasions_check CHECK ((ends_at > starts_at)),
  constraint site_occasions_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'training'::text]))),
  constraint site_occasions_page_id_fkey FOREIGN KEY (page_id) REFERENCES site_pages(id),
  constraint site_occasions_place_check CHECK ((length(place) <= 200))
);
comment on column site_occasions.sequence is 'How many times the time or place was changed: calendars take the higher one (RFC 5545 3.8.7.4)';
comment on column site_occasions.sign_up is 'Whether people of members may sign up for it here, before it begins';
alter table site_occasions enable row level security;
create policy app_adds on site_occasions for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_moves on site_occasions for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on site_occasions for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM site_versions v
  WHERE (v.page_id = site_occasions.page_id)))));
create policy engine_all on site_occasions for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.site_occasions FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on site_occasions to hsoc_app;
grant insert, select on site_occasions to hsoc_engine;
grant update (cancelled_at, changed_at, ends_at, kind, place, sequence, sign_up, starts_at) on site_occasions to hsoc_app;

create table site_pages (
  id integer generated always as identity not null,
  key text,
  kind text not null,
  slug_cs text not null,
  slug_en text not null,
  menu text default 'none'::text not null,
  "position" integer default 100 not null,
  first_published_at timestamp with time zone,
  created_at timestamp with time zone not null,
  created_by integer,
  constraint site_pages_pkey PRIMARY KEY (id),
  constraint site_pages_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id),
  constraint site_pages_key_key UNIQUE (key),
  constraint site_pages_kind_check CHECK ((kind = ANY (ARRAY['page'::text, 'news'::text, 'occasion'::text]))),
  constraint site_pages_menu_check CHECK ((menu = ANY (ARRAY['top'::text, 'foot'::text, 'none'::text]))),
  constraint site_pages_slug_cs_check CHECK (((slug_cs ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(slug_cs) <= 80))),
  constraint site_pages_slug_en_check CHECK (((slug_en ~ '^[a-z0-9]+(-[a-z0-9]+)*$'::text) AND (length(slug_en) <= 80)))
);
CREATE UNIQUE INDEX site_pages_cs ON public.site_pages USING btree (kind, slug_cs);
CREATE UNIQUE INDEX site_pages_en ON public.site_pages USING btree (kind, slug_en);
comment on column site_pages.key is 'Name of a page that comes with the release (home, about, join, contact, privacy, accessibility); null for those that people added';
comment on column site_pages.slug_cs is 'Last part of its Czech address; it never changes, so that links keep working';
comment on column site_pages.position is 'Order within its menu';
comment on column site_pages.first_published_at is 'When its first version of any language came out or is to come out: the date of news';
alter table site_pages enable row level security;
create policy app_adds on site_pages for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_places on site_pages for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on site_pages for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM site_versions v
  WHERE (v.page_id = site_pages.id)))));
create policy engine_all on site_pages for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.site_pages FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on site_pages to hsoc_app;
grant insert, select on site_pages to hsoc_engine;
grant update (first_published_at, menu, position) on site_pages to hsoc_app;

create table site_showings (
  org_id integer not null,
  agreed_at timestamp with time zone not null,
  agreed_by integer not null,
  constraint site_showings_pkey PRIMARY KEY (org_id),
  constraint site_showings_agreed_by_fkey FOREIGN KEY (agreed_by) REFERENCES people(id),
  constraint site_showings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id)
);
comment on table site_showings is 'Organisations that agreed to stand on the public map with their name; taking it back deletes the row';
alter table site_showings enable row level security;
create policy app_agrees on site_showings for insert to hsoc_app with check ((may_show(org_id) AND (agreed_by = ( SELECT actor_person() AS actor_person))));
create policy app_reads on site_showings for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))));
create policy app_takes_back on site_showings for delete to hsoc_app using (may_show(org_id));
create policy engine_all on site_showings for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.site_showings FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant delete, insert, select on site_showings to hsoc_app;
grant insert, select on site_showings to hsoc_engine;

create table site_versions (
  id integer generated always as identity not null,
  page_id integer not null,
  lang text not null,
  no integer not null,
  title text not null,
  summary text not null,
  body text not null,
  matches_id integer,
  restored_no integer,
  saved_at timestamp with time zone not null,
  saved_by integer,
  publish_at timestamp with time zone,
  until_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  constraint site_versions_pkey PRIMARY KEY (id),
  constraint site_versions_body_check CHECK ((octet_length(body) <= 36000)),
  constraint site_versions_lang_check CHECK ((lang = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint site_versions_matches_id_fkey FOREIGN KEY (matches_id) REFERENCES site_versions(id),
  constraint site_versions_page_id_fkey FOREIGN KEY (page_id) REFERENCES site_pages(id),
  constraint site_versions_page_id_lang_no_key UNIQUE (page_id, lang, no),
  constraint site_versions_saved_by_fkey FOREIGN KEY (saved_by) REFERENCES people(id),
  constraint site_versions_summary_check CHECK ((length(summary) <= 400)),
  constraint site_versions_title_check CHECK (((length(title) >= 1) AND (length(title) <= 160)))
);
comment on table site_versions is 'Each save of a text is one row and its words never change';
comment on column site_versions.body is 'Markdown; HTML in it is text like any other';
comment on column site_versions.matches_id is 'The version in the other language that says the same, as who saved it stated';
comment on column site_versions.restored_no is 'The older version whose words it took over';
comment on column site_versions.publish_at is 'From when everybody may read it; null for a draft';
comment on column site_versions.until_at is 'Until when: the next published version of the same language begins, or it was withdrawn';
alter table site_versions enable row level security;
create policy app_adds on site_versions for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_publishes on site_versions for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on site_versions for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR ((1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])) AND (publish_at <= ( SELECT actor_now() AS actor_now)) AND ((until_at IS NULL) OR (until_at > ( SELECT actor_now() AS actor_now))))));
create policy engine_all on site_versions for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER site_changed AFTER INSERT OR DELETE OR UPDATE ON public.site_versions FOR EACH STATEMENT EXECUTE FUNCTION site_changed();
grant insert, select on site_versions to hsoc_app;
grant insert, select on site_versions to hsoc_engine;
grant update (publish_at, until_at, withdrawn_at) on site_versions to hsoc_app;

create table source_changes (
  key_id integer not null,
  family_id integer not null,
  at timestamp with time zone not null
);
comment on table source_changes is 'Sources that met a member since the sector''s bands were published, as often as they did';
alter table source_changes enable row level security;
create policy engine_all on source_changes for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on source_changes to hsoc_engine;

create table source_keys (
  id integer generated always as identity not null,
  text text not null,
  counted boolean not null,
  kind text not null,
  addr inet,
  constraint source_keys_pkey PRIMARY KEY (id),
  constraint source_keys_text_counted_key UNIQUE (text, counted)
);
CREATE INDEX source_keys_addr ON public.source_keys USING btree (addr);
comment on column source_keys.counted is 'False for spoofed, special and non-address keys: they do not count among the distinct sources';
alter table source_keys enable row level security;
create policy app_reads on source_keys for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (EXISTS ( SELECT 1
   FROM detections d
  WHERE ((d.key_id = source_keys.id) AND (d.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))))));
create policy engine_all on source_keys for all to hsoc_engine using (true) with check (true);
grant select on source_keys to hsoc_app;
grant delete, insert, select, update on source_keys to hsoc_engine;

create table support_tables (
  id integer generated always as identity not null,
  version text not null,
  file_name text not null,
  sha256 text not null,
  rows jsonb not null,
  loaded_at timestamp with time zone not null,
  constraint support_tables_pkey PRIMARY KEY (id),
  constraint support_tables_version_check CHECK (((length(version) >= 1) AND (length(version) <= 60))),
  constraint support_tables_version_key UNIQUE (version)
);
comment on table support_tables is 'Dates of end of support that the operator loaded; the newest table stands beside the one that ships with the release';
alter table support_tables enable row level security;
create policy app_reads on support_tables for select to hsoc_app using ((1 = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])));
create policy engine_all on support_tables for all to hsoc_engine using (true) with check (true);
grant select on support_tables to hsoc_app;
grant insert, select, update on support_tables to hsoc_engine;

create table totals (
  hour integer not null,
  org_id integer not null,
  lane smallint not null,
  dim smallint not null,
  dim_id integer not null,
  events integer not null,
  occurrences bigint not null,
  dropped integer not null,
  passed integer not null,
  partial integer not null,
  share bigint not null,
  constraint totals_pkey PRIMARY KEY (hour, org_id, lane, dim, dim_id)
);
alter table totals enable row level security;
create policy app_reads on totals for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on totals for all to hsoc_engine using (true) with check (true);
grant select on totals to hsoc_app;
grant delete, insert, select, update on totals to hsoc_engine;

create table totp (
  person_id integer not null,
  sealed text,
  confirmed_at timestamp with time zone,
  last_step bigint,
  pending_sealed text,
  pending_at timestamp with time zone,
  constraint totp_pkey PRIMARY KEY (person_id),
  constraint totp_check CHECK (((sealed IS NULL) = (confirmed_at IS NULL))),
  constraint totp_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
comment on column totp.sealed is 'The shared secret, sealed (platform/seal.ts); null until a first code confirmed it';
comment on column totp.last_step is 'Time step (30 s since 1970) of the last code taken: it and earlier ones are refused';
comment on column totp.pending_sealed is 'A secret that waits for its first code, sealed (platform/seal.ts); the confirmed one stays good meanwhile';
alter table totp enable row level security;
create policy app_reads on totp for select to hsoc_app using ((person_id = ( SELECT actor_person() AS actor_person)));
create policy engine_all on totp for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on totp to hsoc_engine;
grant select (confirmed_at, person_id) on totp to hsoc_app;

create table trail_erasures (
  audit_id bigint not null,
  content bytea not null,
  digest bytea not null,
  constraint trail_erasures_pkey PRIMARY KEY (audit_id, digest)
);
comment on table trail_erasures is 'Lines of the trail from which a person was erased';
comment on column trail_erasures.content is 'SHA-256 of the line as it was left (trail_content)';
comment on column trail_erasures.digest is 'SHA-256 over number and content of all lines of one erasure, in order; it stands in the line privacy.erase';
alter table trail_erasures enable row level security;
create policy engine_reads on trail_erasures for select to hsoc_engine using (true);
grant select on trail_erasures to hsoc_engine;

create table trail_heads (
  day date not null,
  seq bigint not null,
  link bytea not null,
  sent_at timestamp with time zone not null,
  constraint trail_heads_pkey PRIMARY KEY (day)
);
comment on table trail_heads is 'The end of the chain at the end of each day, as it was sent out';
alter table trail_heads enable row level security;
create policy app_reads on trail_heads for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR ( SELECT actor_operates() AS actor_operates)));
create policy engine_all on trail_heads for all to hsoc_engine using (true) with check (true);
grant select on trail_heads to hsoc_app;
grant insert, select on trail_heads to hsoc_engine;

create table trail_links (
  seq bigint not null,
  audit_id bigint not null,
  content bytea not null,
  link bytea not null,
  constraint trail_links_pkey PRIMARY KEY (seq),
  constraint trail_links_audit_id_key UNIQUE (audit_id)
);
comment on table trail_links is 'One row for each line of audit, in the order in which they were linked: 1, 2, 3 … without a gap';
comment on column trail_links.content is 'SHA-256 of the line (trail_content)';
comment on column trail_links.link is 'SHA-256 of the link before it (32 zero bytes before the first) followed by content';
alter table trail_links enable row level security;
create policy app_reads on trail_links for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR ( SELECT actor_operates() AS actor_operates)));
create policy engine_reads on trail_links for select to hsoc_engine using (true);
grant select on trail_links to hsoc_app;
grant select on trail_links to hsoc_engine;

create table trail_reads (
  id bigint generated always as identity not null,
  org_id integer not null,
  person_id integer,
  reader text not null,
  hour timestamp with time zone not null,
  way text not null,
  place text not null,
  object text default ''::text not null,
  times integer default 1 not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  glass_id integer,
  constraint trail_reads_pkey PRIMARY KEY (id),
  constraint trail_reads_glass_id_fkey FOREIGN KEY (glass_id) REFERENCES glass_openings(id),
  constraint trail_reads_once UNIQUE NULLS NOT DISTINCT (org_id, hour, person_id, way, place, object, reader, glass_id),
  constraint trail_reads_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint trail_reads_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint trail_reads_way_check CHECK ((way = ANY (ARRAY['page'::text, 'api'::text, 'file'::text])))
);
CREATE INDEX trail_reads_glass ON public.trail_reads USING btree (glass_id) WHERE (glass_id IS NOT NULL);
CREATE INDEX trail_reads_org ON public.trail_reads USING btree (org_id, last_at DESC, id DESC);
CREATE INDEX trail_reads_person ON public.trail_reads USING btree (person_id);
comment on table trail_reads is 'The read ledger: one row for what a person looked at of an organisation within an hour';
comment on column trail_reads.person_id is 'Null for a program with the coordinators'' API key';
comment on column trail_reads.reader is 'The person''s name at that time, or the key''s: whom it concerns may know it without seeing the record';
comment on column trail_reads.place is 'The route as it is declared, /warnings/:id';
comment on column trail_reads.object is 'What stood in place of its parameters; empty for a list';
comment on column trail_reads.glass_id is 'Read while this break-glass access to the organisation was open';
alter table trail_reads enable row level security;
create policy app_reads on trail_reads for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR (person_id = ( SELECT actor_person() AS actor_person)) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy engine_all on trail_reads for all to hsoc_engine using (true) with check (true);
grant select on trail_reads to hsoc_app;
grant delete, insert, select, update on trail_reads to hsoc_engine;

create table training_places (
  id integer generated always as identity not null,
  page_id integer not null,
  org_id integer not null,
  person_id integer,
  asked_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  attended_at timestamp with time zone,
  marked_by integer,
  constraint training_places_pkey PRIMARY KEY (id),
  constraint training_places_check CHECK (((person_id IS NULL) = (asked_at IS NULL))),
  constraint training_places_check1 CHECK (((person_id IS NOT NULL) OR (attended_at IS NOT NULL))),
  constraint training_places_check2 CHECK (((attended_at IS NULL) OR (marked_by IS NOT NULL))),
  constraint training_places_marked_by_fkey FOREIGN KEY (marked_by) REFERENCES people(id),
  constraint training_places_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint training_places_page_id_fkey FOREIGN KEY (page_id) REFERENCES site_occasions(page_id),
  constraint training_places_page_id_org_id_person_id_key UNIQUE NULLS NOT DISTINCT (page_id, org_id, person_id),
  constraint training_places_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX training_places_org ON public.training_places USING btree (org_id);
CREATE INDEX training_places_person ON public.training_places USING btree (person_id) WHERE (person_id IS NOT NULL);
comment on table training_places is 'A place at a training, for one organisation: of a person who signed up, or of the organisation alone';
comment on column training_places.person_id is 'Null where only the organisation is noted; a person is noted only where they signed up';
comment on column training_places.withdrawn_at is 'When the person took the sign-up back';
comment on column training_places.attended_at is 'When it was noted that they were there; null while it was not';
alter table training_places enable row level security;
create policy app_changes_own on training_places for update to hsoc_app using (((person_id = ( SELECT actor_person() AS actor_person)) AND (attended_at IS NULL))) with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (attended_at IS NULL)));
create policy app_marks on training_places for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_notes on training_places for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (person_id IS NULL) AND (marked_by = ( SELECT actor_person() AS actor_person))));
create policy app_reads on training_places for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person)) OR ((person_id IS NULL) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])))));
create policy app_signs_up on training_places for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (attended_at IS NULL) AND (EXISTS ( SELECT 1
   FROM site_occasions o
  WHERE ((o.page_id = training_places.page_id) AND (o.kind = 'training'::text) AND o.sign_up AND (o.cancelled_at IS NULL) AND (o.starts_at > ( SELECT actor_now() AS actor_now)))))));
create policy app_takes_back on training_places for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (person_id IS NULL)));
create policy engine_all on training_places for all to hsoc_engine using (true) with check (true);
grant delete, insert, select on training_places to hsoc_app;
grant insert, select on training_places to hsoc_engine;
grant update (asked_at, attended_at, marked_by, withdrawn_at) on training_places to hsoc_app;

create table used_challenges (
  hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint used_challenges_pkey PRIMARY KEY (hash)
);
alter table used_challenges enable row level security;
create policy engine_all on used_challenges for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on used_challenges to hsoc_engine;

create table warning_checks (
  name text not null,
  due_at timestamp with time zone not null,
  value bigint,
  constraint warning_checks_pkey PRIMARY KEY (name)
);
comment on table warning_checks is 'When each regular check of the rules is due next in the whole installation; value of "hour" is the last hour whose volumes were looked at';
alter table warning_checks enable row level security;
create policy engine_all on warning_checks for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on warning_checks to hsoc_engine;

create table warning_episodes (
  warning_id bigint not null,
  episode_id bigint not null,
  constraint warning_episodes_pkey PRIMARY KEY (warning_id, episode_id),
  constraint warning_episodes_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE
);
CREATE INDEX warning_episodes_episode ON public.warning_episodes USING btree (episode_id);
alter table warning_episodes enable row level security;
create policy app_reads on warning_episodes for select to hsoc_app using ((EXISTS ( SELECT 1
   FROM warnings w
  WHERE (w.id = warning_episodes.warning_id))));
create policy engine_all on warning_episodes for all to hsoc_engine using (true) with check (true);
grant select on warning_episodes to hsoc_app;
grant delete, insert, select, update on warning_episodes to hsoc_engine;

create table warning_lists (
  name text not null,
  grp text not null,
  effect text not null,
  version text not null,
  version_on date,
  entries integer not null,
  loaded_at timestamp with time zone not null,
  constraint warning_lists_pkey PRIMARY KEY (name)
);
alter table warning_lists enable row level security;
create policy app_reads on warning_lists for select to hsoc_app using ((cardinality(( SELECT actor_scopes() AS actor_scopes)) > 0));
create policy engine_all on warning_lists for all to hsoc_engine using (true) with check (true);
grant select on warning_lists to hsoc_app;
grant delete, insert, select, update on warning_lists to hsoc_engine;

create table warning_log (
  id bigint generated always as identity not null,
  warning_id bigint not null,
  at timestamp with time zone not null,
  kind text not null,
  person_id integer,
  detail jsonb default '{}'::jsonb not null,
  readers integer[],
  constraint warning_log_pkey PRIMARY KEY (id),
  constraint warning_log_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE
);
CREATE INDEX warning_log_warning ON public.warning_log USING btree (warning_id, at, id);
comment on table warning_log is 'What happened to a warning: opened, raised, relapse, merged, mailed, answer, note, question, reply, assigned, closed, reopened, band';
comment on column warning_log.readers is 'Scopes that may read a line that its organisation keeps to itself; null: whoever sees the warning';
alter table warning_log enable row level security;
create policy app_reads on warning_log for select to hsoc_app using (((EXISTS ( SELECT 1
   FROM warnings w
  WHERE (w.id = warning_log.warning_id))) AND ((readers IS NULL) OR (readers && ( SELECT actor_scopes() AS actor_scopes)) OR (readers && ( SELECT glass_scopes() AS glass_scopes)))));
create policy app_writes on warning_log for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM warnings w
  WHERE ((w.id = warning_log.warning_id) AND ((warning_log.readers IS NULL) OR ((w.org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (warning_log.readers = ARRAY[(1000 + (4 * w.org_id)), ((1000 + (4 * w.org_id)) + 3)]))))))));
create policy engine_all on warning_log for all to hsoc_engine using (true) with check (true);
grant insert, select on warning_log to hsoc_app;
grant delete, insert, select, update on warning_log to hsoc_engine;

create table warning_scopes (
  scope integer not null,
  opened_at timestamp with time zone not null,
  warning_id bigint not null,
  constraint warning_scopes_pkey PRIMARY KEY (scope, opened_at, warning_id),
  constraint warning_scopes_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES warnings(id) ON DELETE CASCADE
);
alter table warning_scopes enable row level security;
create policy app_reads on warning_scopes for select to hsoc_app using ((scope = ANY (( SELECT actor_scopes() AS actor_scopes)::integer[])));
create policy engine_all on warning_scopes for all to hsoc_engine using (true) with check (true);
grant select on warning_scopes to hsoc_app;
grant delete, insert, select, update on warning_scopes to hsoc_engine;

create table warnings (
  id bigint generated always as identity not null,
  number text not null,
  org_id integer,
  rule text not null,
  rule_version integer not null,
  topic text not null,
  side smallint default 0 not null,
  family_id integer,
  key_id integer,
  sensor_id integer,
  severity smallint not null,
  tlp text default 'AMBER'::text not null,
  state text default 'open'::text not null,
  answer text default 'pending'::text not null,
  answered_at timestamp with time zone,
  answered_by integer,
  first_answer_at timestamp with time zone,
  title jsonb not null,
  explanation jsonb not null,
  seen_band text,
  lane smallint default 0 not null,
  exercise text,
  opened_at timestamp with time zone not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  notified_at timestamp with time zone,
  quiet_until timestamp with time zone,
  relapse_from timestamp with time zone,
  notified_state jsonb,
  ladder_step integer default 0 not null,
  ladder_due_at timestamp with time zone,
  assignee_id integer,
  readers integer[] not null,
  changed_at timestamp with time zone not null,
  constraint warnings_pkey PRIMARY KEY (id),
  constraint warnings_answer_check CHECK ((answer = ANY (ARRAY['pending'::text, 'seen'::text, 'working'::text, 'done'::text, 'not_affected'::text]))),
  constraint warnings_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES people(id),
  constraint warnings_number_key UNIQUE (number),
  constraint warnings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint warnings_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'reopened'::text]))),
  constraint warnings_tlp_check CHECK ((tlp = ANY (ARRAY['RED'::text, 'AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text])))
);
CREATE INDEX warnings_all ON public.warnings USING btree (opened_at DESC, id DESC);
CREATE INDEX warnings_changed ON public.warnings USING btree (changed_at DESC);
CREATE INDEX warnings_ladder ON public.warnings USING btree (ladder_due_at) WHERE (ladder_due_at IS NOT NULL);
CREATE INDEX warnings_list ON public.warnings USING btree (org_id, opened_at DESC, id DESC);
CREATE UNIQUE INDEX warnings_living ON public.warnings USING btree (COALESCE(org_id, 0), rule, topic, lane, COALESCE(exercise, ''::text)) WHERE (state <> 'closed'::text);
CREATE INDEX warnings_quiet ON public.warnings USING btree (quiet_until) WHERE ((quiet_until IS NOT NULL) AND (state <> 'closed'::text));
CREATE INDEX warnings_topic ON public.warnings USING btree (rule, topic);
comment on column warnings.org_id is 'Null for warnings of the coordinators themselves (a sensor of the sector, a campaign below the number that members may know of)';
comment on column warnings.topic is 'What makes two findings one trouble: (rule, topic) is open at most once an organisation';
comment on column warnings.title is 'Key and parameters of the title sentence; rendered in the reader''s language';
comment on column warnings.explanation is 'Rule, version, each threshold with the value met, matched range, severity steps, what was already done';
comment on column warnings.quiet_until is 'Repeat threshold: nothing is sent about more of the same before; relapse_from begins its relapse window';
alter table warnings enable row level security;
create policy app_changes on warnings for update to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes))) with check ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy app_reads on warnings for select to hsoc_app using ((readers && ( SELECT actor_scopes() AS actor_scopes)));
create policy engine_all on warnings for all to hsoc_engine using (true) with check (true);
grant select on warnings to hsoc_app;
grant delete, insert, select, update on warnings to hsoc_engine;
grant update (answer, answered_at, answered_by, assignee_id, changed_at, closed_at, first_answer_at, ladder_due_at, state) on warnings to hsoc_app;

create table webhooks (
  id integer generated always as identity not null,
  org_id integer not null,
  name text not null,
  form text not null,
  template text default ''::text not null,
  sealed_url text not null,
  host text not null,
  sealed_secret text not null,
  sealed_earlier text,
  earlier_until timestamp with time zone,
  events text[] not null,
  "least" smallint not null,
  language text not null,
  failures integer default 0 not null,
  failing_since timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_why text,
  made_at timestamp with time zone not null,
  made_by integer,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_events_check CHECK (((cardinality(events) > 0) AND (events <@ ARRAY['written'::text, 'detected'::text, 'answers'::text, 'matches'::text]))),
  constraint webhooks_form_check CHECK ((form = ANY (ARRAY['signed'::text, 'text'::text, 'teams'::text, 'template'::text]))),
  constraint webhooks_language_check CHECK ((language = ANY (ARRAY['cs'::text, 'en'::text]))),
  constraint webhooks_least_check CHECK ((("least" >= 1) AND ("least" <= 4))),
  constraint webhooks_made_by_fkey FOREIGN KEY (made_by) REFERENCES people(id),
  constraint webhooks_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100))),
  constraint webhooks_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint webhooks_template_check CHECK ((length(template) <= 4000))
);
CREATE INDEX webhooks_org ON public.webhooks USING btree (org_id);
comment on column webhooks.sealed_url is 'Where messages go, sealed (platform/seal.ts): the address of a chat is its key';
comment on column webhooks.host is 'Of the address, to be shown';
comment on column webhooks.sealed_secret is 'What messages are signed with, sealed (platform/seal.ts)';
comment on column webhooks.sealed_earlier is 'The secret before, sealed (platform/seal.ts): signed with as well until earlier_until';
comment on column webhooks.least is 'From this severity on: 1 low to 4 critical';
comment on column webhooks.failures is 'Tries in a row that failed';
comment on column webhooks.disabled_why is 'gone: the other side said so; failing: too many tries failed; a person''s hand otherwise';
alter table webhooks enable row level security;
create policy app_own on webhooks for all to hsoc_app using ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[]))) with check ((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])));
create policy engine_all on webhooks for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on webhooks to hsoc_app;
grant delete, insert, select, update on webhooks to hsoc_engine;

create table written_answers (
  id integer generated always as identity not null,
  warning_id integer not null,
  org_id integer not null,
  version integer not null,
  person_id integer not null,
  role text not null,
  answer text not null,
  planned_on date,
  affected integer,
  note text default ''::text not null,
  counted boolean not null,
  via text not null,
  at timestamp with time zone not null,
  constraint written_answers_pkey PRIMARY KEY (id),
  constraint written_answers_affected_check CHECK (((affected >= 0) AND (affected <= 1000000))),
  constraint written_answers_answer_check CHECK ((answer = ANY (ARRAY['seen'::text, 'not_affected'::text, 'working'::text, 'mitigated'::text, 'done'::text]))),
  constraint written_answers_note_check CHECK ((length(note) <= 4000)),
  constraint written_answers_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_answers_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint written_answers_role_check CHECK ((role = ANY (ARRAY['manager'::text, 'representative'::text, 'security_manager'::text, 'duty'::text, 'admin'::text, 'dpo'::text, 'coordinator'::text]))),
  constraint written_answers_via_check CHECK ((via = ANY (ARRAY['page'::text, 'mail'::text, 'api'::text, 'sms'::text, 'coordinator'::text]))),
  constraint written_answers_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_answers_warning ON public.written_answers USING btree (warning_id, org_id, id);
comment on table written_answers is 'Every answer that was given, also of people who have left; only added to';
comment on column written_answers.role is 'In which role it was given: of two that contradict each other the higher one stands';
comment on column written_answers.counted is 'False: kept, but it did not change where the organisation stands';
alter table written_answers enable row level security;
create policy app_reads on written_answers for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_answers.warning_id)))));
create policy app_writes on written_answers for insert to hsoc_app with check (((person_id = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM written_asked a
  WHERE ((a.warning_id = written_answers.warning_id) AND (a.org_id = written_answers.org_id))))));
create policy engine_all on written_answers for all to hsoc_engine using (true) with check (true);
grant insert, select on written_answers to hsoc_app;
grant delete, insert, select, update on written_answers to hsoc_engine;

create table written_asked (
  warning_id integer not null,
  org_id integer not null,
  version integer not null,
  asked boolean not null,
  reasons jsonb default '[]'::jsonb not null,
  answer text default 'pending'::text not null,
  planned_on date,
  affected integer,
  conflict boolean default false not null,
  asked_at timestamp with time zone not null,
  answered_at timestamp with time zone,
  first_answer_at timestamp with time zone,
  done_at timestamp with time zone,
  reminded_at timestamp with time zone,
  out_at timestamp with time zone,
  ladder_step smallint default 0 not null,
  deadline_on date,
  deadline_step smallint default 0 not null,
  rounds jsonb default '[]'::jsonb not null,
  constraint written_asked_pkey PRIMARY KEY (warning_id, org_id),
  constraint written_asked_affected_check CHECK (((affected >= 0) AND (affected <= 1000000))),
  constraint written_asked_answer_check CHECK ((answer = ANY (ARRAY['pending'::text, 'seen'::text, 'not_affected'::text, 'working'::text, 'mitigated'::text, 'done'::text]))),
  constraint written_asked_deadline_step_check CHECK ((deadline_step >= 0)),
  constraint written_asked_ladder_step_check CHECK ((ladder_step >= 0)),
  constraint written_asked_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_asked_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_asked_org ON public.written_asked USING btree (org_id);
comment on table written_asked is 'The board: each organisation that a warning reached, and where it stands';
comment on column written_asked.asked is 'False: it is in the audience, but no rule of the warning concerns it, so no answer is asked';
comment on column written_asked.reasons is 'Why it concerns the organisation: its networks, domains, kind or region';
comment on column written_asked.conflict is 'Two of its people said opposite things; the answer of the higher role stands';
comment on column written_asked.asked_at is 'Since when an answer is awaited: the version that last changed in substance';
comment on column written_asked.out_at is 'Since when a narrower version no longer reaches it';
comment on column written_asked.ladder_step is 'How many steps for the silent are over, made or past';
comment on column written_asked.deadline_on is 'The day that deadline_step counts for; another day begins anew';
comment on column written_asked.deadline_step is 'How many steps around the day by which to act are over';
comment on column written_asked.rounds is 'How earlier versions were answered, which a newer one asked anew: version, asked_at, first_answer_at, done_at';
alter table written_asked enable row level security;
create policy app_changes on written_asked for update to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_asked.warning_id))))) with check (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)));
create policy app_reads on written_asked for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates)) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_asked.warning_id)))));
create policy app_writes on written_asked for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on written_asked for all to hsoc_engine using (true) with check (true);
grant insert, select, update on written_asked to hsoc_app;
grant delete, insert, select, update on written_asked to hsoc_engine;

create table written_grants (
  id integer generated always as identity not null,
  warning_id integer not null,
  version integer not null,
  tlp text not null,
  audience text not null,
  orgs integer[] default '{}'::integer[] not null,
  group_id integer,
  granted_by integer not null,
  granted_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  constraint written_grants_pkey PRIMARY KEY (id),
  constraint written_grants_audience_check CHECK ((audience = ANY (ARRAY['coordinators'::text, 'organisations'::text, 'group'::text, 'all_members'::text, 'public'::text]))),
  constraint written_grants_check CHECK (((audience = 'group'::text) = (group_id IS NOT NULL))),
  constraint written_grants_check1 CHECK (((audience <> 'public'::text) OR (tlp = 'CLEAR'::text))),
  constraint written_grants_check2 CHECK (((audience <> 'all_members'::text) OR (tlp <> 'RED'::text))),
  constraint written_grants_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES people(id),
  constraint written_grants_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint written_grants_orgs_check CHECK ((cardinality(orgs) <= 2000)),
  constraint written_grants_tlp_check CHECK ((tlp = ANY (ARRAY['RED'::text, 'AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint written_grants_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX written_grants_living ON public.written_grants USING btree (warning_id) WHERE (withdrawn_at IS NULL);
comment on table written_grants is 'How wide the author of a warning lets others be that are made of it: stands for its own label and audience there';
comment on column written_grants.version is 'The version for which it was given: a newer one needs a new word';
alter table written_grants enable row level security;
create policy app_changes on written_grants for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (granted_by = ( SELECT actor_person() AS actor_person)))) with check ((withdrawn_at IS NOT NULL));
create policy app_reads on written_grants for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_grants.warning_id)))));
create policy app_writes on written_grants for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (granted_by = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE ((w.id = written_grants.warning_id) AND (w.state = 'published'::text) AND (w.author_id = ( SELECT actor_person() AS actor_person)))))));
create policy engine_all on written_grants for all to hsoc_engine using (true) with check (true);
grant insert, select on written_grants to hsoc_app;
grant delete, insert, select, update on written_grants to hsoc_engine;
grant update (withdrawn_at) on written_grants to hsoc_app;

create table written_indicators (
  id integer generated always as identity not null,
  warning_id integer not null,
  version integer not null,
  org_id integer,
  kind text not null,
  value text not null,
  state text default 'proposed'::text not null,
  tlp text not null,
  readers integer[] not null,
  proposed_by integer not null,
  proposed_at timestamp with time zone not null,
  confirmed_by integer,
  confirmed_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  valid_until timestamp with time zone,
  constraint written_indicators_pkey PRIMARY KEY (id),
  constraint written_indicators_check CHECK (((confirmed_at IS NULL) = (confirmed_by IS NULL))),
  constraint written_indicators_check1 CHECK (((state <> 'confirmed'::text) OR (confirmed_at IS NOT NULL))),
  constraint written_indicators_check2 CHECK (((state = 'withdrawn'::text) = (withdrawn_at IS NOT NULL))),
  constraint written_indicators_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES people(id),
  constraint written_indicators_kind_check CHECK ((kind = ANY (ARRAY['ip'::text, 'net'::text, 'domain'::text, 'url'::text, 'sha256'::text, 'sha1'::text, 'md5'::text, 'email'::text, 'cve'::text]))),
  constraint written_indicators_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_indicators_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES people(id),
  constraint written_indicators_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'withdrawn'::text]))),
  constraint written_indicators_tlp_check CHECK ((tlp = ANY (ARRAY['RED'::text, 'AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint written_indicators_value_check CHECK (((octet_length(value) >= 3) AND (octet_length(value) <= 2048))),
  constraint written_indicators_warning_id_version_fkey FOREIGN KEY (warning_id, version) REFERENCES written_versions(warning_id, no) ON DELETE CASCADE,
  constraint written_indicators_warning_id_version_kind_value_key UNIQUE (warning_id, version, kind, value)
);
CREATE INDEX written_indicators_confirmed ON public.written_indicators USING btree (kind, value) WHERE (state = 'confirmed'::text);
CREATE INDEX written_indicators_org ON public.written_indicators USING btree (org_id);
comment on table written_indicators is 'What the author of a warning took out of its text for machines; proposed while it is being written, confirmed when another person has published it';
comment on column written_indicators.org_id is 'The organisation from which it came; null: the coordinators themselves';
comment on column written_indicators.value is 'Normal form of src/values/indicators.ts, never defanged';
comment on column written_indicators.tlp is 'Of its version';
comment on column written_indicators.readers is 'As of its version';
comment on column written_indicators.valid_until is 'Up to when lists may carry it, by its kind; null for a CVE, which no list carries';
alter table written_indicators enable row level security;
create policy app_changes on written_indicators for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_indicators.warning_id))))) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_discards on written_indicators for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (state = 'proposed'::text) AND (EXISTS ( SELECT 1
   FROM written_versions v
  WHERE ((v.warning_id = written_indicators.warning_id) AND (v.no = written_indicators.version) AND (v.state = 'draft'::text))))));
create policy app_reads on written_indicators for select to hsoc_app using ((((readers && ( SELECT reader_scopes() AS reader_scopes)) AND (state <> 'withdrawn'::text)) OR (( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_indicators.warning_id))))));
create policy app_writes on written_indicators for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_versions v
  WHERE ((v.warning_id = written_indicators.warning_id) AND (v.no = written_indicators.version))))));
create policy engine_all on written_indicators for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER blocklists_begin AFTER INSERT ON public.written_indicators REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION blocklist_indicators_changed();
CREATE TRIGGER blocklists_follow AFTER UPDATE ON public.written_indicators REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION blocklist_indicators_changed();
grant delete, insert, select, update on written_indicators to hsoc_app;
grant delete, insert, select, update on written_indicators to hsoc_engine;

create table written_links (
  token_hash bytea not null,
  delivery_id bigint not null,
  warning_id integer not null,
  org_id integer not null,
  person_id integer not null,
  created_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  constraint written_links_pkey PRIMARY KEY (token_hash),
  constraint written_links_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint written_links_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_links_warning ON public.written_links USING btree (warning_id);
comment on column written_links.token_hash is 'SHA-256 of the token in the mail: 128 bits that this installation''s key makes of delivery and person';
alter table written_links enable row level security;
create policy engine_all on written_links for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on written_links to hsoc_engine;

create table written_named (
  version_id integer not null,
  person_id integer not null,
  constraint written_named_pkey PRIMARY KEY (version_id, person_id),
  constraint written_named_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint written_named_version_id_fkey FOREIGN KEY (version_id) REFERENCES written_versions(id) ON DELETE CASCADE
);
CREATE INDEX written_named_person ON public.written_named USING btree (person_id);
comment on table written_named is 'TLP:RED: the persons for whom it is, and nobody else';
alter table written_named enable row level security;
create policy app_changes on written_named for update to hsoc_app using (false);
create policy app_discards on written_named for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_versions v
  WHERE ((v.id = written_named.version_id) AND (v.state = ANY (ARRAY['draft'::text, 'review'::text])))))));
create policy app_reads on written_named for select to hsoc_app using (((( SELECT actor_coordinates() AS actor_coordinates) OR (person_id = ( SELECT actor_person() AS actor_person))) AND (EXISTS ( SELECT 1
   FROM written_versions v
  WHERE (v.id = written_named.version_id)))));
create policy app_writes on written_named for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_versions v
  WHERE (v.id = written_named.version_id)))));
create policy engine_all on written_named for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on written_named to hsoc_app;
grant delete, insert, select, update on written_named to hsoc_engine;

create table written_numbers (
  year integer not null,
  last integer not null,
  constraint written_numbers_pkey PRIMARY KEY (year),
  constraint written_numbers_last_check CHECK ((last >= 1)),
  constraint written_numbers_year_check CHECK (((year >= 2020) AND (year <= 2200)))
);
comment on table written_numbers is 'The last number given in a year; a number is never given twice';
alter table written_numbers enable row level security;
create policy app_changes on written_numbers for update to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates)) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on written_numbers for select to hsoc_app using (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_writes on written_numbers for insert to hsoc_app with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy engine_all on written_numbers for all to hsoc_engine using (true) with check (true);
grant insert, select, update on written_numbers to hsoc_app;
grant delete, insert, select, update on written_numbers to hsoc_engine;

create table written_owners (
  warning_id integer not null,
  org_id integer not null,
  version integer default 0 not null,
  asked boolean default false not null,
  pieces integer default 0 not null,
  departments integer default 0 not null,
  what jsonb default '[]'::jsonb not null,
  due_at timestamp with time zone,
  constraint written_owners_pkey PRIMARY KEY (warning_id, org_id),
  constraint written_owners_departments_check CHECK ((departments >= 0)),
  constraint written_owners_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_owners_pieces_check CHECK ((pieces >= 0)),
  constraint written_owners_version_check CHECK ((version >= 0)),
  constraint written_owners_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE,
  constraint written_owners_what_check CHECK ((octet_length((what)::text) <= 10000))
);
CREATE INDEX written_owners_due ON public.written_owners USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX written_owners_org ON public.written_owners USING btree (org_id);
comment on table written_owners is 'Organisations of the audience of a written warning that run what it names, for them alone';
comment on column written_owners.version is 'The version of which it was last told because of this; 0: of none';
comment on column written_owners.pieces is '0: nothing was found yet, it waits to be looked at';
comment on column written_owners.what is 'Names as the inventory has them with their pieces, the most first';
comment on column written_owners.due_at is 'Its inventory changed since then, and was not looked at again yet';
alter table written_owners enable row level security;
create policy app_reads on written_owners for select to hsoc_app using (((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_owners.warning_id)))));
create policy engine_all on written_owners for all to hsoc_engine using (true) with check (true);
grant select on written_owners to hsoc_app;
grant delete, insert, select, update on written_owners to hsoc_engine;

create table written_passed (
  passing_id integer not null,
  person_id integer not null,
  constraint written_passed_pkey PRIMARY KEY (passing_id, person_id),
  constraint written_passed_passing_id_fkey FOREIGN KEY (passing_id) REFERENCES written_passings(id) ON DELETE CASCADE,
  constraint written_passed_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);
CREATE INDEX written_passed_person ON public.written_passed USING btree (person_id);
comment on table written_passed is 'The people who may read what was passed on; each as long as they act for the receiving organisation';
alter table written_passed enable row level security;
create policy app_reads on written_passed for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_passings g
  WHERE (g.id = written_passed.passing_id)))));
create policy engine_all on written_passed for all to hsoc_engine using (true) with check (true);
grant select on written_passed to hsoc_app;
grant delete, insert, select, update on written_passed to hsoc_engine;

create table written_passings (
  id integer generated always as identity not null,
  warning_id integer not null,
  version integer not null,
  org_id integer not null,
  to_org_id integer not null,
  relation text not null,
  need text not null,
  people smallint not null,
  passed_by integer not null,
  passed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  ended_by integer,
  end_reason text,
  constraint written_passings_pkey PRIMARY KEY (id),
  constraint written_passings_check CHECK ((to_org_id <> org_id)),
  constraint written_passings_check1 CHECK ((((ended_at IS NULL) = (end_reason IS NULL)) AND ((ended_at IS NULL) = (ended_by IS NULL)))),
  constraint written_passings_end_reason_check CHECK ((end_reason = ANY (ARRAY['withdrawn'::text, 'narrowed'::text]))),
  constraint written_passings_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES people(id),
  constraint written_passings_need_check CHECK (((length(btrim(need)) >= 1) AND (length(btrim(need)) <= 1000))),
  constraint written_passings_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_passings_passed_by_fkey FOREIGN KEY (passed_by) REFERENCES people(id),
  constraint written_passings_people_check CHECK ((people > 0)),
  constraint written_passings_relation_check CHECK ((relation = ANY (ARRAY['supplier'::text, 'client'::text]))),
  constraint written_passings_to_org_id_fkey FOREIGN KEY (to_org_id) REFERENCES organisations(id),
  constraint written_passings_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX written_passings_living ON public.written_passings USING btree (warning_id, org_id, to_org_id) WHERE (ended_at IS NULL);
CREATE INDEX written_passings_org ON public.written_passings USING btree (org_id);
CREATE INDEX written_passings_to ON public.written_passings USING btree (to_org_id);
comment on table written_passings is 'Who passed a written warning on, to whom and why';
comment on column written_passings.version is 'The version that was out then; a newer one is read as well, unless it is narrower';
comment on column written_passings.org_id is 'The organisation of the audience that passed it on';
comment on column written_passings.need is 'Why the receiver needs it, in the words of who passed it on';
comment on column written_passings.people is 'How many people got it';
comment on column written_passings.end_reason is 'withdrawn by who passed it on or a coordinator; narrowed: a newer version no longer allows it';
alter table written_passings enable row level security;
create policy app_reads on written_passings for select to hsoc_app using ((((org_id = ANY (( SELECT actor_orgs() AS actor_orgs)::integer[])) OR ( SELECT actor_coordinates() AS actor_coordinates) OR (id = ANY (( SELECT passed_to_actor() AS passed_to_actor)::integer[]))) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_passings.warning_id)))));
create policy engine_all on written_passings for all to hsoc_engine using (true) with check (true);
grant select on written_passings to hsoc_app;
grant delete, insert, select, update on written_passings to hsoc_engine;

create table written_sources (
  warning_id integer not null,
  source_id integer not null,
  version integer not null,
  over_noted boolean default false not null,
  added_at timestamp with time zone not null,
  constraint written_sources_pkey PRIMARY KEY (warning_id, source_id),
  constraint written_sources_check CHECK ((warning_id <> source_id)),
  constraint written_sources_source_id_fkey FOREIGN KEY (source_id) REFERENCES written_warnings(id) ON DELETE CASCADE,
  constraint written_sources_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_sources_source ON public.written_sources USING btree (source_id);
comment on table written_sources is 'Of which warnings a warning was made; never taken away';
comment on column written_sources.version is 'The version of the source of which its writers know';
comment on column written_sources.over_noted is 'Its writers know that the source was revoked, and took out what came from it';
alter table written_sources enable row level security;
create policy app_changes on written_sources for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_sources.warning_id))))) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_reads on written_sources for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_sources.warning_id)))));
create policy app_writes on written_sources for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE ((w.id = written_sources.warning_id) AND (w.version = 0) AND (w.author_id = ( SELECT actor_person() AS actor_person))))) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE ((w.id = written_sources.source_id) AND (w.state = 'published'::text))))));
create policy engine_all on written_sources for all to hsoc_engine using (true) with check (true);
grant insert, select on written_sources to hsoc_app;
grant delete, insert, select, update on written_sources to hsoc_engine;
grant update (over_noted, version) on written_sources to hsoc_app;

create table written_steps (
  id integer generated always as identity not null,
  warning_id integer not null,
  org_id integer not null,
  version integer not null,
  kind text not null,
  step smallint,
  told integer default 0 not null,
  person_id integer,
  note text default ''::text not null,
  at timestamp with time zone not null,
  constraint written_steps_pkey PRIMARY KEY (id),
  constraint written_steps_check CHECK (((kind = 'call'::text) = (step IS NULL))),
  constraint written_steps_check1 CHECK (((kind = 'call'::text) OR (person_id IS NULL))),
  constraint written_steps_kind_check CHECK ((kind = ANY (ARRAY['ladder'::text, 'deadline'::text, 'call'::text]))),
  constraint written_steps_note_check CHECK ((length(note) <= 1000)),
  constraint written_steps_org_id_fkey FOREIGN KEY (org_id) REFERENCES organisations(id),
  constraint written_steps_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  constraint written_steps_step_check CHECK ((step > 0)),
  constraint written_steps_told_check CHECK ((told >= 0)),
  constraint written_steps_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_steps_warning ON public.written_steps USING btree (warning_id, org_id, id);
comment on table written_steps is 'What the clocks of a written warning did for each organisation, and calls that coordinators made; only added to';
comment on column written_steps.told is 'How many messages were decided for it';
comment on column written_steps.person_id is 'Who called';
comment on column written_steps.note is 'What came of the call';
alter table written_steps enable row level security;
create policy app_reads on written_steps for select to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_steps.warning_id)))));
create policy app_writes on written_steps for insert to hsoc_app with check (((kind = 'call'::text) AND ( SELECT actor_coordinates() AS actor_coordinates) AND (person_id = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM written_asked a
  WHERE ((a.warning_id = written_steps.warning_id) AND (a.org_id = written_steps.org_id))))));
create policy engine_all on written_steps for all to hsoc_engine using (true) with check (true);
grant insert, select on written_steps to hsoc_app;
grant delete, insert, select, update on written_steps to hsoc_engine;

create table written_tombstones (
  warning_id integer not null,
  number text not null,
  revoked_at timestamp with time zone not null,
  reason text,
  readers integer[] not null,
  stands text default 'revoked'::text not null,
  constraint written_tombstones_pkey PRIMARY KEY (warning_id, revoked_at),
  constraint written_tombstones_number_check CHECK ((number ~ '^HSOC-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint written_tombstones_reason_check CHECK (((length(btrim(reason)) >= 1) AND (length(btrim(reason)) <= 2000))),
  constraint written_tombstones_stands_check CHECK ((stands = ANY (ARRAY['revoked'::text, 'withdrawn'::text]))),
  constraint written_tombstones_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE
);
CREATE INDEX written_tombstones_recent ON public.written_tombstones USING btree (revoked_at DESC, warning_id DESC);
comment on table written_tombstones is 'That a warning was revoked, or withdrawn from some by a narrower version, for those who could read it until then';
comment on column written_tombstones.reason is 'Where its label lets the reason stand in a mail';
comment on column written_tombstones.readers is 'Scopes that read the version that was out';
comment on column written_tombstones.stands is 'revoked: for all; withdrawn: a newer version is out, and not for these readers';
alter table written_tombstones enable row level security;
create policy app_reads on written_tombstones for select to hsoc_app using ((readers && ( SELECT reader_scopes() AS reader_scopes)));
create policy engine_all on written_tombstones for all to hsoc_engine using (true) with check (true);
grant select on written_tombstones to hsoc_app;
grant delete, insert, select, update on written_tombstones to hsoc_engine;

create table written_versions (
  id integer generated always as identity not null,
  warning_id integer not null,
  no integer not null,
  state text not null,
  kind text not null,
  severity smallint not null,
  tlp text not null,
  audience text not null,
  orgs integer[] default '{}'::integer[] not null,
  group_id integer,
  texts jsonb not null,
  translation text not null,
  rules jsonb not null,
  action_by date,
  valid_until timestamp with time zone,
  refs text default ''::text not null,
  change_note text default ''::text not null,
  substantive boolean default true not null,
  review_note text default ''::text not null,
  readers integer[] not null,
  author_id integer not null,
  editor_id integer not null,
  approver_id integer,
  period_id integer,
  review_due_at timestamp with time zone,
  judged_by integer,
  judged_at timestamp with time zone,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  published_at timestamp with time zone,
  advisory_id integer,
  advisory_seq integer,
  owners text,
  constraint written_versions_pkey PRIMARY KEY (id),
  constraint written_versions_advisory_id_fkey FOREIGN KEY (advisory_id) REFERENCES advisories(id),
  constraint written_versions_approver_id_fkey FOREIGN KEY (approver_id) REFERENCES people(id),
  constraint written_versions_audience_check CHECK ((audience = ANY (ARRAY['coordinators'::text, 'organisations'::text, 'group'::text, 'all_members'::text, 'public'::text]))),
  constraint written_versions_author_id_fkey FOREIGN KEY (author_id) REFERENCES people(id),
  constraint written_versions_change_note_check CHECK ((length(change_note) <= 2000)),
  constraint written_versions_check CHECK (((audience <> 'public'::text) OR (tlp = 'CLEAR'::text))),
  constraint written_versions_check1 CHECK (((audience <> 'all_members'::text) OR (tlp <> 'RED'::text))),
  constraint written_versions_check10 CHECK (((advisory_id IS NULL) = (advisory_seq IS NULL))),
  constraint written_versions_check2 CHECK (((audience = 'group'::text) = (group_id IS NOT NULL))),
  constraint written_versions_check3 CHECK (((audience = 'organisations'::text) OR (orgs = '{}'::integer[]))),
  constraint written_versions_check4 CHECK (((kind = 'emergency'::text) = (severity = 4))),
  constraint written_versions_check5 CHECK (((state = ANY (ARRAY['published'::text, 'past'::text])) = ((approver_id IS NOT NULL) AND (published_at IS NOT NULL)))),
  constraint written_versions_check6 CHECK (((approver_id IS NULL) OR (period_id IS NOT NULL) OR ((approver_id <> author_id) AND (approver_id <> editor_id)))),
  constraint written_versions_check7 CHECK (((period_id IS NULL) = (review_due_at IS NULL))),
  constraint written_versions_check8 CHECK (((period_id IS NULL) OR (kind = 'emergency'::text))),
  constraint written_versions_check9 CHECK ((((judged_by IS NULL) = (judged_at IS NULL)) AND ((judged_by IS NULL) OR (judged_by <> approver_id)))),
  constraint written_versions_editor_id_fkey FOREIGN KEY (editor_id) REFERENCES people(id),
  constraint written_versions_group_id_fkey FOREIGN KEY (group_id) REFERENCES groups(id),
  constraint written_versions_judged_by_fkey FOREIGN KEY (judged_by) REFERENCES people(id),
  constraint written_versions_kind_check CHECK ((kind = ANY (ARRAY['info'::text, 'vulnerability'::text, 'campaign'::text, 'emergency'::text]))),
  constraint written_versions_no_check CHECK ((no >= 1)),
  constraint written_versions_orgs_check CHECK ((cardinality(orgs) <= 2000)),
  constraint written_versions_owners_check CHECK ((owners = ANY (ARRAY['nobody'::text, 'few'::text, '5–10'::text, '11–20'::text, '21+'::text]))),
  constraint written_versions_period_id_fkey FOREIGN KEY (period_id) REFERENCES single_duty_periods(id),
  constraint written_versions_refs_check CHECK ((length(refs) <= 4000)),
  constraint written_versions_review_note_check CHECK ((length(review_note) <= 2000)),
  constraint written_versions_rules_check CHECK ((octet_length((rules)::text) <= 400000)),
  constraint written_versions_severity_check CHECK (((severity >= 1) AND (severity <= 4))),
  constraint written_versions_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text, 'past'::text]))),
  constraint written_versions_texts_check CHECK ((octet_length((texts)::text) <= 100000)),
  constraint written_versions_tlp_check CHECK ((tlp = ANY (ARRAY['RED'::text, 'AMBER+STRICT'::text, 'AMBER'::text, 'GREEN'::text, 'CLEAR'::text]))),
  constraint written_versions_translation_check CHECK ((translation = ANY (ARRAY['missing'::text, 'outdated'::text, 'done'::text]))),
  constraint written_versions_warning_id_fkey FOREIGN KEY (warning_id) REFERENCES written_warnings(id) ON DELETE CASCADE,
  constraint written_versions_warning_id_no_key UNIQUE (warning_id, no)
);
CREATE INDEX written_versions_advisory ON public.written_versions USING btree (advisory_id) WHERE (advisory_id IS NOT NULL);
CREATE INDEX written_versions_due ON public.written_versions USING btree (review_due_at) WHERE ((review_due_at IS NOT NULL) AND (judged_at IS NULL));
CREATE UNIQUE INDEX written_versions_published ON public.written_versions USING btree (warning_id) WHERE (state = 'published'::text);
CREATE UNIQUE INDEX written_versions_working ON public.written_versions USING btree (warning_id) WHERE (state = ANY (ARRAY['draft'::text, 'review'::text]));
comment on column written_versions.no is 'Counts published versions; the one being written bears the next number';
comment on column written_versions.orgs is 'The chosen organisations; an empty list means nobody';
comment on column written_versions.texts is 'By language: title, happened, concerns, todo; Czech is the one that counts';
comment on column written_versions.translation is 'Of the English text against the Czech one';
comment on column written_versions.rules is 'Who of the audience is asked to answer: all, prefixes, domains, kinds, regions, products; it never widens the audience';
comment on column written_versions.substantive is 'A change of substance: everybody is asked anew';
comment on column written_versions.readers is 'Scopes that read this version, if they read the warning at all';
comment on column written_versions.period_id is 'Released by one person alone in this period';
comment on column written_versions.advisory_id is 'The advisory that it was made of';
comment on column written_versions.advisory_seq is 'The version of the advisory that it takes up';
comment on column written_versions.owners is 'How many organisations run what it names, as coordinators are told; null: not looked at yet';
alter table written_versions enable row level security;
create policy app_changes on written_versions for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_versions.warning_id))))) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_discards on written_versions for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (state = ANY (ARRAY['draft'::text, 'review'::text])) AND (readers && ( SELECT reader_scopes() AS reader_scopes))));
create policy app_reads on written_versions for select to hsoc_app using (((EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_versions.warning_id))) AND (readers && ( SELECT reader_scopes() AS reader_scopes))));
create policy app_writes on written_versions for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (author_id = ( SELECT actor_person() AS actor_person)) AND (EXISTS ( SELECT 1
   FROM written_warnings w
  WHERE (w.id = written_versions.warning_id)))));
create policy engine_all on written_versions for all to hsoc_engine using (true) with check (true);
grant delete, insert, select, update on written_versions to hsoc_app;
grant delete, insert, select, update on written_versions to hsoc_engine;

create table written_warnings (
  id integer generated always as identity not null,
  number text,
  state text default 'draft'::text not null,
  version integer default 0 not null,
  author_id integer not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  published_at timestamp with time zone,
  ends_at timestamp with time zone,
  readers integer[] not null,
  readers_after integer[] not null,
  revoke_asked_by integer,
  revoke_asked_at timestamp with time zone,
  revoked_by integer,
  revoked_at timestamp with time zone,
  revoke_reason text,
  constraint written_warnings_pkey PRIMARY KEY (id),
  constraint written_warnings_author_id_fkey FOREIGN KEY (author_id) REFERENCES people(id),
  constraint written_warnings_check CHECK (((version = 0) = (number IS NULL))),
  constraint written_warnings_check1 CHECK (((version = 0) = (state = ANY (ARRAY['draft'::text, 'review'::text])))),
  constraint written_warnings_check2 CHECK (((state = 'revoked'::text) = (revoked_at IS NOT NULL))),
  constraint written_warnings_number_check CHECK ((number ~ '^HSOC-[0-9]{4}-[0-9]{4,}$'::text)),
  constraint written_warnings_number_key UNIQUE (number),
  constraint written_warnings_revoke_asked_by_fkey FOREIGN KEY (revoke_asked_by) REFERENCES people(id),
  constraint written_warnings_revoke_reason_check CHECK (((length(btrim(revoke_reason)) >= 1) AND (length(btrim(revoke_reason)) <= 2000))),
  constraint written_warnings_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES people(id),
  constraint written_warnings_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text, 'revoked'::text, 'expired'::text]))),
  constraint written_warnings_version_check CHECK ((version >= 0))
);
CREATE INDEX written_warnings_recent ON public.written_warnings USING btree (published_at DESC, id DESC);
comment on column written_warnings.version is 'The published version; 0 while nothing is';
comment on column written_warnings.ends_at is 'valid_until of the published version: past it readers_after alone read';
comment on column written_warnings.readers is 'Scopes that read it now, up to ends_at';
comment on column written_warnings.readers_after is 'Scopes that read it once it is over';
alter table written_warnings enable row level security;
create policy app_changes on written_warnings for update to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND ((readers || readers_after) && ( SELECT reader_scopes() AS reader_scopes)))) with check (( SELECT actor_coordinates() AS actor_coordinates));
create policy app_discards on written_warnings for delete to hsoc_app using ((( SELECT actor_coordinates() AS actor_coordinates) AND (version = 0) AND (readers && ( SELECT reader_scopes() AS reader_scopes))));
create policy app_reads on written_warnings for select to hsoc_app using ((((readers && ( SELECT reader_scopes() AS reader_scopes)) AND ((ends_at IS NULL) OR (ends_at > ( SELECT actor_now() AS actor_now)))) OR (readers_after && ( SELECT reader_scopes() AS reader_scopes))));
create policy app_writes on written_warnings for insert to hsoc_app with check ((( SELECT actor_coordinates() AS actor_coordinates) AND (author_id = ( SELECT actor_person() AS actor_person))));
create policy engine_all on written_warnings for all to hsoc_engine using (true) with check (true);
CREATE TRIGGER blocklists_follow AFTER UPDATE ON public.written_warnings REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION blocklist_written_changed();
CREATE TRIGGER narrowed_leaves_a_stone AFTER UPDATE ON public.written_warnings FOR EACH ROW WHEN (((old.state = ANY (ARRAY['published'::text, 'expired'::text])) AND (new.state = 'published'::text) AND (old.version > 0) AND (new.version > old.version) AND (NOT (old.readers <@ new.readers)))) EXECUTE FUNCTION written_narrowed();
grant delete, insert, select, update on written_warnings to hsoc_app;
grant delete, insert, select, update on written_warnings to hsoc_engine;

CREATE OR REPLACE FUNCTION public.action_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(delivery_id bigint, warning_id bigint, actions text[], revoked boolean, over boolean, person_id integer, email text, name text, language text, engagements jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select l.delivery_id, l.warning_id, l.actions, l.revoked_at is not null,
    w.state = 'closed' and w.closed_at + interval '30 days' < p_now,
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', r.org_id, 'orgName', r.org_name, 'role', r.role, 'through', r.through) order by r.role)
      from roles_of_person(p.id, p_now) r where r.org_id = w.org_id), '[]')
  from action_links l join warnings w on w.id = l.warning_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.actor_address()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select lower(email) from people where id = actor_person()
$function$
;

CREATE OR REPLACE FUNCTION public.actor_coordinates()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select 2 = any (actor_scopes()) $function$
;

CREATE OR REPLACE FUNCTION public.actor_groups()
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(known.group_id) from (
    select s.group_id from seats_in_force() s where s.person_id = actor_person()
    union select s.group_id from seats s join groups g on g.id = s.group_id and g.closed_at is null
      where s.person_id = actor_person() and s.state = 'asked' and s.ends_at > actor_now()
    union select i.group_id from group_invitations i join groups g on g.id = i.group_id and g.closed_at is null
      where lower(i.address) = actor_address() and i.ended_at is null and i.expires_at > actor_now()) known
$function$
;

CREATE OR REPLACE FUNCTION public.actor_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('hsoc.now', true), '')::timestamptz $function$
;

CREATE OR REPLACE FUNCTION public.actor_operates()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select 3 = any (actor_scopes()) $function$
;

CREATE OR REPLACE FUNCTION public.actor_orgs()
 RETURNS integer[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('hsoc.orgs', true), ''), '{}')::int[] $function$
;

CREATE OR REPLACE FUNCTION public.actor_owns_sensor(p_sensor integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from sensors s where s.id = p_sensor and (s.org_id = any (actor_orgs()) or actor_coordinates()))
$function$
;

CREATE OR REPLACE FUNCTION public.actor_passed()
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(distinct 1100000000 + g.warning_id) from written_passed p
  join written_passings g on g.id = p.passing_id and g.ended_at is null
  join organisations o on o.id = organisation_now(g.org_id) and o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
  where p.person_id = actor_person() and organisation_now(g.to_org_id) = any (actor_orgs())
$function$
;

CREATE OR REPLACE FUNCTION public.actor_person()
 RETURNS integer
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select nullif(current_setting('hsoc.person', true), '')::int $function$
;

CREATE OR REPLACE FUNCTION public.actor_reads_sector()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select 7 = any (actor_scopes()) $function$
;

CREATE OR REPLACE FUNCTION public.actor_scopes()
 RETURNS integer[]
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce(nullif(current_setting('hsoc.scopes', true), ''), '{}')::int[] $function$
;

CREATE OR REPLACE FUNCTION public.actor_seats()
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(distinct 1000000000 + s.group_id) from seats_in_force() s
  where s.person_id = actor_person() and s.member and s.org_id = any (actor_orgs())
$function$
;

CREATE OR REPLACE FUNCTION public.acts_for(p_person integer, p_org integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from engagements e join organisations o on o.id = e.org_id and o.status <> 'left'
    where e.person_id = p_person and e.org_id = p_org and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.address_key(address text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select substr(sha256(convert_to(lower(address), 'UTF8')), 1, 16) $function$
;

CREATE OR REPLACE FUNCTION public.advisory_source_names()
 RETURNS TABLE(id integer, label text, kind text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select s.id, s.label, s.kind from advisory_sources s
  where exists (select 1 from advisories a where a.source_id = s.id and a.readers && (select actor_scopes()))
$function$
;

CREATE OR REPLACE FUNCTION public.announce(channel text, payload text)
 RETURNS void
 LANGUAGE sql
AS $function$ select pg_notify('hsoc_' || channel, payload) $function$
;

CREATE OR REPLACE FUNCTION public.batch_bytes(p_batches bigint[])
 RETURNS TABLE(id bigint, raw bytea)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select b.id, b.raw from batches b join sensors s on s.id = b.sensor_id
  where b.id = any (p_batches) and (actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false)
    or exists (select 1 from matches m where m.batch_id = b.id and m.org_id = any (actor_orgs()))
    or (actor_reads_sector() and exists (select 1 from events e join source_keys k on k.id = any (e.key_id || coalesce(e.more_keys, '{}'))
      where e.batch_id = b.id and e.lane = 0 and k.counted
        and exists (select 1 from sector_seen n where n.key_id = k.id and abs(n.hour - e.hour) <= 24))))
$function$
;

CREATE OR REPLACE FUNCTION public.batch_for_event(p_batch bigint, p_idx integer)
 RETURNS TABLE(raw bytea, raw_off integer, raw_len integer, received_at timestamp with time zone, sensor_id integer, shared boolean, format text, sender text, inline boolean, lenient boolean, zone text, inside text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select b.raw, e.raw_off, e.raw_len, b.received_at, b.sensor_id,
    not r.whole and exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id <> all (actor_orgs())),
    b.format, s.name, s.inline, s.lenient, s.zone, (select array_agg(n.text) from sensor_networks n where n.sensor_id = s.id)
  from batches b join events e on e.batch_id = b.id and e.idx = p_idx join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false) as whole) r
  where b.id = p_batch
    and (r.whole or exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs())))
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_indicators_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform blocklist_of_written(array_agg(distinct c.warning_id), max(coalesce(c.withdrawn_at, c.confirmed_at))) from changed c
    where c.state <> 'proposed' having count(*) > 0;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_of_written(p_warnings integer[], p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  touched bigint[];
begin
  insert into blocklist_sources as s (item_id, source, ref, observers, readers, added_at, seen_at, ends_at)
    select blocklist_put(i.kind, i.value, p_now), 'warning', i.warning_id, 1,
      -- A version may have been narrowed since; what expired has its own readers for as long as it is good.
      case w.state when 'published' then array(select unnest(i.readers) intersect select unnest(w.readers)) else i.readers end, p_now, i.confirmed_at, coalesce(i.valid_until, i.confirmed_at)
    from written_indicators i join written_warnings w on w.id = i.warning_id and w.version = i.version
    where i.warning_id = any (p_warnings) and i.state = 'confirmed' and w.state in ('published', 'expired')
      and i.kind in ('ip', 'net', 'domain', 'url', 'sha256')
    on conflict (item_id, source, ref) do update set readers = excluded.readers, seen_at = excluded.seen_at, ends_at = excluded.ends_at, ended_at = null;
  update blocklist_sources s set ended_at = p_now
    where s.source = 'warning' and s.ref = any (p_warnings) and s.ended_at is null and not exists (
      select 1 from blocklist_items b, written_indicators i join written_warnings w on w.id = i.warning_id and w.version = i.version
      where b.id = s.item_id and i.warning_id = s.ref and i.kind = b.kind and i.value = b.value and i.state = 'confirmed'
        and w.state in ('published', 'expired'));
  select array_agg(distinct item_id) into touched from blocklist_sources where source = 'warning' and ref = any (p_warnings);
  if touched is null then return; end if;
  perform blocklist_prune(touched, p_now);
  -- What was announced in one transaction is heard once for each item; of many the whole is looked at.
  if cardinality(touched) > 50 then perform announce('blocklists', '');
  else perform announce('blocklists', 'item ' || i) from unnest(touched) as i; end if;
end
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_prune(p_items bigint[], p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with orgs as (select o.org_id, blocklist_scopes(o.org_id) || case when 'strict' = any (c.sources) then blocklist_strict_scopes(o.org_id) else '{}' end as scopes
      from (select distinct org_id from blocklist_entries where item_id = any (p_items)) o left join blocklist_choices c on c.org_id = o.org_id),
  gone as (
    delete from blocklist_entries e using blocklist_items i, orgs o
    where i.id = e.item_id and o.org_id = e.org_id and e.item_id = any (p_items) and (
      i.state = 'withdrawn' or i.hits is not null and i.overruled_at is null
      or not exists (select 1 from blocklist_sources s where s.item_id = i.id and s.ended_at is null and s.readers && o.scopes
        having sum(s.observers) >= 2 or bool_or(s.source <> 'campaign'))
      or exists (select 1 from blocklist_exceptions x where x.org_id = any (organisation_with_merged(e.org_id)) and x.ended_at is null
        and (x.kind = i.kind and x.value = i.value or x.net && i.net or i.host = x.host or right(i.host, length(x.host) + 1) = '.' || x.host)))
    returning e.org_id, e.list),
  shorter as (
    update blocklist_lists l set version = l.version + 1, revision = l.revision + 1, entries = l.entries - g.n, changed_at = p_now, refreshed_at = p_now
    from (select org_id, list, count(*)::int as n from gone group by org_id, list) g where l.org_id = g.org_id and l.list = g.list
    returning g.n)
  select coalesce(sum(n), 0)::int from shorter
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_put(p_kind text, p_value text, p_now timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  found_id bigint;
  its_host text := case p_kind when 'domain' then p_value when 'url' then substring(p_value from '^https?://([^/:?#]+)') end;
begin
  insert into blocklist_items (kind, value, net, host, first_at, seen_at, ends_at) values (p_kind, p_value,
    case when p_kind in ('ip', 'net') then p_value::inet when its_host ~ '^[0-9]+([.][0-9]+){3}$' then its_host::inet end, its_host, p_now, p_now, p_now)
    on conflict (kind, value) do nothing returning id into found_id;
  if found_id is null then
    select id into found_id from blocklist_items where kind = p_kind and value = p_value;
  end if;
  return found_id;
end
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_scopes(p_org integer)
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select scopes_held(array[1, 5] || array(select 1000 + 4 * m + 1 from unnest(organisation_with_merged(p_org)) as m), organisation_with_merged(p_org))
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_strict_scopes(p_org integer)
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select scopes_held(array[6] || array(select 1000 + 4 * m + 2 from unnest(organisation_with_merged(p_org)) as m), organisation_with_merged(p_org))
$function$
;

CREATE OR REPLACE FUNCTION public.blocklist_written_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform blocklist_of_written(array_agg(distinct c.id), max(c.changed_at)) from (select id, changed_at from changed) c
    where exists (select 1 from written_indicators i where i.warning_id = c.id and i.state <> 'proposed') having count(*) > 0;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.claim_contact(p_claim integer)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select left(e.contact, 1) || '***@' || split_part(e.contact, '@', 2)
  from claims c join registry_entries e on e.net_from <= c.net_from and e.net_to >= c.net_to and family(e.net_from) = family(c.net_from)
  where c.id = p_claim and c.readers && actor_scopes() and e.contact is not null
    and (c.org_id = any (actor_orgs()) or actor_coordinates())
  order by e.net_from desc, e.net_to, e.line limit 1
$function$
;

CREATE OR REPLACE FUNCTION public.claim_party(p_claim integer, p_org integer)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select o.name from organisations o join claims c on c.id = p_claim
  where o.id = p_org and c.readers && actor_scopes()
    and (p_org in (c.org_id, c.delegator_id) or exists (
      select 1 from claim_holders h where h.claim_id = p_claim and h.org_id = p_org and h.readers && actor_scopes()))
$function$
;

CREATE OR REPLACE FUNCTION public.closed_before()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$ select coalesce((select to_timestamp(value::float8 / 1000.0) from settings where name = 'closed_before'), '-infinity') $function$
;

CREATE OR REPLACE FUNCTION public.contact_book_head(p_org integer)
 RETURNS TABLE(name text, attested_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select o.name, (select max(a.at) from contact_attestations a where a.org_id = o.id) from organisations o
  where o.id = p_org and o.status <> 'left'
    and exists (select 1 from contact_entries e where e.org_id = o.id and e.ended_at is null and e.readers && actor_scopes())
$function$
;

CREATE OR REPLACE FUNCTION public.count_new(positions integer[], fresh integer[], n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when cardinality(fresh) = n then cardinality(positions)
    else (select count(*)::int from unnest(positions) as p (at) where p.at = any (fresh)) end
$function$
;

CREATE OR REPLACE FUNCTION public.decides_matches(p_org integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id in (p_org, organisation_now(p_org))
    and p_org = any (actor_orgs()) and e.role in ('admin', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.deliveries_past(p_before timestamp with time zone)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select d.id from deliveries d where d.decided_at < p_before and d.state not in ('queued', 'sending')
    and not exists (select 1 from written_warnings w where w.id = d.written_id and w.state = 'published' and d.kind <> 'talk')
    -- A digest stays as long as one of those that it lists.
    and not exists (select 1 from deliveries k join written_warnings w on w.id = k.written_id and w.state = 'published' where k.digest_id = d.id and k.kind <> 'talk')
$function$
;

CREATE OR REPLACE FUNCTION public.derived_of_written(p_source integer)
 RETURNS TABLE(id integer, warning integer, no integer, state text, severity smallint, tlp text, audience text, orgs integer[], "group" integer, named integer[], author integer, editor integer, readers integer[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with recursive down (warning_id) as (
    select s.warning_id from written_sources s where s.source_id = p_source
    union select s.warning_id from written_sources s join down d on d.warning_id = s.source_id)
  select v.id, v.warning_id, v.no, v.state, v.severity, v.tlp, v.audience, v.orgs, v.group_id,
    array(select n.person_id from written_named n where n.version_id = v.id order by 1), v.author_id, v.editor_id, w.readers
  from down d join written_warnings w on w.id = d.warning_id and w.state in ('draft', 'review', 'published')
  join written_versions v on v.warning_id = w.id and v.state in ('draft', 'review', 'published')
  where actor_coordinates() order by v.id
$function$
;

CREATE OR REPLACE FUNCTION public.duty_feed(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(schedule_id integer, person_id integer, email text, name text, language text, engagements jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select f.schedule_id, p.id, p.email, p.name, p.language, r.held
  from duty_feeds f join people p on p.id = f.person_id,
    lateral (select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', e.org_name, 'role', e.role, 'through', e.through)
      order by e.org_name, e.role) as held from roles_of_person(p.id, p_now) e) r
  where f.token_hash = p_token_hash and f.ended_at is null and p.disabled_at is null and r.held is not null
$function$
;

CREATE OR REPLACE FUNCTION public.duty_people(p_schedule integer)
 RETURNS TABLE(id integer, name text, acts boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select p.id, p.name, p.disabled_at is null and exists (
      select 1 from engagements e where e.person_id = p.id and e.valid_from <= actor_now() and e.valid_to > actor_now()
        and case when s.org_id is null then e.role = 'coordinator' else e.org_id = any (organisation_with_merged(s.org_id)) end)
  from duty_schedules s, people p
  where s.id = p_schedule and (s.readers && actor_scopes() or s.org_id = any (actor_orgs())) and p.id in (
    select t.person_id from duty_turns t join duty_rules r on r.id = t.rule_id where r.schedule_id = s.id and r.ended_at is null
    union select c.person_id from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null
    union select c.stand_in from duty_changes c where c.schedule_id = s.id and c.withdrawn_at is null)
$function$
;

CREATE OR REPLACE FUNCTION public.end_passings(p_warning integer, p_orgs integer[], p_now timestamp with time zone)
 RETURNS integer[]
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  over int[];
begin
  if not actor_coordinates() then return null; end if;
  with ended as (
    update written_passings g set ended_at = p_now, ended_by = actor_person(), end_reason = 'narrowed'
    where g.warning_id = p_warning and g.ended_at is null and organisation_now(g.org_id) <> all (p_orgs) returning g.id)
  select coalesce(array_agg(id), '{}') into over from ended;
  return over;
end $function$
;

CREATE OR REPLACE FUNCTION public.end_seats_of(p_person integer, p_org integer, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  update seats set ends_at = greatest(since, p_at), ended_by = 'organisation'
  where (person_id = p_person or p_person is null) and org_id = p_org and state in ('asked', 'held') and ends_at > p_at;
  update group_moderators set ended_at = greatest(appointed_at, p_at)
  where (person_id = p_person or p_person is null) and org_id = p_org and ended_at is null;
$function$
;

CREATE OR REPLACE FUNCTION public.events_after(p_after bigint, p_upto bigint, p_limit integer, p_others boolean)
 RETURNS TABLE(serial bigint, batch_id bigint, idx integer, raw_off integer, raw_len integer, raw_size integer, mine boolean, shared boolean, seen text[], at_ms double precision, received_ms double precision, format text, sender text, inline boolean, lenient boolean, zone text, inside text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  select b.first_serial + e.idx, e.batch_id, e.idx, e.raw_off, e.raw_len, b.raw_size, r.mine,
    not w.whole and r.mine and exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id <> all (actor_orgs())),
    case when not r.mine then o.seen end,
    extract(epoch from e.detected_at) * 1000, extract(epoch from b.received_at) * 1000, b.format, s.name, s.inline, s.lenient, s.zone,
    (select array_agg(n.text) from sensor_networks n where n.sensor_id = s.id)
  from batches b
  join events e on e.batch_id = b.id and b.first_serial + e.idx > p_after and b.first_serial + e.idx <= p_upto
  join sensors s on s.id = b.sensor_id
  cross join lateral (select actor_coordinates() or coalesce(s.org_id = any (actor_orgs()), false) as whole) w
  cross join lateral (select w.whole
    or exists (select 1 from matches m where m.batch_id = e.batch_id and m.idx = e.idx and m.org_id = any (actor_orgs())) as mine) r
  left join lateral (select array_agg(k.text) as seen from source_keys k
    where p_others and actor_reads_sector() and not r.mine and e.lane = 0 and k.id = any (e.key_id || coalesce(e.more_keys, '{}')) and k.counted
      and exists (select 1 from sector_seen n where n.key_id = k.id and abs(n.hour - e.hour) <= 24)) o on true
  where b.first_serial >= coalesce((select max(first_serial) from batches where first_serial <= p_after), 0) and b.first_serial <= p_upto
    and (r.mine or o.seen is not null)
  order by b.first_serial, e.idx limit p_limit
$function$
;

CREATE OR REPLACE FUNCTION public.first_serial()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce((select min(first_serial) from batches where cardinality(actor_scopes()) > 0), 0)
$function$
;

CREATE OR REPLACE FUNCTION public.fits_group(p_group integer, p_org integer, p_joining text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from groups g
    join organisations o on o.id = p_org and o.status <> 'left' and (g.kinds = '{}' or o.kind = any (g.kinds))
    join engagements e on e.org_id = o.id and e.person_id = actor_person() and e.valid_from <= actor_now() and e.valid_to > actor_now()
      and (g.roles = '{}' or e.role = any (g.roles))
    where g.id = p_group and g.joining = p_joining and g.closed_at is null)
$function$
;

CREATE OR REPLACE FUNCTION public.folded(given text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$ select translate(lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g')), 'łŁđĐøØ', 'llddoo') $function$
;

CREATE OR REPLACE FUNCTION public.glass_hears(p_opening glass_openings, p_at timestamp with time zone)
 RETURNS TABLE(person_id integer, email text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with there as (
    select p.id, p.email, e.org_id, e.role from engagements e join people p on p.id = e.person_id and p.disabled_at is null
    where e.valid_from <= p_at and e.valid_to > p_at and (e.org_id = p_opening.org_id or e.role = 'coordinator'))
  select distinct id, email from there
  where role = 'coordinator' and id <> p_opening.person_id
    or org_id = p_opening.org_id and (role in ('representative', 'dpo')
      or not exists (select 1 from there where org_id = p_opening.org_id and role in ('representative', 'dpo')))
$function$
;

CREATE OR REPLACE FUNCTION public.glass_of_session(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(kind text, id integer, org_id integer, organisation text, person text, ends_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with held as (
    select e.org_id, e.role, s.person_id from sessions s join engagements e on e.person_id = s.person_id
    where s.token_hash = p_token_hash and s.expires_at > p_now and e.valid_from <= p_now and e.valid_to > p_now),
  found as (
    select case when g.ended_at is null and g.ends_at > p_now
        then case when g.person_id in (select h.person_id from held h where h.role = 'coordinator') then 'own'
          when g.org_id in (select h.org_id from held h where h.role <> 'operator') then 'ours' end
        when g.reviewed_at is null and g.review_due_at <= p_now and exists (select 1 from held h where h.role = 'coordinator') then 'unreviewed' end as kind,
      g.id, g.org_id, g.opener, g.ends_at
    from glass_openings g where g.reviewed_at is null)
  select f.kind, f.id, f.org_id, o.name, f.opener, f.ends_at
  from found f join organisations o on o.id = f.org_id where f.kind is not null order by f.id limit 20
$function$
;

CREATE OR REPLACE FUNCTION public.glass_scopes()
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(array_agg(1000 + 4 * g.org_id + 3), '{}') from glass_openings g
  where actor_coordinates() and g.person_id = actor_person() and g.ended_at is null and g.opened_at <= actor_now() and g.ends_at > actor_now()
$function$
;

CREATE OR REPLACE FUNCTION public.glass_told()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  step text := case when tg_op = 'INSERT' then 'opened' when new.reviewed_at is distinct from old.reviewed_at then 'reviewed' end;
  at timestamptz := case when tg_op = 'INSERT' then new.opened_at else new.reviewed_at end;
begin
  if step is not null then
    perform queue_account_mail('glass:' || new.id || ':' || step, h.person_id, h.email, jsonb_build_object('template', 'glass-' || step, 'glass', new.id,
      'organisation', (select o.name from organisations o where o.id = new.org_id), 'by', new.opener,
      'reason', new.reason, 'ends', new.ends_at, 'verdict', new.verdict, 'finding', new.finding,
      'reviewer', new.reviewer), at)
    from glass_hears(new, at) h;
  end if;
  perform announce('people', new.person_id::text);
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.group_keys_alive()
 RETURNS TABLE(id integer)
 LANGUAGE sql
 STABLE
AS $function$
  select k.id from group_keys k join groups g on g.id = k.group_id and g.closed_at is null join people p on p.id = k.made_by and p.disabled_at is null
  where k.revoked_at is null and k.expires_at > (select actor_now()) and (
    exists (select 1 from engagements e where e.person_id = k.made_by and e.role = 'coordinator'
      and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now()))
    or exists (select 1 from group_moderators m join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
      where m.group_id = k.group_id and m.person_id = k.made_by and m.ended_at is null))
$function$
;

CREATE OR REPLACE FUNCTION public.group_requests(p_group integer)
 RETURNS TABLE(id integer, person_id integer, name text, org_id integer, org_name text, reason text, since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select s.id, s.person_id, p.name, s.org_id, o.name, s.reason, s.since
  from seats s join people p on p.id = s.person_id join organisations o on o.id = s.org_id
  where s.group_id = p_group and s.state = 'asked' and s.ends_at > actor_now() and (select moderates(p_group))
$function$
;

CREATE OR REPLACE FUNCTION public.group_roster(p_group integer)
 RETURNS TABLE(person_id integer, name text, org_id integer, org_name text, way text, seat_id integer, since timestamp with time zone, ends_at timestamp with time zone, member boolean, moderator boolean, muted boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select s.person_id, p.name, s.org_id, o.name, s.way, s.seat_id, s.since, s.ends_at, s.member,
    exists (select 1 from group_moderators m where m.group_id = s.group_id and m.person_id = s.person_id and m.org_id = s.org_id and m.ended_at is null),
    case when (select moderates(p_group)) then
      exists (select 1 from seat_mutes m where m.group_id = s.group_id and m.person_id = s.person_id and m.ended_at is null) end
  from seats_in_force() s join people p on p.id = s.person_id join organisations o on o.id = s.org_id
  where s.group_id = p_group and (select reads_roster(p_group))
$function$
;

CREATE OR REPLACE FUNCTION public.group_sizes()
 RETURNS TABLE(group_id integer, people integer, organisations integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with counted as (select s.group_id, count(distinct s.person_id)::int as people, count(distinct s.org_id)::int as organisations
    from seats_in_force() s group by s.group_id)
  select g.id, case when coalesce(c.people, 0) >= 5 or k.knows then coalesce(c.people, 0) end,
    case when coalesce(c.organisations, 0) >= 5 or k.knows then coalesce(c.organisations, 0) end
  from groups g left join counted c on c.group_id = g.id
  cross join lateral (select case when actor_person() is not null then reads_roster(g.id) end as knows offset 0) k
  where (select actor_coordinates()) or g.id = any ((select actor_groups())::int[])
    or g.public and g.closed_at is null and 1 = any ((select actor_scopes())::int[])
$function$
;

CREATE OR REPLACE FUNCTION public.hand_over_assignments(p_from integer, p_to integer, p_at timestamp with time zone, p_only bigint[] DEFAULT NULL::bigint[])
 RETURNS SETOF bigint
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update warnings w set assignee_id = p_to, changed_at = greatest(changed_at, p_at)
  where w.assignee_id = p_from and w.state <> 'closed' and (p_only is null or w.id = any (p_only))
  returning w.id
$function$
;

CREATE OR REPLACE FUNCTION public.hand_over_moderating(p_from integer, p_to integer, p_only bigint[] DEFAULT NULL::bigint[])
 RETURNS SETOF bigint
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update group_moderators m set person_id = p_to where m.person_id = p_from and m.ended_at is null
    and (p_only is null or m.id = any (p_only))
    and not exists (select 1 from group_moderators o where o.person_id = p_to and o.group_id = m.group_id and o.org_id = m.org_id and o.ended_at is null)
  returning m.id::bigint
$function$
;

CREATE OR REPLACE FUNCTION public.hand_over_seats(p_from integer, p_to integer, p_at timestamp with time zone, p_only bigint[] DEFAULT NULL::bigint[])
 RETURNS SETOF bigint
 LANGUAGE sql
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update seats s set person_id = p_to where s.person_id = p_from and s.state in ('asked', 'held') and s.ends_at > p_at
    and (p_only is null or s.id = any (p_only))
    and not exists (select 1 from seats o where o.person_id = p_to and o.group_id = s.group_id and o.org_id = s.org_id
      and o.state in ('asked', 'held') and o.ends_at > p_at)
  returning s.id::bigint
$function$
;

CREATE OR REPLACE FUNCTION public.inputs_of_written(p_warning integer, p_more integer[])
 RETURNS TABLE(derived integer, source integer, state text, version integer, noted integer, over_noted boolean, tlp text, audience text, orgs integer[], group_id integer, named integer[], advisory_tlp text, grant_tlp text, grant_audience text, grant_orgs integer[], grant_group integer, granted_by integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with recursive up (derived, source) as (
    select s.warning_id, s.source_id from written_sources s where s.warning_id = p_warning
    union select p_warning, w.id from written_warnings w where w.id = any (p_more) and (w.readers || w.readers_after) && reader_scopes()
    union select s.warning_id, s.source_id from written_sources s join up on s.warning_id = up.source)
  select u.derived, u.source, w.state, w.version, s.version, coalesce(s.over_noted, false), v.tlp, v.audience, v.orgs, v.group_id,
    array(select n.person_id from written_named n where n.version_id = v.id order by 1),
    (select a.tlp from advisories a where a.id = v.advisory_id), g.tlp, g.audience, g.orgs, g.group_id, g.granted_by
  from up u join written_warnings w on w.id = u.source join written_versions v on v.warning_id = w.id and v.no = w.version
  left join written_sources s on s.warning_id = u.derived and s.source_id = u.source
  left join written_grants g on g.warning_id = w.id and g.version = w.version and g.withdrawn_at is null
  where actor_coordinates() order by u.derived, u.source
$function$
;

CREATE OR REPLACE FUNCTION public.int_union_step(a integer[], b integer[])
 RETURNS integer[]
 LANGUAGE plpgsql
 IMMUTABLE PARALLEL SAFE
AS $function$
begin
  if b <@ a then return a; end if;
  if cardinality(a) = 0 then return b[1:256]; end if;
  return array(select distinct u from unnest(a || b) u order by u limit 256);
end $function$
;

CREATE OR REPLACE FUNCTION public.invited_address(p_invitation integer)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select p.email from invitations i join people p on p.id = i.person_id
  where i.id = p_invitation and (i.org_id = any (actor_orgs()) or actor_coordinates())
$function$
;

CREATE OR REPLACE FUNCTION public.keeps_assets(p_org integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select true where exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id in (p_org, organisation_now(p_org))
    and p_org = any (actor_orgs()) and e.role in ('admin', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.keys_between(p_from inet, p_to inet, p_limit integer)
 RETURNS SETOF integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select k.id from source_keys k
  where k.addr >= p_from and k.addr <= p_to and (actor_coordinates()
    or exists (select 1 from detections d where d.key_id = k.id and d.org_id = any (actor_orgs())))
  order by k.addr limit p_limit
$function$
;

CREATE OR REPLACE FUNCTION public.last_serial()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select coalesce((select first_serial + span - 1 from batches where first_serial is not null and cardinality(actor_scopes()) > 0
    order by first_serial desc limit 1), 0)
$function$
;

CREATE OR REPLACE FUNCTION public.led_groups()
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(g.id) from groups g where (select actor_coordinates()) or g.id in (
    select m.group_id from group_moderators m join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
    where m.person_id = actor_person() and m.ended_at is null)
$function$
;

CREATE OR REPLACE FUNCTION public.mail_address_readers(p_address text, p_now timestamp with time zone)
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(array_agg(distinct scope), '{}') from (
    select unnest(array[2, -p.id]) as scope from people p where lower(p.email) = lower(p_address)
    union all
    select 1000 + 4 * organisation_now(e.org_id) from people p join engagements e on e.person_id = p.id
      where lower(p.email) = lower(p_address) and e.org_id is not null and e.valid_from <= p_now and e.valid_to > p_now
    union all
    select unnest(array[2, 1000 + 4 * o.id]) from organisations o where lower(o.contact_email) = lower(p_address)
    union all
    select s from contact_points c, unnest(c.readers) s
      where c.channel = 'mail' and lower(c.value) = lower(p_address) and c.ended_at is null and (s = 2 or s >= 1000)) found
$function$
;

CREATE OR REPLACE FUNCTION public.manages_people(p_org_id integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.valid_from <= actor_now() and e.valid_to > actor_now() and (e.role = 'representative'
      or exists (select 1 from people_managers m where m.org_id = p_org_id and m.person_id = e.person_id and m.ended_at is null)))
$function$
;

CREATE OR REPLACE FUNCTION public.match_released(p_advisory integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  delete from match_marks where advisory_id = p_advisory and actor_coordinates()
$function$
;

CREATE OR REPLACE FUNCTION public.may_show(p_org_id integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select actor_coordinates() or exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.role = 'representative' and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.memorandum_sets()
 RETURNS TABLE(involved integer, signed integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select (select count(*)::int from organisations where status in ('participant', 'signatory')),
    (select count(distinct organisation_now(org_id))::int from signatures where state <> 'withdrawn')
  where actor_person() is not null
$function$
;

CREATE OR REPLACE FUNCTION public.moderates(p_group integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(p_group = any (led_groups()), false)
$function$
;

CREATE OR REPLACE FUNCTION public.oncall_over(c oncall_climbs, p_now timestamp with time zone)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case
    when c.cause = 'review' then (
      select case when v.judged_at is not null then 'reviewed' when v.id is null then 'over' end
      from written_warnings w left join written_versions v on v.warning_id = w.id and v.state = 'published' and v.review_due_at is not null
      where w.id = c.written_id)
    when c.warning_id is not null then (
      select case when w.state = 'closed' then 'over' when w.answer <> 'pending' then 'answered' end
      from warnings w where w.id = c.warning_id)
    else (
      select case when w.state <> 'published' or w.ends_at <= p_now then 'over' when a.answer <> 'pending' then 'answered'
        when a.org_id is null or a.out_at is not null then 'over' end
      from written_warnings w left join written_asked a on a.warning_id = w.id and a.org_id = c.org_id where w.id = c.written_id)
  end
$function$
;

CREATE OR REPLACE FUNCTION public.oncall_people(p_climbs integer[])
 RETURNS TABLE(climb_id integer, round integer, no integer, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select s.climb_id, s.round, s.no, p.name
  from oncall_climbs c join oncall_steps s on s.climb_id = c.id join people p on p.id = any (s.people)
  where c.id = any (p_climbs) and c.readers && actor_scopes()
$function$
;

CREATE OR REPLACE FUNCTION public.only_sources(p_warning integer, p_version integer)
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with held as (
    select distinct i.kind, i.value, o.warning_id as holder
    from written_indicators i join written_indicators o on o.kind = i.kind and o.value = i.value and o.warning_id <> i.warning_id and o.state <> 'proposed'
    where i.warning_id = p_warning and i.version = p_version and i.kind <> 'cve'
      -- What is known from elsewhere too came from nobody alone.
      and not exists (select 1 from blocklist_items b join blocklist_sources s on s.item_id = b.id and s.source <> 'warning' where b.kind = i.kind and b.value = i.value)),
  firsts as (
    select h.* from held h where not exists (select 1 from written_sources s join held x on x.kind = h.kind and x.value = h.value and x.holder = s.source_id where s.warning_id = h.holder)
      and not exists (select 1 from written_sources s where s.warning_id = h.holder and s.source_id = p_warning)),
  alone as (select min(f.holder) as holder from firsts f group by f.kind, f.value having count(*) = 1)
  select array_agg(distinct a.holder) from alone a join written_warnings w on w.id = a.holder and (w.readers || w.readers_after) && reader_scopes()
  where actor_coordinates()
$function$
;

CREATE OR REPLACE FUNCTION public.organisation_now(p_org integer)
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce((select o.present_id from organisations o where o.id = p_org), p_org)
$function$
;

CREATE OR REPLACE FUNCTION public.organisation_with_merged(p_org integer)
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
  with recursive found (id) as (
    select p_org union select o.id from organisations o join found f on o.merged_into = f.id)
  select array_agg(id) from found
$function$
;

CREATE OR REPLACE FUNCTION public.others_in_event(p_batch bigint, p_idx integer, p_from inet[], p_to inet[], p_private boolean[], p_hosts text[])
 RETURNS TABLE(nets integer[], hosts integer[], told text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with event as (
    select e.detected_at as at, e.sensor_id from events e join sensors s on s.id = e.sensor_id
    where e.batch_id = p_batch and e.idx = p_idx and (actor_coordinates() or s.org_id = any (actor_orgs())
      or exists (select 1 from matches m where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs())))),
  valid as materialized (
    select n.* from networks n, event where n.valid_from <= event.at and n.valid_to > event.at)
  select
    (select array_agg(a.i::int) from unnest(p_from, p_to, p_private) with ordinality as a (lo, hi, private, i)
      where case when a.private then not exists (select 1 from sensor_networks n
          where n.sensor_id = event.sensor_id and n.org_id = any (actor_orgs()) and n.net_from <= a.lo and n.net_to >= a.hi)
        else exists (select 1 from valid n where n.net_from <= a.hi and n.net_to >= a.lo)
          and not exists (select 1 from valid n where n.net_from <= a.hi and n.net_to >= a.lo and n.org_id = any (actor_orgs())
            and not exists (select 1 from valid x where x.net_from <= a.lo and x.net_to >= a.hi and x.net_from >= n.net_from
              and x.net_to <= n.net_to and (x.net_from > n.net_from or x.net_to < n.net_to)
              and x.org_id <> all (actor_orgs()) and not x.visible_to_parent)) end),
    (select array_agg(h.i::int) from unnest(p_hosts) with ordinality as h (name, i)
      where (select bool_and(d.org_id <> all (actor_orgs())) from (
        select d.org_id, rank() over (order by length(d.domain) desc) as r from domains d
        where d.valid_from <= event.at and d.valid_to > event.at
          and (h.name = d.domain or right(h.name, length(d.domain) + 1) = '.' || d.domain)) d where d.r = 1)),
    (select array_agg(distinct t.text) from matches m join source_keys k on k.id = m.key_id
      cross join lateral (values (k.text), (host(m.host)), (host(m.peer))) as t (text)
      where m.batch_id = p_batch and m.idx = p_idx and m.org_id = any (actor_orgs()) and t.text is not null)
  from event
$function$
;

CREATE OR REPLACE FUNCTION public.pass_written_on(p_warning integer, p_org integer, p_name text, p_relation text, p_need text, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  target record;
  made int;
begin
  select * into target from passing_target(p_warning, p_org, p_name) t where not t.reads and cardinality(t.people) > 0;
  if not found then return null; end if;
  insert into written_passings (warning_id, version, org_id, to_org_id, relation, need, people, passed_by, passed_at)
  select w.id, w.version, p_org, target.id, p_relation, p_need, cardinality(target.people), actor_person(), p_now from written_warnings w where w.id = p_warning
  on conflict (warning_id, org_id, to_org_id) where ended_at is null do nothing returning id into made;
  if made is null then return null; end if;
  insert into written_passed (passing_id, person_id) select made, unnest(target.people);
  perform queue_written_rows('new', 'written ' || p_warning || ' passing ' || made, p_warning, v.severity, p_now,
      jsonb_agg(jsonb_build_object('person', p.id, 'address', p.email, 'detail', jsonb_build_object('as', 'member', 'version', v.no),
        'hold', case when v.severity <= 1 then 'digest' when v.severity < 3 and not coalesce(c.singles, true) then 'unsubscribed' end,
        'readers', array[2, -p.id])))
    from written_versions v, people p left join mail_choices c on c.address_key = address_key(p.email)
    where v.warning_id = p_warning and v.state = 'published' and p.id = any (target.people) group by v.no, v.severity;
  return made;
end $function$
;

CREATE OR REPLACE FUNCTION public.passed_people(p_warning integer)
 RETURNS TABLE(person_id integer, address text, singles boolean, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct p.id, p.email, coalesce(c.singles, true), p.name
  from written_passings g join written_passed d on d.passing_id = g.id join people p on p.id = d.person_id and p.disabled_at is null
  left join mail_choices c on c.address_key = address_key(p.email)
  where g.warning_id = p_warning and g.ended_at is null and actor_coordinates()
    and exists (select 1 from engagements e where e.person_id = p.id and e.org_id = organisation_now(g.to_org_id) and e.valid_from <= actor_now() and e.valid_to > actor_now())
  order by 1
$function$
;

CREATE OR REPLACE FUNCTION public.passed_to_actor()
 RETURNS integer[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select array_agg(p.passing_id) from written_passed p join written_passings g on g.id = p.passing_id
  where p.person_id = actor_person() and g.ended_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.passes_written(p_warning integer, p_org integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select true where exists (
    select 1 from written_warnings w join written_versions v on v.warning_id = w.id and v.state = 'published'
    join organisations o on o.id = p_org and o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
    where w.id = p_warning and w.state = 'published' and (w.ends_at is null or w.ends_at > actor_now()) and 1100000000 + w.id = any (w.readers)
      and p_org = any (actor_orgs())
      and exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org
        and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now())
      and case v.audience when 'all_members' then true
        when 'organisations' then p_org in (select organisation_now(x) from unnest(v.orgs) x)
        when 'group' then exists (select 1 from seats_in_force() s
          where s.group_id = v.group_id and s.member and s.org_id = p_org and s.person_id = actor_person())
        else false end)
$function$
;

CREATE OR REPLACE FUNCTION public.passing_names(p_ids integer[])
 RETURNS TABLE(id integer, org_name text, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select g.id, a.name, b.name from written_passings g join organisations a on a.id = g.org_id join organisations b on b.id = g.to_org_id
  where g.id = any (p_ids) and (g.org_id = any (actor_orgs()) or actor_coordinates() or g.id = any (coalesce(passed_to_actor(), '{}')))
$function$
;

CREATE OR REPLACE FUNCTION public.passing_target(p_warning integer, p_org integer, p_name text)
 RETURNS TABLE(id integer, name text, reads boolean, people integer[], roles text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select o.id, o.name,
    o.id = p_org or case v.audience when 'organisations' then o.id in (select organisation_now(x) from unnest(v.orgs) x)
      when 'all_members' then o.status in ('participant', 'signatory') and o.rules_accepted_at is not null else false end,
    array(select distinct e.person_id from engagements e join people p on p.id = e.person_id and p.disabled_at is null
      where e.org_id = o.id and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()
      order by 1),
    array(select distinct e.role from engagements e join people p on p.id = e.person_id and p.disabled_at is null
      where e.org_id = o.id and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()
      order by 1)
  from organisations o join written_versions v on v.warning_id = p_warning and v.state = 'published'
  where passes_written(p_warning, p_org) and o.status <> 'left' and (lower(o.name) = lower(btrim(p_name)) or o.ico = btrim(p_name))
  order by o.id limit 1
$function$
;

CREATE OR REPLACE FUNCTION public.people_gone(p_before timestamp with time zone)
 RETURNS SETOF integer
 LANGUAGE sql
 STABLE
AS $function$
  select p.id from people p where p.erased_at is null
    and coalesce(least((select max(e.valid_to) from engagements e where e.person_id = p.id), p.disabled_at), p.created_at) < p_before
    and not exists (select 1 from invitations i where i.person_id = p.id and i.ended_at is null and i.expires_at >= p_before)
$function$
;

CREATE OR REPLACE FUNCTION public.people_set_readers(p integer)
 RETURNS void
 LANGUAGE sql
AS $function$
  update people set readers = array[2, -p] || coalesce((
    select array_agg(distinct 1000 + 4 * org_id) from engagements
    where person_id = p and org_id is not null and valid_to = 'infinity'), '{}')
  where id = p;
  select announce('people', p::text)
$function$
;

CREATE OR REPLACE FUNCTION public.provider_session_beyond(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*)::int from sessions s join engagements e on e.person_id = s.person_id
    left join organisations o on o.id = e.org_id
    left join provider_sessions v on v.token_hash = s.token_hash
  where s.token_hash = p_token_hash and e.valid_from <= p_now and e.valid_to > p_now and coalesce(o.status, '') <> 'left'
    and not coalesce(case when e.org_id is null then v.central else e.org_id = any (v.orgs) end, false)
$function$
;

CREATE OR REPLACE FUNCTION public.pseudonymised(p_text text, p_names text[], p_label text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
declare one text;
begin
  foreach one in array p_names loop
    -- As it stands first: some letters (those of title case) do not match themselves where case is ignored.
    p_text := replace(p_text, one, p_label);
    p_text := regexp_replace(p_text, regexp_replace(one, '([]*+?^${}()|\\.[])', '\\\1', 'g'), p_label, 'gi');
  end loop;
  return p_text;
end $function$
;

CREATE OR REPLACE FUNCTION public.public_signatures()
 RETURNS TABLE(version integer, institution text, signatory text, month date, known_to text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select v.number, s.institution, case when s.name_shown then s.signatory_name end,
    date_trunc('month', s.signed_on)::date, case when s.precision = 'day' then 'month' else s.precision end
  from signatures s join memorandum_versions v on v.id = s.version_id
  where s.state <> 'withdrawn' and v.published_at is not null and 1 = any (actor_scopes())
$function$
;

CREATE OR REPLACE FUNCTION public.queue_account_mail(p_topic text, p_person integer, p_address text, p_detail jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_person, p_address, p_detail, p_now, p_now, array[2, -p_person])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$function$
;

CREATE OR REPLACE FUNCTION public.queue_answer(p_topic text, p_org integer, p_warning bigint, p_written integer, p_severity integer, p_detail jsonb, p_now timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case when p_org = any ((select actor_orgs())::int[]) or actor_coordinates()
    then queue_webhooks('answers', 'answer', p_topic, p_org, p_warning, p_written, p_severity, p_detail, p_now) else 0 end
$function$
;

CREATE OR REPLACE FUNCTION public.queue_contact_mail(p_topic text, p_org integer, p_address text, p_detail jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into deliveries (kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_org, p_address, p_detail || '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$function$
;

CREATE OR REPLACE FUNCTION public.queue_contact_sms(p_topic text, p_org integer, p_number text, p_detail jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into deliveries (channel, kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('sms', 'account', p_topic, p_org, p_number, p_detail || '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$function$
;

CREATE OR REPLACE FUNCTION public.queue_match_webhooks(p_kind text, p_topic text, p_org integer, p_match integer, p_severity integer, p_now timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with made as (
    insert into deliveries (channel, kind, topic, org_id, address, match_id, severity, detail, decided_at, due_at, readers, unit)
    select 'webhook', p_kind, p_topic, p_org, 'webhook:' || w.id, p_match, p_severity, '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org], p_org
    from webhooks w
    where w.org_id = organisation_now(p_org) and w.disabled_at is null and 'matches' = any (w.events) and w.least <= p_severity
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$function$
;

CREATE OR REPLACE FUNCTION public.queue_matches(p_asset integer, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into match_due (advisory_id, org_id, since)
  select d.advisory_id, a.org_id, p_now
  from assets a cross join lateral (
    select i.advisory_id from match_items i where i.org_id = a.org_id
    union select m.advisory_id from match_marks m where m.keys && a.product_keys) d
  where a.id = p_asset and a.org_id = any (actor_orgs())
  on conflict do nothing
$function$
;

CREATE OR REPLACE FUNCTION public.queue_registry_mail(p_topic text, p_org integer, p_address text, p_detail jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into deliveries (kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_org, p_address, p_detail || '{"as": "contact"}', p_now, p_now, array[2])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$function$
;

CREATE OR REPLACE FUNCTION public.queue_short_written(p_kind text, p_topic text, p_written integer, p_now timestamp with time zone, p_rows jsonb)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with made as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select r.channel, p_kind, p_topic || case when r.channel = 'webhook' then ' webhook' else coalesce(' org ' || r.org, '') end,
      r.person, r.org, r.address, p_written, r.severity, r.detail, p_now, p_now, r.readers, coalesce(r.org, 0)
    from jsonb_to_recordset(p_rows) as r (channel text, person int, org int, address text, severity int, detail jsonb, readers int[])
    where actor_coordinates() and r.channel <> 'mail' and exists (select 1 from deliveries d
      where d.written_id = p_written and d.channel = r.channel and d.address = r.address)
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$function$
;

CREATE OR REPLACE FUNCTION public.queue_visitor_mail(p_topic text, p_address text, p_detail jsonb, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into deliveries (kind, topic, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_address, p_detail || '{"as": "visitor"}', p_now, p_now, array[2])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$function$
;

CREATE OR REPLACE FUNCTION public.queue_webhooks(p_news text, p_kind text, p_topic text, p_org integer, p_warning bigint, p_written integer, p_severity integer, p_detail jsonb, p_now timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with made as (
    insert into deliveries (channel, kind, topic, org_id, address, warning_id, written_id, severity, detail, decided_at, due_at, readers, unit)
    select 'webhook', p_kind, p_topic, p_org, 'webhook:' || w.id, p_warning, p_written, p_severity, p_detail || '{"as": "contact"}', p_now, p_now,
      array[2, 1000 + 4 * p_org], p_org
    from webhooks w
    where w.org_id = organisation_now(p_org) and w.disabled_at is null and p_news = any (w.events) and w.least <= p_severity
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$function$
;

CREATE OR REPLACE FUNCTION public.queue_written(p_kind text, p_topic text, p_written integer, p_severity integer, p_now timestamp with time zone, p_rows jsonb)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with wanted as (
    select r.*, p_now + case when p_severity = 4 and p_kind in ('new', 'update') and (1000 + 4 * r.org) = any (r.readers)
        and exists (select 1 from written_asked a where a.warning_id = p_written and a.org_id = r.org and a.asked and a.out_at is null)
      then interval '10 seconds' else interval '0' end as due
    from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    where actor_coordinates()),
  made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, r.due, r.readers, coalesce(r.org, 0)
    from wanted r
    on conflict (topic, address) do nothing
    returning 1),
  beside as (
    insert into deliveries (channel, kind, topic, person_id, org_id, address, written_id, severity, detail, decided_at, due_at, readers, unit)
    select a.channel, p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, a.address, p_written, p_severity, r.detail,
      p_now, r.due, r.readers, coalesce(r.org, 0)
    from wanted r join channel_choices c on c.person_id = r.person and c.least <= p_severity
      join lateral short_addresses(r.person) a on a.channel = c.channel
    where (r.hold is null or r.hold = 'digest') and p_kind <> 'talk'
    on conflict (topic, address) do nothing
    returning 1),
  organisations as (
    select distinct on (r.org) r.org, r.detail from wanted r
    where (1000 + 4 * r.org) = any (r.readers) and p_kind in ('new', 'update', 'revoked') order by r.org),
  machines as (
    select coalesce(sum(queue_webhooks('written', p_kind, p_topic || ' webhook', o.org, null, p_written, p_severity, o.detail, p_now)), 0) as n
    from organisations o)
  select (select count(*) from made) + 0 * n from machines
$function$
;

CREATE OR REPLACE FUNCTION public.queue_written_rows(p_kind text, p_topic text, p_written integer, p_severity integer, p_now timestamp with time zone, p_rows jsonb)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with made as (
    insert into deliveries (kind, topic, person_id, org_id, address, written_id, severity, detail, state, reason, decided_at, due_at, readers, unit)
    select p_kind, p_topic || coalesce(' org ' || r.org, ''), r.person, r.org, r.address, p_written, p_severity, r.detail,
      case when r.hold is null then 'queued' else 'held' end, r.hold, p_now, p_now, r.readers, coalesce(r.org, 0)
    from jsonb_to_recordset(p_rows) as r (person int, org int, address text, detail jsonb, hold text, readers int[])
    on conflict (topic, address) do nothing
    returning 1)
  select count(*) from made
$function$
;

CREATE OR REPLACE FUNCTION public.reach_distribution()
 RETURNS TABLE(band text, n integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with counts as (
    select b.band, count(*)::int as n from reach_scores s join organisations o on o.id = s.org_id and o.status in ('participant', 'signatory'),
      lateral (select case when s.score >= 80 then 'good' when s.score >= 50 then 'fair' else 'poor' end as band) b
    where actor_coordinates() or cardinality(actor_orgs()::int[]) > 0
    group by b.band)
  select c.band, c.n from counts c
  where c.n >= 5 and not ((select count(*) from counts where counts.n < 5) = 1 and c.n = (select min(counts.n) from counts where counts.n >= 5))
$function$
;

CREATE OR REPLACE FUNCTION public.reader_scopes()
 RETURNS integer[]
 LANGUAGE sql
 STABLE
AS $function$
  select actor_scopes() || actor_seats() || actor_passed()
$function$
;

CREATE OR REPLACE FUNCTION public.reads_roster(p_group integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select true where moderates(p_group) or exists (
    select 1 from seats_in_force() s where s.group_id = p_group and s.person_id = (select actor_person()) and s.takes_part)
$function$
;

CREATE OR REPLACE FUNCTION public.released_warnings()
 RETURNS TABLE(warning_id integer, number text, step integer, standing text, is_public boolean, tlp text, group_id integer, kind text, severity integer, title jsonb, texts jsonb, translation text, action_by date, valid_until timestamp with time zone, refs text, reason text, history jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with told as (
    select v.*, w.number, w.state as now_is, w.version as newest, w.revoked_at, w.revoke_reason, lag(v.readers) over (partition by v.warning_id order by v.no) as before
    from written_versions v join written_warnings w on w.id = v.warning_id
    where v.state in ('published', 'past') and w.state in ('published', 'revoked') and (w.ends_at is null or w.ends_at > actor_now())),
  -- Persons named in a row are its author, or those of TLP:RED: what is compared are audiences.
  compared as (
    select t.*, not (array(select r from unnest(t.before) r where r > 0) <@ t.readers) as narrowed from told t),
  placed as (
    select c.*, (count(*) over upto + count(*) filter (where c.narrowed) over upto)::int as place
    from compared c window upto as (partition by c.warning_id order by c.no)),
  last as (
    select distinct on (p.warning_id) p.*, case when p.no < p.newest then 'withdrawn' when p.now_is = 'revoked' then 'revoked' else 'out' end as stands,
      (select n.published_at from placed n where n.warning_id = p.warning_id and n.no = p.no + 1) as withdrawn_at
    from placed p where p.tlp <> 'RED' and p.readers && (select reader_scopes())
    order by p.warning_id, p.no desc)
  select s.warning_id, s.number, s.place + case when s.stands = 'out' then 0 else 1 end, s.stands, 1 = any (s.readers), s.tlp, s.group_id, s.kind, s.severity,
    jsonb_build_object('cs', s.texts->'cs'->>'title', 'en', s.texts->'en'->>'title'),
    case when s.stands = 'out' then s.texts end, s.translation, case when s.stands = 'out' then s.action_by end,
    case when s.stands = 'out' then s.valid_until end, case when s.stands = 'out' then s.refs end, case when s.stands = 'revoked' then s.revoke_reason end,
    (select jsonb_agg(jsonb_build_object('step', h.step, 'kind', h.kind, 'at', extract(epoch from h.at) * 1000, 'note', h.note) order by h.step) from (
       select p.place as step, 'out' as kind, p.published_at as at, p.change_note as note from placed p where p.warning_id = s.warning_id and p.no <= s.no
       union all select p.place - 1, 'withdrawn', p.published_at, '' from placed p where p.warning_id = s.warning_id and p.no <= s.no and p.narrowed
       union all select s.place + 1, s.stands, case when s.stands = 'revoked' then s.revoked_at else s.withdrawn_at end, '' where s.stands <> 'out') h)
  from last s
$function$
;

CREATE OR REPLACE FUNCTION public.represents(p_org_id integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org_id
    and e.org_id = any (actor_orgs()) and e.role = 'representative' and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.retention_count(p_what text, p_before timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case p_what
    when 'raw_events' then (select coalesce(sum(n), 0) from batches where received_at < p_before and first_serial is not null)
    when 'sums' then (select count(*) from detections d where d.hour < floor(extract(epoch from p_before) / 3600)
      and not exists (select 1 from events e where e.hour = d.hour))
    when 'rejects' then (select count(*) from rejects where at < p_before)
    when 'sensor_minutes' then (select count(*) from sensor_minutes where minute < p_before)
    when 'sensor_batches' then (select count(*) from sensor_batches where at < p_before)
    when 'api_key_uses' then (select count(*) from api_key_uses where on_day < (p_before at time zone 'UTC')::date)
    when 'deliveries' then (select count(*) from deliveries_past(p_before))
    when 'invitations' then (select count(*) from invitations where expires_at < p_before)
    when 'recoveries' then (select count(*) from recoveries where expires_at < p_before)
    when 'devices' then (select count(*) from devices where seen_at < p_before)
    when 'reads' then (select count(*) from trail_reads where last_at < p_before)
    when 'people' then (select count(*) from people_gone(p_before))
  end
  where actor_coordinates() or actor_operates()
$function$
;

CREATE OR REPLACE FUNCTION public.revoke_action_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update action_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.revoke_rollcall_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update rollcall_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.revoke_written(p_id integer, p_reason text, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with done as (
    update written_warnings w set state = 'revoked', readers = w.readers_after, ends_at = null, revoked_by = actor_person(), revoked_at = p_now,
      revoke_reason = p_reason, changed_at = p_now
    where w.id = p_id and w.state in ('published', 'expired') and actor_coordinates() and w.readers && reader_scopes()
      and (w.revoke_asked_by <> actor_person()
        or exists (select 1 from written_versions v where v.warning_id = w.id and v.state = 'published' and v.kind = 'emergency')
        or exists (select 1 from single_duty_periods d where d.starts_at <= p_now and d.ends_at > p_now))
    returning w.id, w.version, w.number),
  stone as (insert into written_tombstones (warning_id, number, revoked_at, reason, readers)
    select d.id, d.number, p_now, case when v.tlp in ('CLEAR', 'GREEN', 'AMBER') then p_reason end, v.readers
    from done d join written_versions v on v.warning_id = d.id and v.no = d.version),
  off as (update written_indicators i set state = 'withdrawn', withdrawn_at = p_now from done d
    where i.warning_id = d.id and i.version <= d.version and i.state <> 'withdrawn'),
  -- What was being written, at most one.
  change as (select v.id, v.warning_id, v.no, v.author_id, v.readers, d.version from written_versions v join done d on d.id = v.warning_id
    where v.state in ('draft', 'review')),
  own as (insert into written_warnings (author_id, created_at, changed_at, readers, readers_after)
    select author_id, p_now, p_now, readers, readers from change returning id),
  kept as (update written_versions v set warning_id = o.id, no = 1, state = 'draft', change_note = '', review_note = ''
    from change c, own o where v.id = c.id),
  proposed as (update written_indicators i set warning_id = o.id, version = 1 from change c, own o
    where i.warning_id = c.warning_id and i.version = c.no),
  source as (insert into written_sources (warning_id, source_id, version, added_at)
    select o.id, c.warning_id, c.version, p_now from own o, change c)
  select coalesce((select id from own), 0) from done
$function$
;

CREATE OR REPLACE FUNCTION public.revoke_written_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  update written_links set revoked_at = p_now where token_hash = p_token_hash and revoked_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.roles_by_provider(p_org integer)
 RETURNS TABLE(person_id integer, role text, provider text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select e.person_id, e.role, l.provider from engagements e join provider_links l on l.id = e.link_id
  where e.org_id = p_org and e.source = 'directory' and e.valid_from <= actor_now() and e.valid_to > actor_now()
    and (p_org = any (actor_orgs()) or actor_coordinates())
$function$
;

CREATE OR REPLACE FUNCTION public.roles_of_person(p_person integer, p_now timestamp with time zone)
 RETURNS TABLE(org_id integer, org_name text, role text, through integer)
 LANGUAGE sql
 STABLE
AS $function$
  select e.org_id, o.name, e.role, null::int from engagements e left join organisations o on o.id = e.org_id
  where e.person_id = p_person and e.valid_from <= p_now and e.valid_to > p_now and (o.id is null or o.status <> 'left')
  union all
  select m.id, m.name, e.role, o.id from engagements e join organisations o on o.id = e.org_id join organisations m on m.present_id = o.id
  where e.person_id = p_person and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'
$function$
;

CREATE OR REPLACE FUNCTION public.rollcall_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(broadcast_id integer, org_id integer, revoked boolean, over boolean, person_id integer, email text, name text, language text, engagements jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select l.broadcast_id, l.org_id, l.revoked_at is not null, b.state not in ('approved', 'sending', 'open'),
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role) order by e.role)
      from engagements e join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.org_id = l.org_id and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'), '[]')
  from rollcall_links l join broadcasts b on b.id = l.broadcast_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.scopes_held(p_scopes integer[], p_orgs integer[])
 RETURNS integer[]
 LANGUAGE sql
 STABLE STRICT SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select case when not p_scopes && '{4,5,6}' or exists (select 1 from organisations
      where id = any (p_orgs) and status in ('participant', 'signatory') and rules_accepted_at is not null)
    then p_scopes else array(select s from unnest(p_scopes) s where s not in (4, 5, 6)) end
$function$
;

CREATE OR REPLACE FUNCTION public.seats_follow_engagements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.org_id is not null and not exists (select 1 from engagements e where e.person_id = new.person_id and e.org_id = new.org_id
      and e.valid_from <= new.valid_to and e.valid_to > new.valid_to) then
    perform end_seats_of(new.person_id, new.org_id, new.valid_to);
  end if;
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.seats_follow_organisations()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  perform end_seats_of(null, new.id, new.changed_at);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.seats_in_force()
 RETURNS TABLE(group_id integer, person_id integer, org_id integer, way text, seat_id integer, since timestamp with time zone, ends_at timestamp with time zone, takes_part boolean, member boolean)
 LANGUAGE sql
 STABLE
AS $function$
  select g.id, e.person_id, e.org_id, 'rule', null::int, min(e.valid_from), 'infinity'::timestamptz, true, bool_and(o.rules_accepted_at is not null)
  from groups g
  join engagements e on e.role = any (g.roles) and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())
  join organisations o on o.id = e.org_id and o.status in ('participant', 'signatory') and (g.kinds = '{}' or o.kind = any (g.kinds))
  join people p on p.id = e.person_id and p.disabled_at is null
  where g.joining = 'rule' and g.closed_at is null
  group by g.id, e.person_id, e.org_id
  union all
  select s.group_id, s.person_id, s.org_id, s.way, s.id, s.since, s.ends_at, o.status in ('participant', 'signatory'),
    o.status in ('participant', 'signatory') and o.rules_accepted_at is not null
  from seats s
  join groups g on g.id = s.group_id and g.closed_at is null
  join organisations o on o.id = s.org_id and o.status <> 'left'
  join people p on p.id = s.person_id and p.disabled_at is null
  where s.state = 'held' and s.since <= (select actor_now()) and s.ends_at > (select actor_now())
    -- Who asked or took it holds it as long as the group's rule fits them; what was given beside the rule needs any role there.
    and exists (select 1 from engagements e where e.person_id = s.person_id and e.org_id = s.org_id
      and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now())
      and (s.way in ('invited', 'manual') or g.roles = '{}' or e.role = any (g.roles)))
    -- Who has come to sit by the rule sits there once.
    and not (g.joining = 'rule' and o.status in ('participant', 'signatory') and (g.kinds = '{}' or o.kind = any (g.kinds))
      and exists (select 1 from engagements e where e.person_id = s.person_id and e.org_id = s.org_id
        and e.valid_from <= (select actor_now()) and e.valid_to > (select actor_now()) and e.role = any (g.roles)))
$function$
;

CREATE OR REPLACE FUNCTION public.second_factors(p_org_id integer)
 RETURNS TABLE(people integer, secured integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*)::int, (count(*) filter (where exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
    or exists (select 1 from passkeys k where k.person_id = p.id)))::int
  from people p where p.disabled_at is null and (p_org_id = any (actor_orgs()) or actor_coordinates())
    and exists (select 1 from engagements e where e.person_id = p.id and e.org_id = p_org_id and e.valid_from <= actor_now() and e.valid_to > actor_now())
  having p_org_id = any (actor_orgs()) or actor_coordinates()
$function$
;

CREATE OR REPLACE FUNCTION public.session_person(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(person_id integer, email text, name text, language text, csrf text, engagements jsonb, ways text[], proved_at timestamp with time zone, has_second boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select p.id, p.email, p.name, p.language, s.csrf,
    coalesce((select jsonb_agg(jsonb_build_object('org_id', r.org_id, 'org_name', r.org_name, 'role', r.role, 'through', r.through) order by r.org_name, r.role)
      from roles_of_person(p.id, p_now) r), '[]'),
    s.ways, coalesce(s.proved_at, s.created_at),
    exists (select 1 from totp t where t.person_id = p.id and t.confirmed_at is not null)
      or exists (select 1 from passkeys k where k.person_id = p.id)
  from sessions s join people p on p.id = s.person_id
  where s.token_hash = p_token_hash and s.expires_at > p_now and p.disabled_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.shares_assets(p_org integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select true where exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = p_org
    and e.role in ('representative', 'security_manager') and e.valid_from <= actor_now() and e.valid_to > actor_now())
$function$
;

CREATE OR REPLACE FUNCTION public.sharing_accepted()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$
;

CREATE OR REPLACE FUNCTION public.short_addresses(p_person integer)
 RETURNS TABLE(channel text, address text)
 LANGUAGE sql
 STABLE
AS $function$
  select distinct 'sms', p.value from contact_points p
  where p.channel = 'sms' and p.person_id = p_person and p.ended_at is null and p.verified_at is not null
  union all
  select 'push', 'push:' || d.id from push_devices d where d.person_id = p_person and d.gone_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.signed_and_merged(p_org integer)
 RETURNS TABLE(org_id integer, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select h.id, h.name from organisations o join organisations h on h.id = o.present_id
  where o.id = p_org and actor_person() is not null and exists (select 1 from signatures s where s.org_id = o.id and s.state <> 'withdrawn')
$function$
;

CREATE OR REPLACE FUNCTION public.site_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform announce('site', '');
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.site_counters()
 RETURNS TABLE(counter text, n integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select c.counter, case when c.n >= 5 then c.n end from (
    select 'involved' as counter, count(*)::int as n from organisations where status in ('participant', 'signatory')
    union all select 'hospitals', count(*)::int from organisations where status in ('participant', 'signatory') and kind = 'hospital'
    union all select 'signatories', count(*)::int from organisations where status = 'signatory') c
  where 1 = any (actor_scopes())
$function$
;

CREATE OR REPLACE FUNCTION public.site_shown_members()
 RETURNS TABLE(name text, kind text, region text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select o.name, o.kind, o.region from site_showings s join organisations o on o.id = s.org_id
  where 1 = any (actor_scopes()) and o.status in ('participant', 'signatory')
$function$
;

CREATE OR REPLACE FUNCTION public.stop_written(p_written integer, p_reason text)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with stopped as (
    update deliveries set state = 'dropped', reason = p_reason
    where written_id = p_written and state in ('queued', 'held') and kind <> 'revoked' and actor_coordinates()
    returning 1)
  select count(*) from stopped
$function$
;

CREATE OR REPLACE FUNCTION public.store_batch(p_sensor integer, p_received timestamp with time zone, p_format text, p_raw bytea, p_raw_size integer, account jsonb, e_key bigint[], e_detector integer[], e_detected double precision[], e_hour integer[], e_lane integer[], e_archive boolean[], e_matched boolean[], e_class integer[], e_severity integer[], e_verdict integer[], e_share integer[], e_weight integer[], e_source integer[], e_more text[], e_target inet[], e_port integer[], e_flags integer[], e_exercise text[], e_off integer[], e_len integer[], m_at integer[], m_org integer[], m_side integer[], m_class integer[], m_source integer[], m_severity integer[], m_network integer[], m_host inet[], m_peer inet[])
 RETURNS TABLE(batch bigint, dup_at integer[], dup_batch bigint[], dup_idx integer[])
 LANGUAGE plpgsql
AS $function$
declare
  b bigint := nextval('batch_ids');
  fresh int[];
  n int := cardinality(e_key);
begin
  with ins as (
    insert into event_keys (key, batch_id, idx)
    select k, b, at - 1 from unnest(e_key) with ordinality as u (k, at) order by k
    on conflict do nothing returning idx + 1 as at)
  select array_agg(at order by at) into fresh from ins;
  if cardinality(fresh) is distinct from n then
    select array_agg(u.at order by u.at), array_agg(k.batch_id order by u.at), array_agg(k.idx order by u.at)
      into dup_at, dup_batch, dup_idx
    from unnest(e_key) with ordinality as u (k, at) join event_keys k on k.key = u.k
    where not (u.at = any (coalesce(fresh, '{}')));
  end if;
  if fresh is not null then
    insert into batches (id, sensor_id, received_at, format, n, span, raw, raw_size)
      values (b, p_sensor, p_received, p_format, cardinality(fresh), n, p_raw, p_raw_size);
    insert into events (batch_id, idx, sensor_id, detector_id, detected_at, hour, lane, archive, matched, class_id, severity, verdict, share,
        weight, key_id, more_keys, target, port, flags, exercise, raw_off, raw_len)
      select b, u.at - 1, p_sensor, u.detector, to_timestamp(u.detected), u.hour, u.lane, u.archive, u.matched, u.class, u.severity, u.verdict,
        u.share, u.weight, u.source, u.more::int[], u.target, u.port, u.flags, u.exercise, u.off, u.len
      from unnest(e_detector, e_detected, e_hour, e_lane, e_archive, e_matched, e_class, e_severity, e_verdict, e_share, e_weight, e_source,
          e_more, e_target, e_port, e_flags, e_exercise, e_off, e_len) with ordinality
        as u (detector, detected, hour, lane, archive, matched, class, severity, verdict, share, weight, source, more, target, port, flags,
          exercise, off, len, at)
      where cardinality(fresh) = n or u.at = any (fresh);
    insert into matches (org_id, batch_id, idx, side, class_id, key_id, hour, detected_at, lane, archive, severity, verdict, share, weight,
        sensor_id, detector_id, network_id, host, peer, port, flags, exercise)
      select u.org, b, u.at - 1, u.side, u.class, u.source, e_hour[u.at], to_timestamp(e_detected[u.at]), e_lane[u.at], e_archive[u.at],
        u.severity, e_verdict[u.at], e_share[u.at], e_weight[u.at], p_sensor, e_detector[u.at], u.network, u.host, u.peer, e_port[u.at],
        e_flags[u.at], e_exercise[u.at]
      from unnest(m_at, m_org, m_side, m_class, m_source, m_severity, m_network, m_host, m_peer)
        as u (at, org, side, class, source, severity, network, host, peer)
      where cardinality(fresh) = n or u.at = any (fresh);
  end if;
  insert into requests (sensor_id, at, received, stored, duplicate, refused, deferred, conflict, late, future, repaired, lost, requests, reasons, run, seq)
    select p_sensor, p_received, n + a.refused + a.deferred, coalesce(cardinality(fresh), 0), n - coalesce(cardinality(fresh), 0), a.refused, a.deferred,
      a.conflict, count_new(a.late, fresh, n), count_new(a.future, fresh, n), count_new(a.repaired, fresh, n), a.lost, a.requests, a.reasons,
      a.run, a.seq
    from jsonb_to_record(account) as a (refused int, deferred int, conflict int, late int[], future int[], repaired int[], lost int, requests int,
      reasons jsonb, run text, seq bigint);
  batch := b;
  return next;
end $function$
;

CREATE OR REPLACE FUNCTION public.take_passing_back(p_id integer, p_now timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  ended int;
begin
  update written_passings g set ended_at = p_now, ended_by = actor_person(), end_reason = 'withdrawn'
  where g.id = p_id and g.ended_at is null and (actor_coordinates() or g.org_id = any (actor_orgs())
    and exists (select 1 from engagements e where e.person_id = actor_person() and e.org_id = organisation_now(g.org_id)
      and e.role in ('representative', 'security_manager', 'admin', 'duty') and e.valid_from <= actor_now() and e.valid_to > actor_now()))
  returning g.warning_id into ended;
  if ended is not null then perform tell_passed_out(array[p_id], p_now); end if;
  return ended;
end $function$
;

CREATE OR REPLACE FUNCTION public.tell_leaders(p_group integer)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with led as (select m.person_id from group_moderators m
      join seats_in_force() s on s.group_id = m.group_id and s.person_id = m.person_id and s.org_id = m.org_id
      where m.group_id = p_group and m.ended_at is null),
    told as (select person_id from led
      union select e.person_id from engagements e where e.role = 'coordinator' and e.valid_from <= actor_now() and e.valid_to > actor_now()
        and not exists (select 1 from led))
  select queue_account_mail('group:' || g.id || ':asked:' || extract(epoch from actor_now()), p.id, p.email,
    jsonb_build_object('template', 'group', 'about', 'asked', 'group', g.name, 'slug', g.slug), actor_now())
  from groups g, told join people p on p.id = told.person_id and p.disabled_at is null
  where g.id = p_group and exists (select 1 from seats s where s.group_id = g.id and s.person_id = actor_person() and s.state = 'asked')
$function$
;

CREATE OR REPLACE FUNCTION public.tell_of_group(p_about text, p_group integer, p_person integer, p_address text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select queue_account_mail('group:' || g.id || ':' || p_about || ':' || extract(epoch from actor_now()), p.id, p.email,
    jsonb_build_object('template', 'group', 'about', p_about, 'group', g.name, 'slug', g.slug), actor_now())
  from groups g join people p on p.id = p_person or lower(p.email) = lower(p_address)
  where g.id = p_group and p.disabled_at is null and moderates(g.id)
$function$
;

CREATE OR REPLACE FUNCTION public.tell_passed_out(p_passings integer[], p_now timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  -- Who holds it by another passing still, or reads it anyway, has nothing to be told.
  select coalesce(sum(queue_written_rows('revoked', 'written ' || o.warning_id || ' passing ' || o.id || ' out', o.warning_id, o.severity, p_now, o.rows)), 0)::bigint
  from (select g.id, g.warning_id, v.severity,
      jsonb_agg(jsonb_build_object('person', p.id, 'address', p.email, 'detail', jsonb_build_object('as', 'member', 'version', g.version), 'readers', array[2, -p.id])) as rows
    from written_passings g join written_passed d on d.passing_id = g.id join people p on p.id = d.person_id and p.disabled_at is null
    join written_versions v on v.warning_id = g.warning_id and v.no = g.version
    where g.id = any (p_passings) and not exists (select 1 from written_passings x join written_passed y on y.passing_id = x.id
      where x.warning_id = g.warning_id and x.ended_at is null and y.person_id = p.id)
    group by g.id, g.warning_id, v.severity) o
$function$
;

CREATE OR REPLACE FUNCTION public.told_of_written(p_written integer)
 RETURNS TABLE(person_id integer, org_id integer, address text, "as" text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct on (d.address, d.org_id) d.person_id, d.org_id, d.address, d.detail->>'as'
  from deliveries d
  where d.written_id = p_written and d.channel = 'mail' and d.state in ('sending', 'sent', 'delivered', 'digested') and d.kind not in ('revoked', 'talk') and actor_coordinates()
    and not exists (select 1 from deliveries r where r.written_id = p_written and r.address = d.address and r.org_id is not distinct from d.org_id
      and r.channel = 'mail' and r.kind = 'revoked' and r.id > d.id and r.state not in ('failed', 'dropped'))
  order by d.address, d.org_id, d.id
$function$
;

CREATE OR REPLACE FUNCTION public.told_short_of_written(p_written integer)
 RETURNS TABLE(channel text, person_id integer, org_id integer, address text, severity integer, detail jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct on (d.address, d.org_id) d.channel, d.person_id, d.org_id, d.address, d.severity, d.detail
  from deliveries d
  where d.written_id = p_written and d.channel <> 'mail' and d.kind not in ('revoked', 'talk', 'answer')
    and d.state in ('sending', 'sent', 'delivered', 'unknown') and actor_coordinates()
    and not exists (select 1 from deliveries r where r.written_id = p_written and r.address = d.address and r.org_id is not distinct from d.org_id
      and r.kind = 'revoked' and r.id > d.id and r.state not in ('failed', 'dropped'))
  order by d.address, d.org_id, d.id desc
$function$
;

CREATE OR REPLACE FUNCTION public.trail_content(line audit)
 RETURNS bytea
 LANGUAGE sql
 STABLE
 SET "TimeZone" TO 'UTC'
AS $function$
  select sha256(convert_to(jsonb_build_array(line.id, to_char(line.at, 'YYYY-MM-DD"T"HH24:MI:SS.US'), line.person_id, line.actor, line.verb,
    line.object, line.org_id, line.detail, line.readers)::text, 'UTF8'))
$function$
;

CREATE OR REPLACE FUNCTION public.trail_erase(p_person integer, p_now timestamp with time zone)
 RETURNS TABLE(lines integer, digest text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.trail_seal(p_window bigint, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  line audit;
  at_seq bigint;
  before bytea;
  digest bytea;
  n int := 0;
begin
  if not pg_try_advisory_xact_lock(715010) then return 0; end if;
  select l.seq, l.link into at_seq, before from trail_links l order by l.seq desc limit 1;
  at_seq := coalesce(at_seq, 0);
  before := coalesce(before, decode(repeat('00', 32), 'hex'));
  for line in
    select a.* from audit a where a.id > (select coalesce(max(audit_id), 0) - p_window from trail_links)
      and not exists (select 1 from trail_links l where l.audit_id = a.id) order by a.id limit p_limit
  loop
    digest := trail_content(line);
    before := sha256(before || digest);
    at_seq := at_seq + 1;
    n := n + 1;
    insert into trail_links (seq, audit_id, content, link) values (at_seq, line.id, digest, before);
  end loop;
  return n;
end $function$
;

CREATE OR REPLACE FUNCTION public.trainings_of(p_org integer)
 RETURNS TABLE(attended integer, coming integer, announced integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select
    (select count(distinct t.page_id)::int from training_places t where t.org_id = any (organisation_with_merged(p_org)) and t.attended_at is not null),
    (select count(distinct t.page_id)::int from training_places t join site_occasions o on o.page_id = t.page_id
      where t.org_id = any (organisation_with_merged(p_org)) and t.withdrawn_at is null and t.asked_at is not null
        and o.cancelled_at is null and o.starts_at > actor_now()),
    (select count(*)::int from site_occasions o where o.kind = 'training' and o.cancelled_at is null and o.starts_at > actor_now()
      and exists (select 1 from site_versions v where v.page_id = o.page_id and v.publish_at <= actor_now() and coalesce(v.until_at, 'infinity') > actor_now()))
  where p_org = any (actor_orgs()) or actor_coordinates()
$function$
;

CREATE OR REPLACE FUNCTION public.use_api_key(p_key_hash bytea, p_scope text, p_route text, p_now timestamp with time zone)
 RETURNS TABLE(key_id integer, label text, org_id integer, org_name text, merged jsonb, language text, strict boolean, verdict text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  k api_keys;
  o organisations;
  used int;
begin
  select * into k from api_keys a where a.key_hash = p_key_hash and a.revoked_at is null and a.expires_at > p_now;
  if not found then return; end if;
  if k.org_id is not null then
    select * into o from organisations x where x.id = k.org_id and x.status <> 'left';
    if not found then return; end if;
  end if;
  insert into api_key_minutes as m (key_id, minute, n) values (k.id, date_trunc('minute', p_now), 1)
    on conflict on constraint api_key_minutes_pkey do update set n = m.n + 1 returning n into used;
  verdict := case when used > k.per_minute then 'slow' when p_scope = any (k.scopes) then 'yes' else 'scope' end;
  if verdict = 'yes' then
    insert into api_key_uses as u (key_id, on_day, route, uses) values (k.id, (p_now at time zone 'UTC')::date, p_route, 1)
      on conflict on constraint api_key_uses_pkey do update set uses = u.uses + 1;
    update api_keys a set last_used_on = (p_now at time zone 'UTC')::date
      where a.id = k.id and a.last_used_on is distinct from (p_now at time zone 'UTC')::date;
  end if;
  return query select k.id, k.label, k.org_id, o.name,
    coalesce((select jsonb_agg(jsonb_build_object('id', x.id, 'name', x.name) order by x.id) from organisations x where x.present_id = k.org_id), '[]'),
    coalesce(o.language, 'cs'), 'strict' = any (k.scopes), verdict;
end
$function$
;

CREATE OR REPLACE FUNCTION public.use_blocklist_key(p_key_hash bytea, p_list text, p_now timestamp with time zone)
 RETURNS TABLE(device_id integer, label text, org_id integer, org_name text, language text, slow boolean, version integer, revision integer, entries integer, changed_at timestamp with time zone, refreshed_at timestamp with time zone, key_by integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  d blocklist_devices;
  o organisations;
begin
  select * into d from blocklist_devices x where x.revoked_at is null and x.expires_at > p_now
    and (x.key_hash = p_key_hash or x.previous_hash = p_key_hash and x.previous_until > p_now);
  if not found then return; end if;
  select now_one.* into o from organisations mine join organisations now_one on now_one.id = coalesce(mine.present_id, mine.id)
    where mine.id = d.org_id and now_one.status <> 'left';
  if not found then return; end if;
  -- A count that a crash of the database loses is no harm; a firewall need not wait for the disk.
  perform set_config('synchronous_commit', 'off', true);
  update blocklist_devices x set used_at = p_now, minute = date_trunc('minute', p_now),
      minute_n = case when x.minute = date_trunc('minute', p_now) then x.minute_n + 1 else 1 end
    where x.id = d.id returning * into d;
  return query select d.id, d.label, o.id, o.name, o.language, d.minute_n > d.per_minute, l.version, l.revision, l.entries, l.changed_at, l.refreshed_at,
      case when d.key_hash = p_key_hash then d.key_by else d.previous_by end
    from (select 1) as one left join blocklist_lists l on l.org_id = o.id and l.list = p_list and l.version > 0;
end
$function$
;

CREATE OR REPLACE FUNCTION public.ways_of_written(p_people integer[], p_orgs integer[], p_severity integer)
 RETURNS TABLE(person_id integer, org_id integer, channel text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct c.person_id, null::int, a.channel
  from channel_choices c join lateral short_addresses(c.person_id) a on a.channel = c.channel
  where c.person_id = any (p_people) and c.least <= p_severity and actor_coordinates()
  union all
  select null, o.id, 'webhook' from unnest(p_orgs) as o (id)
  where actor_coordinates() and exists (select 1 from webhooks w
    where w.org_id = organisation_now(o.id) and w.disabled_at is null and 'written' = any (w.events) and w.least <= p_severity)
$function$
;

CREATE OR REPLACE FUNCTION public.written_link(p_token_hash bytea, p_now timestamp with time zone)
 RETURNS TABLE(warning_id integer, org_id integer, revoked boolean, over boolean, person_id integer, email text, name text, language text, engagements jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select l.warning_id, l.org_id, l.revoked_at is not null, w.state <> 'published' or w.ends_at <= p_now,
    p.id, p.email, p.name, p.language,
    coalesce((select jsonb_agg(jsonb_build_object('org', e.org_id, 'orgName', o.name, 'role', e.role) order by e.role)
      from engagements e join organisations o on o.id = e.org_id
      where e.person_id = p.id and e.org_id = l.org_id and e.valid_from <= p_now and e.valid_to > p_now and o.status <> 'left'), '[]')
  from written_links l join written_warnings w on w.id = l.warning_id join people p on p.id = l.person_id
  where l.token_hash = p_token_hash and p.disabled_at is null
$function$
;

CREATE OR REPLACE FUNCTION public.written_narrowed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into written_tombstones (warning_id, number, revoked_at, readers, stands)
    values (new.id, new.number, new.changed_at, old.readers || array(
      select -p.person_id from written_passed p join written_passings g on g.id = p.passing_id
      where g.warning_id = new.id and (g.ended_at is null or g.ended_at >= new.changed_at)), 'withdrawn')
    on conflict (warning_id, revoked_at) do nothing;
  return null;
end
$function$
;

CREATE OR REPLACE FUNCTION public.written_people(p_people integer[])
 RETURNS TABLE(person_id integer, address text, singles boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select p.id, p.email, coalesce(c.singles, true)
  from people p left join mail_choices c on c.address_key = address_key(p.email)
  where p.id = any (p_people) and p.disabled_at is null and actor_coordinates()
  order by p.id
$function$
;

CREATE OR REPLACE FUNCTION public.written_recipients(p_orgs integer[], p_now timestamp with time zone)
 RETURNS TABLE(org_id integer, person_id integer, address text, singles boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
$function$
;

grant execute on function action_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function actor_address() to public;

grant execute on function actor_coordinates() to public;

grant execute on function actor_groups() to hsoc_app, hsoc_engine;

grant execute on function actor_now() to public;

grant execute on function actor_operates() to public;

grant execute on function actor_orgs() to public;

grant execute on function actor_owns_sensor(integer) to public;

grant execute on function actor_passed() to hsoc_app, hsoc_engine;

grant execute on function actor_person() to public;

grant execute on function actor_reads_sector() to public;

grant execute on function actor_scopes() to public;

grant execute on function actor_seats() to hsoc_app, hsoc_engine;

grant execute on function acts_for(integer,integer) to public;

grant execute on function address_key(text) to hsoc_app, hsoc_engine;

grant execute on function advisory_source_names() to hsoc_app, hsoc_engine;

grant execute on function announce(text,text) to hsoc_app, hsoc_engine;

grant execute on function batch_bytes(bigint[]) to hsoc_app;

grant execute on function batch_for_event(bigint,integer) to hsoc_app;

grant execute on function blocklist_prune(bigint[],timestamp with time zone) to hsoc_engine;

grant execute on function blocklist_put(text,text,timestamp with time zone) to hsoc_engine;

grant execute on function blocklist_scopes(integer) to hsoc_engine;

grant execute on function blocklist_strict_scopes(integer) to hsoc_engine;

grant execute on function claim_contact(integer) to hsoc_app;

grant execute on function claim_party(integer,integer) to hsoc_app;

grant execute on function closed_before() to public;

grant execute on function contact_book_head(integer) to hsoc_app;

grant execute on function count_new(integer[],integer[],integer) to hsoc_engine;

grant execute on function decides_matches(integer) to public;

grant execute on function deliveries_past(timestamp with time zone) to hsoc_engine;

grant execute on function derived_of_written(integer) to hsoc_app;

grant execute on function duty_feed(bytea,timestamp with time zone) to hsoc_app;

grant execute on function duty_people(integer) to hsoc_app;

grant execute on function end_passings(integer,integer[],timestamp with time zone) to hsoc_app;

grant execute on function events_after(bigint,bigint,integer,boolean) to hsoc_app;

grant execute on function first_serial() to hsoc_app, hsoc_engine;

grant execute on function fits_group(integer,integer,text) to public;

grant execute on function folded(text) to hsoc_app, hsoc_engine, public;

grant execute on function glass_of_session(bytea,timestamp with time zone) to hsoc_app;

grant execute on function glass_scopes() to public;

grant execute on function group_keys_alive() to public;

grant execute on function group_requests(integer) to hsoc_app, hsoc_engine;

grant execute on function group_roster(integer) to hsoc_app, hsoc_engine;

grant execute on function group_sizes() to hsoc_app, hsoc_engine;

grant execute on function hand_over_assignments(integer,integer,timestamp with time zone,bigint[]) to hsoc_engine;

grant execute on function hand_over_moderating(integer,integer,bigint[]) to hsoc_engine;

grant execute on function hand_over_seats(integer,integer,timestamp with time zone,bigint[]) to hsoc_engine;

grant execute on function inputs_of_written(integer,integer[]) to hsoc_app;

grant execute on function int_union(integer[]) to public;

grant execute on function int_union_step(integer[],integer[]) to public;

grant execute on function invited_address(integer) to hsoc_app;

grant execute on function keeps_assets(integer) to hsoc_app, hsoc_engine;

grant execute on function keys_between(inet,inet,integer) to hsoc_app;

grant execute on function last_serial() to hsoc_app, hsoc_engine;

grant execute on function led_groups() to hsoc_app, hsoc_engine;

grant execute on function mail_address_readers(text,timestamp with time zone) to hsoc_engine;

grant execute on function manages_people(integer) to public;

grant execute on function match_released(integer) to hsoc_app;

grant execute on function may_show(integer) to public;

grant execute on function memorandum_sets() to hsoc_app, hsoc_engine;

grant execute on function moderates(integer) to public;

grant execute on function oncall_over(oncall_climbs,timestamp with time zone) to public;

grant execute on function oncall_people(integer[]) to hsoc_app;

grant execute on function only_sources(integer,integer) to hsoc_app;

grant execute on function organisation_now(integer) to public;

grant execute on function organisation_with_merged(integer) to public;

grant execute on function others_in_event(bigint,integer,inet[],inet[],boolean[],text[]) to hsoc_app;

grant execute on function pass_written_on(integer,integer,text,text,text,timestamp with time zone) to hsoc_app;

grant execute on function passed_people(integer) to hsoc_app;

grant execute on function passed_to_actor() to hsoc_app;

grant execute on function passes_written(integer,integer) to hsoc_app;

grant execute on function passing_names(integer[]) to hsoc_app;

grant execute on function passing_target(integer,integer,text) to hsoc_app;

grant execute on function people_gone(timestamp with time zone) to public;

grant execute on function people_set_readers(integer) to hsoc_engine;

grant execute on function provider_session_beyond(bytea,timestamp with time zone) to hsoc_app, hsoc_engine;

grant execute on function pseudonymised(text,text[],text) to public;

grant execute on function public_signatures() to hsoc_app;

grant execute on function queue_account_mail(text,integer,text,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_answer(text,integer,bigint,integer,integer,jsonb,timestamp with time zone) to hsoc_app;

grant execute on function queue_contact_mail(text,integer,text,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_contact_sms(text,integer,text,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_match_webhooks(text,text,integer,integer,integer,timestamp with time zone) to hsoc_engine;

grant execute on function queue_matches(integer,timestamp with time zone) to hsoc_app;

grant execute on function queue_registry_mail(text,integer,text,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_short_written(text,text,integer,timestamp with time zone,jsonb) to hsoc_app;

grant execute on function queue_visitor_mail(text,text,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_webhooks(text,text,text,integer,bigint,integer,integer,jsonb,timestamp with time zone) to hsoc_engine;

grant execute on function queue_written(text,text,integer,integer,timestamp with time zone,jsonb) to hsoc_app;

grant execute on function queue_written_rows(text,text,integer,integer,timestamp with time zone,jsonb) to hsoc_engine;

grant execute on function reach_distribution() to hsoc_app;

grant execute on function reader_scopes() to public;

grant execute on function reads_roster(integer) to hsoc_app, hsoc_engine;

grant execute on function released_warnings() to hsoc_app;

grant execute on function represents(integer) to public;

grant execute on function retention_count(text,timestamp with time zone) to hsoc_app;

grant execute on function revoke_action_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function revoke_rollcall_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function revoke_written(integer,text,timestamp with time zone) to hsoc_app;

grant execute on function revoke_written_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function roles_by_provider(integer) to hsoc_app, hsoc_engine;

grant execute on function roles_of_person(integer,timestamp with time zone) to hsoc_engine;

grant execute on function rollcall_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function scopes_held(integer[],integer[]) to hsoc_app, hsoc_engine;

grant execute on function seats_in_force() to public;

grant execute on function second_factors(integer) to hsoc_app;

grant execute on function session_person(bytea,timestamp with time zone) to hsoc_app, hsoc_engine;

grant execute on function shares_assets(integer) to hsoc_app, hsoc_engine;

grant execute on function short_addresses(integer) to hsoc_engine;

grant execute on function signed_and_merged(integer) to hsoc_app, hsoc_engine;

grant execute on function site_changed() to public;

grant execute on function site_counters() to hsoc_app;

grant execute on function site_shown_members() to hsoc_app;

grant execute on function stop_written(integer,text) to hsoc_app;

grant execute on function store_batch(integer,timestamp with time zone,text,bytea,integer,jsonb,bigint[],integer[],double precision[],integer[],integer[],boolean[],boolean[],integer[],integer[],integer[],integer[],integer[],integer[],text[],inet[],integer[],integer[],text[],integer[],integer[],integer[],integer[],integer[],integer[],integer[],integer[],integer[],inet[],inet[]) to hsoc_engine;

grant execute on function take_passing_back(integer,timestamp with time zone) to hsoc_app;

grant execute on function tell_leaders(integer) to hsoc_app;

grant execute on function tell_of_group(text,integer,integer,text) to hsoc_app;

grant execute on function told_of_written(integer) to hsoc_app;

grant execute on function told_short_of_written(integer) to hsoc_app;

grant execute on function trail_content(audit) to hsoc_engine;

grant execute on function trail_erase(integer,timestamp with time zone) to hsoc_engine;

grant execute on function trail_seal(bigint,integer) to hsoc_engine;

grant execute on function trainings_of(integer) to hsoc_app, hsoc_engine;

grant execute on function use_api_key(bytea,text,text,timestamp with time zone) to hsoc_app;

grant execute on function use_blocklist_key(bytea,text,timestamp with time zone) to hsoc_app;

grant execute on function ways_of_written(integer[],integer[],integer) to hsoc_app;

grant execute on function written_link(bytea,timestamp with time zone) to hsoc_app;

grant execute on function written_people(integer[]) to hsoc_app;

grant execute on function written_recipients(integer[],timestamp with time zone) to hsoc_app;
