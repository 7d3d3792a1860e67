-- Who is known under these identifiers: the record, its person (the canonical record) and how sure we are.
select
  identity.kind, identity.value, identity.customer_id, identity.is_trusted, record.canonical_id, person.is_known,
  -- Looked up only where it matters: has a verified source ever named this person?
  not identity.is_trusted and exists (
    select from customers_customer other
    join customers_identity known on known.customer_id = other.id
    where other.canonical_id = record.canonical_id and known.is_trusted and known.kind <> all (%(anonymous)s)
  ) as is_verified
from unnest(%(kinds)s::text[], %(values)s::text[]) wanted (kind, value)
join customers_identity identity using (kind, value)
join customers_customer record on record.id = identity.customer_id
join customers_customer person on person.id = record.canonical_id
