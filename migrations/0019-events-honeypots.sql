-- module: events
-- Which detectors are honeypots is what they say of themselves, whatever they are called.

alter table detectors add column honeypot boolean not null default false;
comment on column detectors.honeypot is 'An event of it was tagged as seen by a honeypot or tarpit';
