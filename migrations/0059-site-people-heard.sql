-- The public page of the groups counts whom they seat, and nobody whose access was ended is counted: pages that are kept hear of it.

create trigger site_changed after insert or update or delete on people for each statement execute function site_changed();
