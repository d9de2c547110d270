-- module: members

-- What is known of an organisation ---------------------------------------------------------------

alter table organisations
  add column ico text check (ico ~ '^[0-9]{8}$'),
  add column nuts3 text check (nuts3 in ('CZ010', 'CZ020', 'CZ031', 'CZ032', 'CZ041', 'CZ042', 'CZ051', 'CZ052', 'CZ053', 'CZ063', 'CZ064', 'CZ071', 'CZ072', 'CZ080')),
  add column regime text not null default 'unknown' check (regime in ('none', 'lower', 'higher', 'unknown')),
  add column languages text[] not null default '{cs}' check (cardinality(languages) > 0 and languages <@ array['cs', 'en']),
  add column parent_id int references organisations check (parent_id <> id),
  add column rules_accepted_at timestamptz;
create index organisations_ico on organisations (ico) where ico is not null;
comment on column organisations.ico is 'Identification number with its leading zeros. A wrong check digit is kept and shown: public lists contain such; several sites may share one';
comment on column organisations.region is 'As it was said; nuts3 is the Czech region it means, where it means one';
comment on column organisations.regime is 'Regime under the Czech cyber-security act (264/2025 Coll.): obligations lower or higher, none, or not known yet';
comment on column organisations.languages is 'What its people understand; language is the one in which we write to it';
comment on column organisations.parent_id is 'The organisation of which this one is a part (a faculty of a university), when both stand in the register';
comment on column organisations.rules_accepted_at is 'When the rules of sharing were accepted; null where nobody recorded it. Needed to become a participant';

update organisations o set nuts3 = r.code, languages = array['cs'] || case when o.language = 'en' then array['en'] else '{}'::text[] end
from (values ('CZ010', 'hlavní město praha'), ('CZ020', 'středočeský kraj'), ('CZ031', 'jihočeský kraj'), ('CZ032', 'plzeňský kraj'),
  ('CZ041', 'karlovarský kraj'), ('CZ042', 'ústecký kraj'), ('CZ051', 'liberecký kraj'), ('CZ052', 'královéhradecký kraj'),
  ('CZ053', 'pardubický kraj'), ('CZ063', 'kraj vysočina'), ('CZ064', 'jihomoravský kraj'), ('CZ071', 'olomoucký kraj'),
  ('CZ072', 'zlínský kraj'), ('CZ080', 'moravskoslezský kraj')) as r (code, name)
where lower(o.region) = r.name;

create table organisation_names (
  id       int generated always as identity primary key,
  org_id   int not null references organisations,
  name     text not null check (length(name) between 1 and 200),
  kind     text not null check (kind in ('earlier', 'alias')),
  added_at timestamptz not null
);
create unique index organisation_names_name on organisation_names (org_id, lower(name));
comment on table organisation_names is 'Names under which an organisation is found besides its present one: those it bore, and how lists spell it';

create table organisation_moves (
  id          int generated always as identity primary key,
  org_id      int not null references organisations,
  from_status text not null,
  to_status   text not null,
  reason      text not null check (length(btrim(reason)) between 1 and 1000),
  person_id   int,
  actor       text not null,
  at          timestamptz not null
);
create index organisation_moves_org on organisation_moves (org_id, at desc, id desc);
comment on table organisation_moves is 'Who moved an organisation from one status to another, when and why; only added to';
comment on column organisation_moves.actor is 'Name of the person at that time';

-- The memorandum ---------------------------------------------------------------------------------

create table memorandum_versions (
  id          int generated always as identity primary key,
  number      int not null unique check (number between 1 and 999),
  month       date not null check (extract(day from month) = 1),
  language    text not null check (language in ('cs', 'en')),
  title       text not null check (length(title) between 1 and 200),
  text        text not null,
  file_sha256 text check (file_sha256 ~ '^[0-9a-f]{64}$'),
  created_at  timestamptz not null,
  changed_at  timestamptz not null
);
comment on column memorandum_versions.month is 'First day of the month of which the version is; the documents give no day';
comment on column memorandum_versions.file_sha256 is 'SHA-256 of the file that was signed, so that a copy can be compared with it';

create table signatories (
  id         int generated always as identity primary key,
  name       text not null check (length(name) between 1 and 200),
  created_at timestamptz not null
);
comment on table signatories is 'People who signed, with or without an account here; the name is the form shown last';

create table signatory_names (
  signatory_id int not null references signatories,
  name         text not null check (length(name) between 1 and 200),
  primary key (signatory_id, name)
);
comment on table signatory_names is 'Every spelling under which a signatory was met';

create table signatures (
  id             int generated always as identity primary key,
  org_id         int not null references organisations,
  version_id     int not null references memorandum_versions,
  signatory_id   int not null references signatories,
  institution    text not null check (length(institution) between 1 and 200),
  signatory_name text not null check (length(signatory_name) between 1 and 200),
  signed_on      date,
  precision      text check (precision in ('day', 'month', 'year')),
  state          text not null check (state in ('declared', 'signed', 'withdrawn')),
  created_at     timestamptz not null,
  changed_at     timestamptz not null,
  check ((signed_on is null) = (precision is null))
);
create unique index signatures_once on signatures (org_id, version_id, lower(signatory_name));
create index signatures_version on signatures (version_id);
create index signatures_signatory on signatures (signatory_id);
comment on table signatures is 'One signatory of one organisation under one version; an organisation may have several and counts once';
comment on column signatures.institution is 'The organisation as it is written in the document';
comment on column signatures.signatory_name is 'The person as written in the document, titles included';
comment on column signatures.signed_on is 'First day of what is known; null where no date is given, which is never guessed';

create table signature_contacts (
  id           int generated always as identity primary key,
  signature_id int not null references signatures on delete cascade,
  org_id       int not null references organisations,
  address      text not null check (length(address) between 1 and 254),
  added_at     timestamptz not null
);
create unique index signature_contacts_address on signature_contacts (signature_id, lower(address));
comment on table signature_contacts is 'Addresses that a list gives beside a signature, as seen. They may belong to somebody else, are nobody''s sign-in, and nothing is sent to them';

-- Lists of signatories ---------------------------------------------------------------------------

create table signature_lists (
  id          int generated always as identity primary key,
  sha256      text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
  file_name   text not null,
  version_id  int not null references memorandum_versions,
  slashes     text check (slashes in ('mdy', 'dmy')),
  notes       jsonb not null default '[]',
  uploaded_by text not null,
  uploaded_at timestamptz not null,
  applied_by  text,
  applied_at  timestamptz
);
comment on table signature_lists is 'A list of signatories as it came, known again by its bytes; nothing of it counts before it is applied';
comment on column signature_lists.slashes is 'How dates such as 9/22/20 are to be read, once a person has said so';
comment on column signature_lists.notes is 'What was noteworthy when it was read: line, column, value, sentence';

create table signature_list_lines (
  list_id         int not null references signature_lists on delete cascade,
  line            int not null,
  number          text not null,
  institution     text not null,
  ico             text not null default '',
  signatory       text not null,
  day             text not null,
  email           text not null,
  org_decision    text,
  person_decision text,
  signature_id    int references signatures,
  primary key (list_id, line)
);
comment on table signature_list_lines is 'The lines as read, kept also where several say the same';
comment on column signature_list_lines.org_decision is 'new, skip, org:<id>, line:<n>, part:org:<id> or part:line:<n> (a new one that is a part of it)';
comment on column signature_list_lines.person_decision is 'new, person:<id of a signatory> or line:<n>';
comment on column signature_list_lines.signature_id is 'What became of the line; null before it is applied and where it was left out';

-- How many take part and how many signed: of organisations that the reader may not see, these two numbers and nothing else.
create function memorandum_sets() returns table (involved int, signed int)
language sql stable security definer set search_path = public, pg_temp as $$
  select (select count(*)::int from organisations where status in ('participant', 'signatory')),
    (select count(distinct org_id)::int from signatures where state <> 'withdrawn')
  where actor_person() is not null
$$;
revoke all on function memorandum_sets() from public;
grant execute on function memorandum_sets() to hsoc_app, hsoc_engine;

-- Who may ----------------------------------------------------------------------------------------

alter table organisation_names enable row level security;
alter table organisation_moves enable row level security;
alter table memorandum_versions enable row level security;
alter table signatories enable row level security;
alter table signatory_names enable row level security;
alter table signatures enable row level security;
alter table signature_contacts enable row level security;
alter table signature_lists enable row level security;
alter table signature_list_lines enable row level security;

grant insert on organisations to hsoc_app;
grant update (name, kind, region, nuts3, ico, founder, regime, language, languages, contact_email, phone, status, parent_id,
  rules_accepted_at, changed_at, readers) on organisations to hsoc_app;
create policy app_adds on organisations for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on organisations for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));

grant select, insert, delete on organisation_names to hsoc_app;
grant select, insert on organisation_moves to hsoc_app;
grant select, insert, update on memorandum_versions, signatories, signatures, signature_lists, signature_list_lines to hsoc_app;
grant select, insert on signatory_names, signature_contacts to hsoc_app;
grant select, insert, update, delete on organisation_names, organisation_moves, memorandum_versions, signatories, signatory_names,
  signatures, signature_contacts, signature_lists, signature_list_lines to hsoc_engine;

create policy app_reads on organisation_names for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_adds on organisation_names for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_removes on organisation_names for delete to hsoc_app using ((select actor_coordinates()));
create policy app_reads on organisation_moves for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_adds on organisation_moves for insert to hsoc_app
  with check ((select actor_coordinates()) and person_id = (select actor_person()));

-- Whoever is signed in reads the memorandum and who signed it; a withdrawn signature is the organisation's own affair.
create policy app_reads on memorandum_versions for select to hsoc_app using ((select actor_person()) is not null);
create policy app_adds on memorandum_versions for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on memorandum_versions for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_reads on signatures for select to hsoc_app using (
  (select actor_person()) is not null and state <> 'withdrawn' or org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_adds on signatures for insert to hsoc_app with check ((select actor_coordinates()));
create policy app_changes on signatures for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_reads on signature_contacts for select to hsoc_app
  using (org_id = any ((select actor_orgs())::int[]) or (select actor_coordinates()));
create policy app_adds on signature_contacts for insert to hsoc_app with check ((select actor_coordinates()));

create policy app_all on signatories to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_all on signatory_names to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_all on signature_lists to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
create policy app_all on signature_list_lines to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));

create policy engine_all on organisation_names to hsoc_engine using (true) with check (true);
create policy engine_all on organisation_moves to hsoc_engine using (true) with check (true);
create policy engine_all on memorandum_versions to hsoc_engine using (true) with check (true);
create policy engine_all on signatories to hsoc_engine using (true) with check (true);
create policy engine_all on signatory_names to hsoc_engine using (true) with check (true);
create policy engine_all on signatures to hsoc_engine using (true) with check (true);
create policy engine_all on signature_contacts to hsoc_engine using (true) with check (true);
create policy engine_all on signature_lists to hsoc_engine using (true) with check (true);
create policy engine_all on signature_list_lines to hsoc_engine using (true) with check (true);
