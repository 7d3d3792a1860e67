-- New customers and identities in one statement. Sorted, so that two batches never wait for each other in a ring.
-- A key that another transaction won is left out: the count tells, and the caller starts again.
with drawn as materialized (
  select -number as number, nextval('customers_customer_id_seq') as id
  from generate_series(1, %(customers)s) number
), made as (
  insert into customers_customer (
    id, canonical_id, is_known, kind, salutation, title, given_name, family_name, company_name,
    street, postal_code, city, country, language, time_zone
  )
  select id, id, number = any (%(known)s::int[]), 'person', '', '', '', '', '', '', '', '', '', '', ''
  from drawn
), claimed as (
  insert into customers_identity (customer_id, kind, value, is_trusted)
  select coalesce(drawn.id, wanted.record), wanted.kind, wanted.value, %(is_trusted)s
  from json_to_recordset(%(identifiers)s) wanted (record bigint, kind text, value text)
  left join drawn on drawn.number = wanted.record
  order by wanted.kind, wanted.value
  on conflict (kind, value) do nothing
  returning 1
)
select (select count(*) from claimed), drawn.number, drawn.id
from (values (1)) one left join drawn on true
