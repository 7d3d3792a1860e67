-- Sorted, so that two batches never wait for each other in a ring. What is not returned was there already.
insert into touchpoints_touchpoint (
  source_id, message_id, customer_id, type_id, channel_id, occurred_at, subject, value, currency, valence,
  session_id, campaign, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint
)
select
  %(source)s, message_id, customer, type, channel, occurred_at, subject, value, currency, valence,
  session_id, campaign, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint
from json_to_recordset(%(rows)s::json) as row (
  message_id text, customer bigint, type bigint, channel bigint, occurred_at timestamptz, subject text,
  value numeric, currency text, valence smallint, session_id text, campaign jsonb, referrer text, place text,
  actor text, acquisition_channel text, replaces text, properties jsonb, fingerprint bigint
)
order by message_id
on conflict (source_id, message_id) do nothing
returning message_id
