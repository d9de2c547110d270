-- module: channels
-- What a gateway posts to us: each reply counts once, and a receipt may come before we know the name of its message.

alter table short_replies add column provider_id text check (provider_id ~ '^[!-~]{1,100}$');
comment on column short_replies.provider_id is 'The provider''s name of the reply, by which one that is handed over again is known; null where it gives none';
create unique index short_replies_provider on short_replies (channel, provider_id) where provider_id is not null;

create table short_receipts (
  provider_id text primary key check (provider_id ~ '^[!-~]{1,100}$'),
  state       text not null check (state in ('DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD')),
  received_at timestamptz not null
);
comment on table short_receipts is 'Final receipts of text messages whose name at the provider we do not know (yet): looked at anew for an hour, then forgotten';
comment on column short_receipts.provider_id is 'In lower case';
alter table short_receipts enable row level security;
grant select, insert, update, delete on short_receipts to hsoc_engine;
create policy engine_all on short_receipts to hsoc_engine using (true) with check (true);
