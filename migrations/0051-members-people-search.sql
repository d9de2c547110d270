-- module: members
-- People are found by any part of their name or address, whatever accents are typed.

create function folded(given text) returns text
  language sql immutable strict parallel safe
  -- Accents go before the case, so that no locale is needed to know the small letter of an accented one.
  as $$ select translate(lower(regexp_replace(normalize(given, NFKD), '[\u0300-\u036f]', '', 'g')), 'łŁđĐøØ', 'llddoo') $$;
comment on function folded(text) is 'The text in small letters without accents, as two spellings of a name are compared';
grant execute on function folded(text) to hsoc_app, hsoc_engine;

alter table people add column sought text generated always as (folded(name || ' ' || email)) stored;
comment on column people.sought is 'What a search looks through: name and address in small letters without accents';
grant select (sought) on people to hsoc_app;

-- The policy asks for an overlap: who reads few people finds those few without walking over all.
create index people_readers on people using gin (readers);
