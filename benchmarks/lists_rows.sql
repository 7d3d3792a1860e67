-- Customers of many names, each with an e-mail address, a phone number, an order and ten touchpoints; every hundredth is
-- called Schmidt and every two hundredth Li. Triggers and foreign keys are
-- off while rows are made (session_replication_role), so each row says here what they would have filled in.
with made as (
  insert into customers_customer (id, canonical_id, kind, salutation, title, given_name, family_name, company_name,
    street, postal_code, city, country, language, time_zone, is_known, owner_id)
  select n, n, 'person', '', '',
    (array['Anna', 'Björn', 'Zoë', 'Jürgen', 'Mia', 'Łukasz', 'Selin', 'Noah'])[1 + n %% 8] || ' ' || chr(65 + n / 8 %% 26),
    case when n %% 100 = 7 then 'Schmidt' when n %% 200 = 1 then 'Li' else
      initcap(substr(md5(n::text), 1, 3)) || (array['mann', 'berger', 'müller', 'stein', 'weiß', 'bauer'])[1 + n / 7 %% 6]
    end,
    '', '', '', (array['Berlin', 'Köln', 'Hamburg'])[1 + n %% 3], 'DE', 'de', '', true, case when n %% 100 = 0 then %(owner)s end
  from generate_series(%(first)s, %(last)s) n
  returning id
), addressed as (
  insert into customers_identity (customer_id, kind, value, is_trusted)
  select id, kind, value, true from made, lateral (values
    ('email', 'person' || id || '@example.org'),
    ('phone', '+49' || (array['30', '40', '89', '221', '151', '160', '171', '176'])[1 + id %% 8]
      || lpad((id * 7919 %% 10000000)::text, 7, '0'))
  ) known (kind, value)
), tagged as (
  insert into customers_customer_tags (customer_id, tag_id) select id, %(tag)s from made where id %% 50 = 0
), ordered as (
  insert into touchpoints_subject (brand_id, kind, key, customer_id, state, is_open, began_at, changed_at, value, currency, lines)
  select %(brand)s, 'order', 'A' || id, id, 'delivered', false, began, began + interval '9 hours', 40, 'EUR', '[]'
  from made, lateral (select timestamptz '2025-01-01' + id * interval '20 seconds' as began) b
)
insert into touchpoints_touchpoint (source_id, message_id, customer_id, type_id, channel_id, occurred_at, subject,
  value, currency, session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint)
select %(source)s, 'lists-' || made.id || '-' || step, made.id, type.id, type.channel_id,
  timestamptz '2025-01-01' + made.id * interval '20 seconds' + step * interval '1 hour',
  case when step > 4 then 'order:A' || made.id else '' end, null, '', '', '', '', 'customer', '', '', '{}', 0
from made
cross join generate_series(0, 9) step
join touchpoints_touchpointtype type on type.key = (array['product_viewed', 'product_viewed', 'product_viewed',
  'product_viewed', 'checkout_started', 'order_placed', 'order_paid', 'order_shipped', 'order_delivered', 'product_viewed'])[1 + step]
