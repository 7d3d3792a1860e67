-- A verified source named what only a browser had claimed.
update customers_identity identity set is_trusted = true, customer_id = wanted.record
from unnest(%(records)s::bigint[], %(kinds)s::text[], %(values)s::text[]) wanted (record, kind, value)
where identity.kind = wanted.kind and identity.value = wanted.value and not identity.is_trusted
