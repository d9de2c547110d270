-- module: members

alter table organisations add column founder text;
comment on column organisations.founder is 'Name of the founding organisation, as the import said it; founders need not be in the register';

-- A record may have a planned end; closed ones were ended by an import or a person, and stay as history.
alter table networks add column closed_at timestamptz;
alter table domains add column closed_at timestamptz;
comment on column networks.closed_at is 'When somebody ended or corrected the record; null while it stands as claimed, even past its planned end';
comment on column domains.closed_at is 'As of networks';

-- One's own sessions can be looked at; the token of their forms stays out of reach.
grant select (token_hash, person_id, created_at, seen_at, expires_at, address, agent) on sessions to hsoc_app;
create policy app_reads on sessions for select to hsoc_app using (person_id = (select actor_person()));

comment on table sign_in_failures is 'Slow-down of guessing and of asking for resets; a key is the kind, then an address or the keyed hash of what was typed as the account';

-- module: channels

-- A mail about an account (template in the detail); the members module says what, channels send it.
create function queue_account_mail(p_topic text, p_person int, p_address text, p_detail jsonb, p_now timestamptz)
returns void language sql as $$
  insert into deliveries (kind, topic, person_id, address, detail, decided_at, due_at, readers)
  values ('account', p_topic, p_person, p_address, p_detail, p_now, p_now, array[2, -p_person])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$$;
revoke all on function queue_account_mail(text, int, text, jsonb, timestamptz) from public;
grant execute on function queue_account_mail(text, int, text, jsonb, timestamptz) to hsoc_engine;
