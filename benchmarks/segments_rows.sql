-- Customers with twenty touchpoints each over two years, one in five of them an order worth something.
with made as (
  insert into customers_customer (kind, salutation, title, given_name, family_name, company_name, street,
    postal_code, city, country, language, time_zone, is_known, id, canonical_id)
  select 'person', '', '', 'Person', id::text, '', '', '', '', (array['DE', 'AT', 'CH'])[1 + id %% 3], 'de', '', true, id, id
  from (select nextval('customers_customer_id_seq') id from generate_series(1, %(customers)s)) new
  returning id
)
insert into touchpoints_touchpoint (source_id, message_id, customer_id, type_id, channel_id, occurred_at, subject,
  value, currency, session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint)
select %(source)s, 'segments-' || made.id || '-' || step, made.id, type.id, type.channel_id,
  now() - ((made.id * 7919 + step * 104729) %% 730) * interval '1 day', '',
  case when step %% 5 = 0 then 10 + made.id %% 90 end, case when step %% 5 = 0 then 'EUR' else '' end,
  '', '', '', 'customer', '', '', '{}', 0
from made
cross join generate_series(0, 19) step
join touchpoints_touchpointtype type
  on type.key = (array['order_placed', 'product_viewed', 'product_viewed', 'page_viewed', 'basket_added'])[1 + step %% 5]
