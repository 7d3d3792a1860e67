-- A verified source named what only a browser had claimed.
update customers_identity identity set is_trusted = true, customer_id = wanted.record
from json_to_recordset(%(identifiers)s) wanted (record bigint, kind text, value text)
where identity.kind = wanted.kind and identity.value = wanted.value and not identity.is_trusted
