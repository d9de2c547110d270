-- The memorandum on the public web: a version when coordinators have published it, institutions always, names of people
-- only of those who agreed.

alter table memorandum_versions add column published_at timestamptz;
comment on column memorandum_versions.published_at is 'Since when everybody may read it; null while it is among members alone';
create policy public_reads on memorandum_versions for select to hsoc_app
  using (published_at is not null and 1 = any ((select actor_scopes())::int[]));

alter table signatures add column name_shown boolean not null default false;
comment on column signatures.name_shown is 'Whether the signatory agreed that everybody reads the name beside the institution';

-- Who signed the published versions. The day is nobody's business but the document's: month and year are told.
create function public_signatures() returns table (version int, institution text, signatory text, month date, known_to text)
language sql stable security definer set search_path = public, pg_temp as $$
  select v.number, s.institution, case when s.name_shown then s.signatory_name end,
    date_trunc('month', s.signed_on)::date, case when s.precision = 'day' then 'month' else s.precision end
  from signatures s join memorandum_versions v on v.id = s.version_id
  where s.state <> 'withdrawn' and v.published_at is not null and 1 = any (actor_scopes())
$$;
revoke all on function public_signatures() from public;
grant execute on function public_signatures() to hsoc_app;
