"""The dead letter: what could not be stored is kept with its reason, and can be tried again."""

from collections.abc import Sequence

from touchpoints.batch import Refused
from touchpoints.decoding import MOST_BYTES_PER_ITEM
from touchpoints.models import RejectedTouchpoint, Source
from touchpoints.segment.arrival import Arrival


def keep_refused(*, source: Source, refused: Sequence[Refused], arrival: Arrival) -> None:
    """Each once: clients send whole batches again."""
    message_ids = {item.message_id for item in refused if item.message_id}
    before = RejectedTouchpoint.objects.filter(source=source, message_id__in=message_ids, replayed_at=None)
    known = {
        (message_id, code, bytes(raw)) for message_id, code, raw in before.values_list("message_id", "code", "raw")
    }
    new = {}
    for item in refused:
        raw = item.raw[:MOST_BYTES_PER_ITEM]
        key = (item.message_id, item.error.code, raw)
        if key not in known or not item.message_id:
            new[key if item.message_id else item.index] = RejectedTouchpoint(
                source=source,
                message_id=item.message_id,
                code=item.error.code,
                detail=item.error.detail,
                raw=raw,
                path=arrival.path,
                sent_at=arrival.sent_at,
            )
    RejectedTouchpoint.objects.bulk_create(new.values())
