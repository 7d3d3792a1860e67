-- New customers and identities, and what a verified source confirmed, in one statement. Sorted, so that two batches
-- never wait for each other in a ring. A key that another transaction won, or a claim that another one confirmed, is
-- left out: the counts tell, and the caller begins again.
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
  from json_to_recordset(%(new)s) wanted (record bigint, kind text, value text)
  left join drawn on drawn.number = wanted.record
  order by wanted.kind, wanted.value
  on conflict (kind, value) do nothing
  returning 1
), wanted as (
  select kind, value, record, false as is_by_hand
  from json_to_recordset(%(confirmed)s) confirmed (record bigint, kind text, value text)
  union all
  -- A touchpoint came with what had been given by hand: from now on it stays.
  select kind, value, null, true from json_to_recordset(%(named)s) named (kind text, value text)
), held as (
  select identity.id, coalesce(drawn.id, wanted.record, identity.customer_id) as record
  from wanted
  join customers_identity identity on identity.kind = wanted.kind and identity.value = wanted.value
  left join drawn on drawn.number = wanted.record
  -- The count makes the new ones come first, always.
  where (select count(*) from claimed) >= 0
    and case when wanted.is_by_hand then identity.is_by_hand else not identity.is_trusted end
  order by identity.kind, identity.value for no key update of identity
), settled as (
  update customers_identity identity set is_trusted = true, is_by_hand = false, customer_id = held.record
  from held where identity.id = held.id
  returning 1
)
select (select count(*) from claimed), (select count(*) from settled), drawn.number, drawn.id
from (values (1)) one left join drawn on true
