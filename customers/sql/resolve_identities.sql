-- Who is known under these identifiers: the record, its person (the canonical record) and how sure we are.
select
  wanted.kind, wanted.value, identity.customer_id, record.is_known, identity.is_trusted, identity.is_by_hand,
  record.canonical_id,
  case when record.canonical_id = record.id then record.is_known
    else (select is_known from customers_customer person where person.id = record.canonical_id) end as is_person_known,
  -- Looked up only where it matters: has a verified source ever named this person?
  not identity.is_trusted and exists (
    select from customers_customer other
    join customers_identity known on known.customer_id = other.id
    where other.canonical_id = record.canonical_id and known.is_trusted and known.kind <> all (%(anonymous)s)
  ) as is_verified,
  case when record.canonical_id = record.id then record.country
    else (select country from customers_customer person where person.id = record.canonical_id) end as country
from json_to_recordset(%(identifiers)s) wanted (kind text, value text)
-- The limit keeps the planner from reading the whole table for some hundred of its rows.
cross join lateral (
  select customer_id, is_trusted, is_by_hand from customers_identity
  where kind = wanted.kind and value = wanted.value limit 1
) identity
join customers_customer record on record.id = identity.customer_id
