-- A touchpoint came with what had been given by hand: from now on it stays.
update customers_identity identity set is_by_hand = false
from (
  select known.id from json_to_recordset(%(identifiers)s) wanted (kind text, value text)
  join customers_identity known on known.kind = wanted.kind and known.value = wanted.value
  order by known.id for no key update of known
) held
where identity.id = held.id
