-- Records that might be the same person as one of these: a similar name (customer_name_words_idx), or the same family at
-- one postal code (customer_family_postal_idx). Both halves repeat the expression of their index word by word.
-- Names that hundreds bear are cut: they say little, and whoever shares more is found by the other half.
with asked as materialized (
  select
    id, canonical_id, kind, postal_code,
    regexp_replace(folded(family_name), '([aou])e', '\1', 'g') as family,
    name_words(given_name, family_name, company_name) as name
  from customers_customer
  where id = any (%(records)s) and is_known and (family_name <> '' or company_name <> '')
)
select asked.id, near.id
from asked
cross join lateral (
  (
    select id, canonical_id, kind, is_known from customers_customer
    where name_words(given_name, family_name, company_name) %% asked.name
    -- The order keeps the planner from reading the whole table until the limit is reached.
    order by name_words(given_name, family_name, company_name) <-> asked.name, id
    limit %(most)s
  )
  union
  (
    select id, canonical_id, kind, is_known from customers_customer
    where regexp_replace(folded(family_name), '([aou])e', '\1', 'g') = asked.family and postal_code = asked.postal_code
      and not postal_code = '' and not family_name = ''
    order by id
    limit %(most)s
  )
) near
where near.canonical_id <> asked.canonical_id and near.kind = asked.kind and near.is_known
