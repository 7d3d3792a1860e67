-- Customers of many names, each with an e-mail address and two touchpoints.
with made as (
  insert into customers_customer (kind, salutation, title, given_name, family_name, company_name, street,
    postal_code, city, country, language, time_zone, is_known)
  select 'person', '', '',
    (array['Anna', 'Björn', 'Zoë', 'Jürgen', 'Mia', 'Łukasz', 'Selin', 'Noah'])[1 + n %% 8] || ' ' || chr(65 + n / 8 %% 26),
    initcap(substr(md5(n::text), 1, 3)) || (array['mann', 'berger', 'müller', 'stein', 'weiß', 'bauer'])[1 + n / 7 %% 6],
    '', '', '', '', 'DE', 'de', '', true
  from generate_series(1, %(rows)s) n
  returning id
), addressed as (
  insert into customers_identity (customer_id, kind, value, is_trusted)
  select id, 'email', 'person' || id || '@example.org', true from made
)
insert into touchpoints_touchpoint (source_id, message_id, customer_id, type_id, channel_id, occurred_at, subject,
  value, currency, session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint)
select %(source)s, 'admin-' || made.id || '-' || step, made.id, type.id, type.channel_id,
  timestamptz '2025-01-01' + made.id * interval '20 seconds' + step * interval '1 hour',
  'order:A' || made.id, null, '', '', '', '', 'customer', '', '', '{}', 0
from made
cross join generate_series(0, 1) step
join touchpoints_touchpointtype type on type.key = (array['order_placed', 'order_delivered'])[1 + step]
