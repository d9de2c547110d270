-- emergency: a call that a published emergency started.
alter table broadcasts add column written_id integer references written_warnings (id) on delete set null;
alter table broadcasts add column written_version integer;
comment on column broadcasts.written_id is 'The written warning that it asks about; null: none';
comment on column broadcasts.written_version is 'The version of it whose words the call has';
create index broadcasts_written on broadcasts (written_id) where written_id is not null;
