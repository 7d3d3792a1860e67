-- Customers with twenty touchpoints each; every fifth touchpoint is a step of an order with four steps.
with new_customers as (
  insert into customers_customer (kind, salutation, title, given_name, family_name, company_name, street,
    postal_code, city, country, language, time_zone, is_known)
  select 'person', '', '', '', '', '', '', '', '', '', '', '', true
  from generate_series(1, %(rows)s / 20 + 1)
  returning id
), numbered as (
  select id, row_number() over (order by id) - 1 as number from new_customers
), rows as (
  select n, n %% 5 = 0 as is_step, n / 20 as buyer from generate_series(0, %(rows)s - 1) n
)
insert into touchpoints_touchpoint (source_id, message_id, customer_id, type_id, occurred_at, subject, value,
  currency, session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint)
select %(source)s, 'bench-' || gen_random_uuid(), numbered.id, type.id,
  timestamptz '2024-01-01' + n * interval '2 minutes',
  case when is_step then 'order:' || n / 20 else '' end,
  case when is_step and n / 5 %% 4 = 0 then 49.90 end,
  case when is_step and n / 5 %% 4 = 0 then 'EUR' else '' end,
  '', '', '', 'customer', '', '', '{}', 0
from rows
join numbered on numbered.number = rows.buyer
join touchpoints_touchpointtype type on type.key = case
  when not is_step then 'page_viewed'
  else (array['order_placed', 'order_paid', 'order_shipped', 'order_delivered'])[1 + n / 5 %% 4] end
