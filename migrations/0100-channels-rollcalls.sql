-- module: channels
-- Messages of a roll-call (module emergency), which go before all others.

alter table deliveries add column broadcast_id int;
alter table deliveries add column rush boolean not null default false;
create index deliveries_broadcast on deliveries (broadcast_id) where broadcast_id is not null;
comment on column deliveries.broadcast_id is 'The roll-call that it belongs to; detail has the step';
comment on column deliveries.rush is 'Of an emergency: handed over before everything else that is due';
alter table deliveries drop constraint deliveries_kind_check;
alter table deliveries add constraint deliveries_kind_check
  check (kind in ('new', 'update', 'relapse', 'digest', 'exercise', 'sensor', 'account', 'ladder', 'talk', 'revoked', 'answer', 'rollcall'));
