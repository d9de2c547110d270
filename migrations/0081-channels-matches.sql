-- module: channels
-- Messages about an advisory that concerns what an organisation runs. Their rows are the organisation's own: coordinators do not read them.

alter table deliveries add column match_id int;
create index deliveries_match on deliveries (match_id) where match_id is not null;
comment on column deliveries.match_id is 'The match of an advisory with an inventory that it tells of';
