-- emergency: an organisation's own steps, taken at the release of a call.
alter table org_rollcalls add column policy jsonb;
comment on column org_rollcalls.policy is 'The steps of this organisation''s own escalation as they were at the release; null: it goes by those of the call';
