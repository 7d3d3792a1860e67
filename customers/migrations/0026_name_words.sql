-- The words of a name in one spelling, with a blank before and after each, so that a pattern can ask for whole words.
-- As folded(), and ae, oe, ue read as a, o, u. One function, and not of language sql: it runs for every row that an
-- index brings, and so costs half as much.
create function name_words(given_name text, family_name text, company_name text) returns text
  language plpgsql immutable strict parallel safe
  as $$ begin
    return ' ' || translate(replace(replace(replace(
      lower(public.unaccent('public.unaccent', given_name || ' ' || family_name || ' ' || company_name)),
      'ae', 'a'), 'oe', 'o'), 'ue', 'u'), '-/&.,''', '      ') || ' ';
  end $$;
