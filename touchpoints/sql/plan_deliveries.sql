-- What webhooks are to be told of the touchpoints of a batch. A retraction goes where what it retracts belongs.
-- History stays quiet: what was there before the follower, what happened before the webhook was switched on, and what
-- arrived long after it happened.
insert into touchpoints_webhookdelivery (webhook_id, touchpoint_id, person_id, type, state, calls, error)
select
  webhook.id,
  touchpoint.id,
  coalesce(customer.canonical_id, customer.id),
  case when touchpoint.type_id is null then 'touchpoint_retracted' else type.key end,
  'waiting',
  0,
  ''
from touchpoints_touchpoint as touchpoint
join touchpoints_source as source on source.id = touchpoint.source_id
join customers_customer as customer on customer.id = touchpoint.customer_id
left join touchpoints_touchpoint as retracted
  on touchpoint.type_id is null
  and retracted.source_id = touchpoint.source_id
  and retracted.message_id = touchpoint.replaces
left join touchpoints_touchpointtype as arrived on arrived.id = coalesce(touchpoint.type_id, retracted.type_id)
-- What it means: a merged type is told as the one it was merged into.
left join touchpoints_touchpointtype as type on type.id = arrived.canonical_id
join touchpoints_webhook as webhook on webhook.brand_id = source.brand_id
where touchpoint.id > greatest(%(after)s, %(quiet_until)s)
  and touchpoint.id <= %(until)s
  and touchpoint.occurred_at >= webhook.activated_at
  and touchpoint.occurred_at > touchpoint.received_at - %(too_old)s
  and (
    (
      webhook.tells_case_changes
      and source.kind <> 'browser'
      and coalesce(nullif(touchpoint.subject, ''), retracted.subject) like 'case:%%'
    )
    or exists (
      select from touchpoints_webhook_types as told
      where told.webhook_id = webhook.id and told.touchpointtype_id in (type.id, arrived.id)
    )
  )
order by touchpoint.id
on conflict (webhook_id, touchpoint_id) do nothing
