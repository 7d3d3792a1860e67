copy customers_customer (
  id, canonical_id, is_known, kind, salutation, title, given_name, family_name, company_name, street, postal_code, city,
  country, language, time_zone, owner_id, properties
) from stdin
