-- module: channels
-- Codes by which a reply says what it answers, and what became of replies that nobody understood.

alter table deliveries add column code text check (code ~ '^[0-9A-HJKMNP-TV-Z]{4}$');
comment on column deliveries.code is 'Of a text message: what its reply holds beside the letter; of one number there is each code once';
create unique index deliveries_code on deliveries (address, code) where code is not null;

alter table short_replies
  add column why_not text,
  add column settled_at timestamptz,
  add column settled_by int references people;
comment on column short_replies.why_not is 'Why a reply that looked like an answer was taken as none';
comment on column short_replies.settled_at is 'When a coordinator said that it is dealt with';
create index short_replies_open on short_replies (received_at desc, id desc) where taken_as is null and settled_at is null;
grant update (settled_at, settled_by) on short_replies to hsoc_app;
create policy app_settles on short_replies for update to hsoc_app using ((select actor_coordinates())) with check ((select actor_coordinates()));
