-- module: warnings
-- A written warning that was made of an advisory, and which version of it each version of the warning took up.

alter table written_versions add column advisory_id int references advisories, add column advisory_seq int,
  add check ((advisory_id is null) = (advisory_seq is null));
create index written_versions_advisory on written_versions (advisory_id) where advisory_id is not null;
comment on column written_versions.advisory_id is 'The advisory that it was made of';
comment on column written_versions.advisory_seq is 'The version of the advisory that it takes up';
