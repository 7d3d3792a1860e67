-- Known people whom one event named together and whom nothing proved to be one: to be compared, unless staff know.
insert into customers_comparison (customer_id, other_id, evidence)
select met.record, met.other, met.evidence
from json_to_recordset(%(refused)s) met (record bigint, other bigint, evidence text)
join customers_customer one on one.id = met.record
join customers_customer other on other.id = met.other
where one.canonical_id <> other.canonical_id and not exists (
  select from customers_mergesuggestion known
  where known.one_id = least(one.canonical_id, other.canonical_id)
    and known.other_id = greatest(one.canonical_id, other.canonical_id)
    and met.evidence = any (known.reasons)
)
