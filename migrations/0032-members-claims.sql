-- module: members
-- Addresses as organisations claim and prove them. An accepted claim becomes a record of networks or domains; AS numbers stay here.

create table claims (
  id            int generated always as identity primary key,
  org_id        int not null references organisations,
  kind          text not null check (kind in ('prefix', 'range', 'domain', 'as')),
  value         text not null check (length(value) between 1 and 253),
  net_from      inet,
  net_to        inet,
  role          text not null default 'owner' check (role in ('owner', 'delegated')),
  delegator_id  int references organisations,
  shown         boolean not null default false,
  note          text not null default '' check (length(note) <= 1000),
  state         text not null default 'asked' check (state in ('asked', 'proved', 'refused', 'withdrawn', 'ended')),
  contested     boolean not null,
  proof         text check (proof in ('dns', 'registry', 'coordinator', 'delegation')),
  proof_at      timestamptz,
  token         text,
  checked_at    timestamptz,
  checked       jsonb,
  asked_by      int references people,
  asked_at      timestamptz not null,
  valid_to      timestamptz not null default 'infinity',
  effective_at  timestamptz,
  network_id    int references networks,
  domain_id     int references domains,
  decided_by    int references people,
  decided_at    timestamptz,
  reason        text not null default '' check (length(reason) <= 1000),
  readers       int[] not null,
  check ((kind in ('prefix', 'range')) = (net_from is not null and net_to is not null)),
  check ((role = 'delegated') = (delegator_id is not null)),
  check ((state in ('proved', 'ended')) = (effective_at is not null)),
  check (state not in ('proved', 'ended') or proof is not null)
);
comment on column claims.value is 'Canonical: CIDR or from-to of addresses, lower-case ASCII (punycode) of a domain, AS and the number';
comment on column claims.delegator_id is 'Who holds the wider range and lets this part to the claimant; then the claimant accepts instead of proving';
comment on column claims.shown is 'The record is to be visible to the holder of the wider range too (networks.visible_to_parent)';
comment on column claims.contested is 'Overlaps, or looks like, what another organisation holds: takes effect by a coordinator''s decision alone';
comment on column claims.proof_at is 'A contested claim may be proved long before anybody decides it';
comment on column claims.token is 'What the TXT record of a domain has to say';
comment on column claims.checked is 'What the name servers said last: {"outcome": word, "found": [text, ...]}';
comment on column claims.readers is 'Scopes that may read the row: coordinators, the claimant''s readers, and those of every organisation it touches';
create unique index claims_open on claims (org_id, value) where state = 'asked';
create index claims_org on claims (org_id, asked_at desc, id desc);
create index claims_state on claims (state, asked_at desc, id desc);

create table claim_holders (
  claim_id    int not null references claims,
  org_id      int not null references organisations,
  relation    text not null check (relation in ('same', 'inside', 'around', 'crossing', 'alike')),
  noted_at    timestamptz not null,
  answer      text check (answer in ('consents', 'objects')),
  note        text not null default '' check (length(note) <= 1000),
  answered_by int references people,
  answered_at timestamptz,
  readers     int[] not null,
  primary key (claim_id, org_id),
  check ((answer is null) = (answered_at is null))
);
comment on table claim_holders is 'Who holds something that a claim touches, and what they said of it';
comment on column claim_holders.relation is 'What is claimed is the same as, inside, around, or crosses what they hold, or is a domain that looks like theirs';
comment on column claim_holders.readers is 'Coordinators and the holder; the claimant from the moment in which the holder answered or a coordinator decided';
create index claim_holders_org on claim_holders (org_id);

alter table claims enable row level security;
alter table claim_holders enable row level security;
grant select on claims, claim_holders to hsoc_app;
grant select, insert, update on claims, claim_holders to hsoc_engine;
create policy app_reads on claims for select to hsoc_app using (readers && (select actor_scopes()));
create policy app_reads on claim_holders for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on claims to hsoc_engine using (true) with check (true);
create policy engine_all on claim_holders to hsoc_engine using (true) with check (true);

-- The name of a party of a claim, to the other parties of that claim: a policy of organisations would show the whole row.
create function claim_party(p_claim int, p_org int) returns text language sql stable security definer set search_path = public, pg_temp as $$
  select o.name from organisations o join claims c on c.id = p_claim
  where o.id = p_org and c.readers && actor_scopes()
    and (p_org in (c.org_id, c.delegator_id) or exists (
      select 1 from claim_holders h where h.claim_id = p_claim and h.org_id = p_org and h.readers && actor_scopes()))
$$;
revoke all on function claim_party(int, int) from public;
grant execute on function claim_party(int, int) to hsoc_app;
comment on column networks.claimed_from is 'import, or claim where a claim became this record';
