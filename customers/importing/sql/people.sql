select id, salutation, title, given_name, family_name, company_name, street, postal_code, city, country, language,
  time_zone, owner_id, properties
from customers_customer
where id = any (%(people)s) and canonical_id = id
order by id
