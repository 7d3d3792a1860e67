-- What this source has already sent under these message IDs.
select message_id, fingerprint, replaces, customer_id
from touchpoints_touchpoint
where source_id = %(source)s and message_id = any (%(message_ids)s)
