-- Further identifiers of the same row; one that belongs to somebody else stays there: a file merges nobody.
insert into customers_identity (kind, value, customer_id, is_trusted)
select kind, value, customer_id, true
from unnest(%(kinds)s::text[], %(values)s::text[], %(customers)s::bigint[]) as further (kind, value, customer_id)
order by kind, value
on conflict (kind, value) do nothing
