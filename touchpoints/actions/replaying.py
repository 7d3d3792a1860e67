"""Trying the dead letter again, as it arrived, with the vocabulary of today. What arrived is never edited."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from touchpoints.actions.ingesting import Attempt, persistently, store_again
from touchpoints.batch import Incoming, Refused, read_items
from touchpoints.decoding import item_of
from touchpoints.models import RejectedTouchpoint
from touchpoints.segment.arrival import Arrival
from touchpoints.segment.reading import read_sdk_items
from touchpoints.segment.wire import MOST_KEYS_IN_ALL


def replay_rejected(*, rows: Iterable[RejectedTouchpoint], now: datetime) -> int:
    """How many are stored now, or were before; the others keep their row, with the reason of today."""
    return sum(persistently(partial(_replay, row.pk, now)) for row in rows)


@transaction.atomic
def _replay(pk: int, now: datetime, attempt: Attempt) -> bool:
    waiting = RejectedTouchpoint.objects.filter(replayed_at=None).select_for_update(of=("self",))
    row = waiting.select_related("source__brand").filter(pk=pk).first()
    if row is None:
        return False
    refused = store_again(source=row.source, read=_read(row, now), attempt=attempt)
    if refused is None:
        row.replayed_at = now
    else:
        row.code, row.detail = refused.code, refused.detail
    row.save(update_fields=["replayed_at", "code", "detail"])
    return refused is None


def _read(row: RejectedTouchpoint, now: datetime) -> list[Incoming | Refused]:
    brand = row.source.brand
    raw = bytes(row.raw)
    if not row.path:
        return read_items([item_of(raw)[0]], country=brand.country, currency=brand.currency, now=now)
    item, _keys = item_of(raw, most_keys=MOST_KEYS_IN_ALL)
    arrival = Arrival(row.path, row.sent_at, row.received_at)
    return read_sdk_items([item], arrival=arrival, country=brand.country, currency=brand.currency, now=now)
