with drawn as materialized (
  select row_number() over () - 1 as person, nextval('customers_customer_id_seq') as id
  from generate_series(1, %(people)s)
), made as (
  insert into customers_customer (
    id, canonical_id, is_known, kind, salutation, title, given_name, family_name, company_name,
    street, postal_code, city, country, language, time_zone
  )
  select id, id, true, 'person', '', '', '', '', '', '', '', '', '', '', '' from drawn
)
insert into customers_identity (customer_id, kind, value, is_trusted)
select drawn.id, kind, value, true
from json_to_recordset(%(rows)s) wanted (person int, kind text, value text)
join drawn using (person)
