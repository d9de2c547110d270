-- emergency: organisations whose messages are followed up take turns; nobody keeps the others waiting.
alter table org_rollcalls add column followed_at timestamptz;
comment on column org_rollcalls.followed_at is 'When it was last seen whether its step has to go another way, and it had not: whoever waits longest is next';
