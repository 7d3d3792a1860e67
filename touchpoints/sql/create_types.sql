-- An unknown type waits for staff to classify it. Sorted, so that two batches never wait for each other in a ring.
insert into touchpoints_touchpointtype (
  key, label_de, label_en, state, phase, aliases, is_logged_by_hand, analysed_properties, cost_currency
)
select name, name, '', 'new', '', '{}', false, '{}', ''
from unnest(%(types)s::text[]) wanted (name) order by name
on conflict (key) do nothing
