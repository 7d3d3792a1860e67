select i.kind, i.value, i.customer_id
from customers_identity i
join unnest(%(kinds)s::text[], %(values)s::text[]) as wanted (kind, value) using (kind, value)
