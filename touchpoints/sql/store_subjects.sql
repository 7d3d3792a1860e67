-- Rows that stay as they are, are not written: a replay from the start costs little.
insert into touchpoints_subject as known (
  brand_id, kind, key, customer_id, state, is_open, began_at, changed_at, ended_at, value, currency, lines, history,
  refunded, net_value, paid_at, shipped_at, delivered_at, tracking_viewed_at, promised_on, days_late, shipments,
  monthly_value, runs_until
)
select
  brand_id, kind, key, customer_id, state, is_open, began_at, changed_at, ended_at, value, currency, lines, history,
  refunded, net_value, paid_at, shipped_at, delivered_at, tracking_viewed_at, promised_on, days_late, shipments,
  monthly_value, runs_until
from jsonb_to_recordset(%s) as told (
  brand_id bigint, kind text, key text, customer_id bigint, state text, is_open boolean, began_at timestamptz,
  changed_at timestamptz, ended_at timestamptz, value numeric, currency text, lines jsonb, history jsonb, refunded
  numeric, net_value numeric, paid_at timestamptz, shipped_at timestamptz, delivered_at timestamptz,
  tracking_viewed_at timestamptz, promised_on date, days_late integer, shipments jsonb, monthly_value numeric,
  runs_until date
)
on conflict (brand_id, kind, key) do update set (
  customer_id, state, is_open, began_at, changed_at, ended_at, value, currency, lines, history, refunded, net_value,
  paid_at, shipped_at, delivered_at, tracking_viewed_at, promised_on, days_late, shipments, monthly_value, runs_until
) = (
  excluded.customer_id, excluded.state, excluded.is_open, excluded.began_at, excluded.changed_at, excluded.ended_at,
  excluded.value, excluded.currency, excluded.lines, excluded.history, excluded.refunded, excluded.net_value,
  excluded.paid_at, excluded.shipped_at, excluded.delivered_at, excluded.tracking_viewed_at, excluded.promised_on,
  excluded.days_late, excluded.shipments, excluded.monthly_value, excluded.runs_until
)
where (
  known.customer_id, known.state, known.is_open, known.began_at, known.changed_at, known.ended_at, known.value,
  known.currency, known.lines, known.history, known.refunded, known.net_value, known.paid_at, known.shipped_at,
  known.delivered_at, known.tracking_viewed_at, known.promised_on, known.days_late, known.shipments,
  known.monthly_value, known.runs_until
) is distinct from (
  excluded.customer_id, excluded.state, excluded.is_open, excluded.began_at, excluded.changed_at, excluded.ended_at,
  excluded.value, excluded.currency, excluded.lines, excluded.history, excluded.refunded, excluded.net_value,
  excluded.paid_at, excluded.shipped_at, excluded.delivered_at, excluded.tracking_viewed_at, excluded.promised_on,
  excluded.days_late, excluded.shipments, excluded.monthly_value, excluded.runs_until
)
