-- Public pages that came with the memorandum and the groups are kept as drawn like the others: until what they show changes.

create trigger site_changed after insert or update or delete on memorandum_versions for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on signatures for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on groups for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on seats for each statement execute function site_changed();
create trigger site_changed after insert or update or delete on engagements for each statement execute function site_changed();
