-- module: channels
-- What people write to each other on a warning is a kind of its own, so that no rule for updates ever holds it back.

alter table deliveries drop constraint deliveries_kind_check;
update deliveries set kind = 'talk', detail = detail - 'talk' where detail ? 'talk';
alter table deliveries add constraint deliveries_kind_check
  check (kind in ('new', 'update', 'relapse', 'digest', 'exercise', 'sensor', 'account', 'ladder', 'talk'));

-- Who opens a warning while signed in says by it that the message about it arrived: of its own messages, and nothing else.
comment on column deliveries.opened_at is 'When its reader first opened the warning''s page, signed in, after the message had gone out';
grant update (opened_at) on deliveries to hsoc_app;
create policy app_opens on deliveries for update to hsoc_app
  using (person_id = (select actor_person()) and readers && (select actor_scopes()))
  with check (person_id = (select actor_person()) and readers && (select actor_scopes()));
