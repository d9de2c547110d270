-- module: events
-- What arrives out of order is placed by its key: these lead to the rows of a key without reading the whole log.

create index events_more on events using gin (more_keys) where more_keys is not null;
create index episodes_alias on episodes (alias_of) where alias_of is not null;

grant usage on sequence episodes_id_seq to hsoc_engine;
