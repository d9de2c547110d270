-- module: channels
-- What somebody chose by the link in a mail is shown in its account and can be taken back there: each person its own.

grant execute on function address_key(text) to hsoc_app;
grant select, delete on mail_choices to hsoc_app;
create policy app_reads on mail_choices for select to hsoc_app
  using (address_key = (select address_key(p.email) from people p where p.id = (select actor_person())));
create policy app_clears on mail_choices for delete to hsoc_app
  using (address_key = (select address_key(p.email) from people p where p.id = (select actor_person())));
