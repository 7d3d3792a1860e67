-- What this source has already sent under these message IDs.
select message_id, fingerprint, replaces, customer_id
from touchpoints_touchpoint
where source_id = %(source)s and message_id = any (array(select json_array_elements_text(%(message_ids)s)))
