-- module: exchange
-- What programs fetch of written warnings: documents (CSAF) and feeds (Atom).

-- Every written warning that the actor may fetch, as it stands for this actor: out; or gone, where a reader of an earlier version is
-- told that it was taken back and nothing more. Steps count what was ever told of it: each publication, before one that
-- reaches fewer readers the word to those whom it no longer reaches, and the revocation. TLP:RED and what is over are never here.
-- Readers of a version are readers of all versions before it, since a new version is never wider (warnings/written/publish.ts).
create function released_warnings() returns table (
  warning_id int, number text, step int, standing text, is_public boolean, tlp text, group_id int, kind text, severity int, title jsonb,
  texts jsonb, translation text, action_by date, valid_until timestamptz, refs text, reason text, history jsonb)
language sql stable security definer set search_path = public, pg_temp as $$
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
$$;
revoke all on function released_warnings() from public;
grant execute on function released_warnings() to hsoc_app;

create table csaf_documents (
  warning_id  int not null references written_warnings on delete cascade,
  step        int not null check (step >= 1),
  body        text not null,
  sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  sha512      text not null check (sha512 ~ '^[0-9a-f]{128}$'),
  signature   text not null,
  fingerprint text not null,
  made_at     timestamptz not null,
  primary key (warning_id, step)
);
comment on table csaf_documents is 'CSAF documents as they were first made: what was published once is the same for ever';
comment on column csaf_documents.step is 'As of released_warnings(): the version of the document';
comment on column csaf_documents.signature is 'Detached and armoured, by the key of this fingerprint; made anew when the key was changed';

alter table csaf_documents enable row level security;
grant select on csaf_documents to hsoc_app;
grant select, insert on csaf_documents to hsoc_engine;
grant update (signature, fingerprint) on csaf_documents to hsoc_engine;
create policy engine_all on csaf_documents to hsoc_engine using (true) with check (true);
create policy app_reads on csaf_documents for select to hsoc_app
  using (exists (select 1 from released_warnings() r where r.warning_id = csaf_documents.warning_id and r.step = csaf_documents.step));
