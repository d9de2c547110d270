-- The action plan reminds: two weeks before a date in force and on the day, once each; a moved date is another date.

alter table plan_actions add column reminded_for date, add column reminded_days int check (reminded_days in (14, 0));
comment on column plan_actions.reminded_for is 'The date in force of which the last reminder spoke; null while there was none';
comment on column plan_actions.reminded_days is 'Which reminder that was: 14 days before, or 0 on the day';
grant update (reminded_for, reminded_days) on plan_actions to hsoc_engine;
