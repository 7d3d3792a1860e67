-- Senders that died: before DATA the mail certainly did not go, after it nobody knows.
update touchpoints_message
set state = case when data_at is null then 'queued' else 'unknown' end,
    doubts = doubts + case when data_at is null then 0 else 1 end,
    -- A message that kills its senders again and again must not stand in front of the others.
    due_at = case when data_at is null then clock_timestamp() + greatest(attempts - 3, 0) * interval '1 minute'
                  else data_at + %(doubt)s end,
    reason = 'sender_lost',
    lease_until = null
where id in (
  select id
  from touchpoints_message
  where state = 'sending' and lease_until < clock_timestamp()
  for update skip locked
)
returning *
