update customers_customer customer
set salutation = said.salutation, title = said.title, given_name = said.given_name, family_name = said.family_name,
  company_name = said.company_name, street = said.street, postal_code = said.postal_code, city = said.city,
  country = said.country, language = said.language, time_zone = said.time_zone, owner_id = said.owner_id,
  properties = said.properties
from jsonb_to_recordset(%(people)s) said (
  id bigint, salutation text, title text, given_name text, family_name text, company_name text, street text,
  postal_code text, city text, country text, language text, time_zone text, owner_id bigint, properties jsonb
)
where customer.id = said.id
