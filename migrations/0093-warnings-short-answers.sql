-- module: warnings
-- Answers come by text message too.

alter table answers drop constraint answers_via_check;
alter table answers add constraint answers_via_check check (via in ('page', 'mail', 'sms', 'coordinator'));
alter table written_answers drop constraint written_answers_via_check;
alter table written_answers add constraint written_answers_via_check check (via in ('page', 'mail', 'api', 'sms', 'coordinator'));
