-- Of each person only the oldest delivery that has not ended is called, so a receiver hears things in their order.
-- `due_at` of one that is being called is the end of its lease: past it, the caller is dead.
update touchpoints_webhookdelivery
set state = 'calling',
    calls = calls + 1,
    due_at = clock_timestamp() + %(lease)s
where id in (
  select delivery.id
  from touchpoints_webhookdelivery as delivery
  where delivery.webhook_id = %(webhook)s
    and delivery.state in ('waiting', 'calling')
    and delivery.due_at <= clock_timestamp()
    and not exists (
      select from touchpoints_webhookdelivery as earlier
      where earlier.webhook_id = delivery.webhook_id
        and earlier.person_id = delivery.person_id
        and earlier.id < delivery.id
        and earlier.state in ('waiting', 'calling')
    )
  order by delivery.due_at, delivery.id
  limit %(limit)s
  for update skip locked
)
returning *
