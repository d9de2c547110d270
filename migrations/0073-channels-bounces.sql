-- module: channels
-- Mails that come back: which message it was, what the other server said, and addresses that are no longer used because of it.

alter table deliveries
  add column bounce_key text unique,
  add column bounced_at timestamptz;
comment on column deliveries.bounce_key is 'In the return path of this mail: a MAC of its number, so that a return counts only for the mail that it is about';
comment on column deliveries.bounced_at is 'When a return of it came in, or its recipient was refused for good at handing over';
create index deliveries_bounced on deliveries (bounced_at) where bounced_at is not null;
alter table deliveries drop constraint deliveries_state_check;
alter table deliveries add constraint deliveries_state_check check (state in
  ('queued', 'sending', 'sent', 'delivered', 'failed', 'bounced', 'unknown', 'held', 'digested', 'dropped'));
comment on column deliveries.state is 'delivered: the other side said that it arrived; bounced: it was taken, and came back; unknown: we died while handing over what must not be handed over twice';

create table mail_standings (
  id           int generated always as identity primary key,
  address_key  bytea not null unique,
  address      text not null,
  score        int not null,
  scored_at    timestamptz not null,
  bounced_at   timestamptz not null,
  kind         text not null check (kind in ('hard', 'soft')),
  said         text not null,
  probe_id     bigint references deliveries on delete set null,
  suspended_at timestamptz,
  readers      int[] not null
);
comment on table mail_standings is 'Addresses whose mails came back of late; no row: nothing against the address';
comment on column mail_standings.score is 'Hard returns 3, soft ones 1, less one for each quiet week; from 5 on a mail tries whether the address works';
comment on column mail_standings.said is 'What the other server said last';
comment on column mail_standings.probe_id is 'The mail that tries whether the address works, while nobody knows';
comment on column mail_standings.suspended_at is 'The trial came back too: warnings and digests go to others until a trial arrives';
comment on column mail_standings.readers is 'Who can mend it: its person, the organisations that named it, the coordinators unless only the organisation may see the contact';
alter table mail_standings enable row level security;
grant select on mail_standings to hsoc_app;
grant select, insert, update, delete on mail_standings to hsoc_engine;
create policy app_reads on mail_standings for select to hsoc_app using (readers && (select actor_scopes()));
create policy engine_all on mail_standings to hsoc_engine using (true) with check (true);

create table mail_returns (
  on_day date not null,
  kind   text not null,
  n      int not null,
  primary key (on_day, kind)
);
comment on table mail_returns is 'What came to the door of returned mails, counted by day; unknown: its return path was never ours';
alter table mail_returns enable row level security;
grant select on mail_returns to hsoc_app;
grant select, insert, update, delete on mail_returns to hsoc_engine;
create policy app_reads on mail_returns for select to hsoc_app using ((select actor_coordinates()));
create policy engine_all on mail_returns to hsoc_engine using (true) with check (true);

-- Who can mend an address: scopes. A contact that only its organisation sees stays with it.
create function mail_address_readers(p_address text, p_now timestamptz) returns int[] language sql stable as $$
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
$$;
revoke all on function mail_address_readers(text, timestamptz) from public;
grant execute on function mail_address_readers(text, timestamptz) to hsoc_engine;
