-- Once in ten minutes is enough: who leafs through a page and comes back reads the same.
insert into customers_customeraccess (kind, customer_id, user_id, api_key_id)
select %(kind)s, %(customer)s::bigint, %(user)s::bigint, %(api_key)s::bigint
where not exists (
  select from customers_customeraccess
  where accessed_at > now() - interval '10 minutes'
    and kind = %(kind)s
    and (customer_id = %(customer)s::bigint or customer_id is null and %(customer)s::bigint is null)
    and user_id is not distinct from %(user)s::bigint
    and api_key_id is not distinct from %(api_key)s::bigint
)
