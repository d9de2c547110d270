-- module: duty
-- Whether an organisation ever went through a test or drill: with its score, so that the page need not ask who holds them.

alter table reach_scores add column last_call text check (last_call in ('in-time', 'late', 'silent', 'excused'));
comment on column reach_scores.last_call is 'How its last test or drill came out; null where none was held';
