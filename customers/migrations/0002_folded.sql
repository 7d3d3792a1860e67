-- One spelling for sorting and search, the same in every PostgreSQL and after dump and restore:
-- both names carry their schema, so the function may stand in an index.
create function folded(text) returns text language sql immutable strict parallel safe
  as $$ select lower(public.unaccent('public.unaccent', $1)) $$;
