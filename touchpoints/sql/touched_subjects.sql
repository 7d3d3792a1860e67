-- Subjects that the touchpoints of a batch speak of, that these corrected or left, and those of changed customers.
with told as (
  select t.source_id, t.subject, t.replaces
  from touchpoints_touchpoint t
  join touchpoints_source s on s.id = t.source_id and s.kind <> 'browser'
  where t.id > %(after)s and t.id <= %(until)s and (t.subject <> '' or t.replaces <> '')
    and (%(types)s::bigint[] is null or t.type_id = any(%(types)s))
), touched as (
  select source_id, subject from told
  union
  select t.source_id, t.subject
  from told join touchpoints_touchpoint t on t.source_id = told.source_id and t.message_id = told.replaces
  where told.replaces <> ''
  union
  select t.source_id, t.subject
  from told join touchpoints_touchpoint t on t.source_id = told.source_id and t.replaces = told.replaces
  where told.replaces <> '' and t.replaces <> ''
)
select s.brand_id, t.subject from touched t join touchpoints_source s on s.id = t.source_id where t.subject <> ''
union
select brand_id, kind || ':' || key from touchpoints_subject where customer_id = any(%(customers)s)
union
select brand_id, kind || ':' || key from touchpoints_subject where customer_id in (
  select id from customers_customer where canonical_id in (
    select canonical_id from customers_customer where id = any(%(customers)s)
  )
)
