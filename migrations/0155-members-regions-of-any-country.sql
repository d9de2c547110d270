-- members: the regions of the country stand in content/regions.json, so the database asks only for the shape of a code of NUTS 3.

alter table organisations drop constraint organisations_nuts3_check;
alter table organisations add constraint organisations_nuts3_check check (nuts3 ~ '^[A-Z]{2}[0-9A-Z]{3}$');
comment on column organisations.region is 'As it was said; nuts3 is the region of the country (content/regions.json) that it means, where it means one';
