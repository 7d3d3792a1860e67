-- Merges found, the records that stand for others from now on, whom staff are to compare, and word to the followers.
-- All records that are merged or moved are held by hold_people.
with merged as (
  insert into customers_merge (kept_id, merged_id, reason)
  select kept, merged, reason
  from json_to_recordset(%(merges)s) wanted (kept bigint, merged bigint, reason text)
), moved as (
  update customers_customer customer set canonical_id = wanted.person, is_known = wanted.is_known
  from json_to_recordset(%(records)s) wanted (record bigint, person bigint, is_known boolean)
  where customer.id = wanted.record
), met as (
  -- Known people whom one event named together and whom nothing proved to be one: to be compared, unless staff know.
  insert into customers_comparison (customer_id, other_id, evidence)
  select record, other, evidence
  from json_to_recordset(%(met)s) met (record bigint, other bigint, evidence text, person bigint, other_person bigint)
  where not exists (
    select from customers_mergesuggestion known
    where known.one_id = least(met.person, met.other_person) and known.other_id = greatest(met.person, met.other_person)
      and met.evidence = any (known.reasons)
  )
)
insert into customers_customerchange (kind, customer_pk, other_pk)
select %(kind)s, person, before
from json_to_recordset(%(changes)s) change (person bigint, before bigint)
order by person, before
