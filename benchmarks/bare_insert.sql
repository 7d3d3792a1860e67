insert into touchpoints_touchpoint (
  source_id, message_id, customer_id, type_id, occurred_at, subject, value, currency,
  session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint
)
select
  (select min(id) from touchpoints_source), message_id, customer_pk, (select min(id) from touchpoints_touchpointtype),
  occurred_at, coalesce(subject, ''), value, coalesce(currency, ''),
  session_id, referrer, '', 'customer', '', '', properties, 0
from json_to_recordset(%s::json -> 'touchpoints') as event (
  message_id text, customer_pk bigint, occurred_at timestamptz, subject text, value numeric, currency text,
  session_id text, referrer text, properties jsonb
)
on conflict (source_id, message_id) do nothing
