-- module: channels
-- Ways beside mail. A message by another way is a delivery like any other: decided, handed over, told of.

alter table deliveries
  add column channel text not null default 'mail' check (channel in ('mail', 'sms')),
  add column provider_id text,
  add column delivered_at timestamptz;
comment on column deliveries.channel is 'By which way; for other ways than mail the address is a number (E.164) or what names the receiver';
comment on column deliveries.provider_id is 'What the provider calls the message, by which its receipt is known';
create index deliveries_ways on deliveries (channel, address, claimed_at) where channel <> 'mail';
create index deliveries_provider on deliveries (channel, lower(provider_id)) where provider_id is not null;

create table channel_states (
  channel    text primary key check (channel in ('mail', 'sms')),
  failures   int not null,
  down_since timestamptz,
  probe_at   timestamptz,
  said       text not null
);
comment on table channel_states is 'Ways that failed of late; no row, or no failures: it works';
comment on column channel_states.failures is 'In a row, through no fault of a message';
comment on column channel_states.probe_at is 'When a way that is down is tried next';
alter table channel_states enable row level security;
grant select on channel_states to hsoc_app;
grant select, insert, update, delete on channel_states to hsoc_engine;
create policy app_reads on channel_states for select to hsoc_app using ((select actor_coordinates()));
create policy engine_all on channel_states to hsoc_engine using (true) with check (true);

create table channel_choices (
  person_id  int not null references people,
  channel    text not null check (channel in ('sms')),
  least      smallint not null check (least between 1 and 4),
  quiet_from smallint check (quiet_from between 0 and 23),
  quiet_to   smallint check (quiet_to between 0 and 23),
  changed_at timestamptz not null,
  primary key (person_id, channel),
  check ((quiet_from is null) = (quiet_to is null))
);
comment on table channel_choices is 'What a person wants besides mail; without a row nothing';
comment on column channel_choices.least is 'From this severity on: 1 low to 4 critical';
comment on column channel_choices.quiet_from is 'Hour by the clock of the installation; until quiet_to what is below high waits';
alter table channel_choices enable row level security;
grant select, insert, update, delete on channel_choices to hsoc_app;
grant select, insert, update, delete on channel_choices to hsoc_engine;
create policy app_own on channel_choices to hsoc_app
  using (person_id = (select actor_person())) with check (person_id = (select actor_person()));
create policy engine_all on channel_choices to hsoc_engine using (true) with check (true);

create table short_replies (
  id          int generated always as identity primary key,
  channel     text not null check (channel in ('sms')),
  sender      text not null,
  text        text not null,
  person_id   int references people,
  taken_as    text,
  received_at timestamptz not null
);
comment on table short_replies is 'Short messages that came to us, whoever sent them';
comment on column short_replies.person_id is 'Whose verified number it is; null for a number that is nobody''s, or several people''s';
comment on column short_replies.taken_as is 'What another module understood it as; null: a coordinator should look';
create index short_replies_recent on short_replies (received_at desc, id desc);
alter table short_replies enable row level security;
grant select on short_replies to hsoc_app;
grant select, insert, update, delete on short_replies to hsoc_engine;
create policy app_reads on short_replies for select to hsoc_app
  using ((select actor_coordinates()) or person_id = (select actor_person()));
create policy engine_all on short_replies to hsoc_engine using (true) with check (true);

-- A code that proves a number; its record is the organisation's alone, as that of a mail to a contact is.
alter table contact_points drop constraint contact_points_verified_how_check;
alter table contact_points add constraint contact_points_verified_how_check check (verified_how in ('mail', 'call', 'sms'));
alter table contact_checks drop constraint contact_checks_kind_check;
alter table contact_checks add constraint contact_checks_kind_check check (kind in ('mail', 'call', 'sms'));
create function queue_contact_sms(p_topic text, p_org int, p_number text, p_detail jsonb, p_now timestamptz)
returns void language sql as $$
  insert into deliveries (channel, kind, topic, org_id, address, detail, decided_at, due_at, readers)
  values ('sms', 'account', p_topic, p_org, p_number, p_detail || '{"as": "contact"}', p_now, p_now, array[1000 + 4 * p_org])
  on conflict (topic, address) do nothing;
  select announce('outbox', '');
$$;
revoke all on function queue_contact_sms(text, int, text, jsonb, timestamptz) from public;
grant execute on function queue_contact_sms(text, int, text, jsonb, timestamptz) to hsoc_engine;
