-- module: privacy
-- Erasing a person takes the name out of these too (src/modules/privacy/held-of-members.ts).

grant update (actor) on application_moves, sharing_acceptances, joining_deferrals to hsoc_engine;
grant update (opener, reviewer) on glass_openings to hsoc_engine;
grant update (author) on glass_comments to hsoc_engine;
grant update (contact) on registry_entries to hsoc_engine;
grant delete on seat_choices to hsoc_engine;
grant update (id_token) on provider_sessions to hsoc_engine;
create policy engine_forgets on glass_comments for update to hsoc_engine using (true) with check (true);
