-- The next message that is due and that nobody else is busy with; senders skip each other's rows, so none waits.
update touchpoints_message
set state = 'sending',
    lease_until = clock_timestamp() + %(lease)s,
    attempts = attempts + 1,
    data_at = null
where id = (
  select id
  from touchpoints_message
  where due_at <= clock_timestamp()
    and (state = 'queued' or (state = 'unknown' and doubts <= %(resends)s))
  order by due_at, id
  limit 1
  for update skip locked
)
returning *
