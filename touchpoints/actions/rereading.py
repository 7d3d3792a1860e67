"""When types change what they mean, followers read what arrived of them again: quietly, step by step, with progress."""

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from touchpoints.feed import follower_named, followers
from touchpoints.feed_batch import Batch
from touchpoints.models import FollowerPosition, Rereading, Touchpoint, TouchpointType
from touchpoints.sifting import told

# No index leads to the touchpoints of a type: they are looked for among so many ids at a time.
IDS_PER_STEP = 100_000
REST_AFTER_FAILURE = timedelta(seconds=10)
logger = logging.getLogger(__name__)


@transaction.atomic
def reread(*, type: TouchpointType, type_ids: Iterable[int]) -> list[Rereading]:
    """Called in the transaction that changes the vocabulary, after the change.

    The positions are held, so what was read with the old meaning lies before them, and what comes after is read with
    the new one.
    """
    names = [follower.name for follower in followers() if follower.reads_vocabulary]
    positions = FollowerPosition.objects.filter(name__in=names).order_by("name").select_for_update()
    return Rereading.objects.bulk_create([
        Rereading(follower=it.name, type=type, type_ids=sorted(type_ids), until_id=it.touchpoint_id)
        for it in positions
        if it.touchpoint_id
    ])  # fmt: skip


def continue_rereadings(*, seconds: float, now: datetime) -> int:
    """Go on until nothing is left or the time is up; how many steps were done."""
    end, steps = time.monotonic() + seconds, 0
    pending = Rereading.objects.unfinished().exclude(failed_at__gt=now - REST_AFTER_FAILURE)
    for pk in pending.order_by("id").values_list("pk", flat=True):
        while time.monotonic() < end and _step_or_failed(pk):
            steps += 1
    return steps


def _step_or_failed(pk: int) -> bool:
    try:
        return _step(pk)
    except Exception as error:
        logger.exception("rereading_failed", extra={"rereading": pk})
        Rereading.objects.filter(pk=pk).update(failed_at=timezone.now(), last_error=told(error))
        return False


@transaction.atomic
def _step(pk: int) -> bool:
    """False where nothing is left, or others are at it."""
    row = Rereading.objects.unfinished().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    follower = follower_named(row.follower) if row else None
    if row is None or follower is None:
        return False
    # The same lock as for a batch of the feed, so that a follower never meets itself.
    reading = FollowerPosition.objects.filter(name=row.follower, is_paused=False)
    if not reading.select_for_update(skip_locked=True).exists():
        return False
    end, count = _end(row, limit=follower.batch_limit)
    if count:
        # All of it is history: nobody is invited, notified or called.
        follower.apply(Batch(row.touchpoint_id, end, quiet_until_id=end, type_ids=tuple(row.type_ids)))
    row.touchpoint_id, row.failed_at, row.last_error = end, None, ""
    row.finished_at = timezone.now() if end >= row.until_id else None
    row.save(update_fields=["touchpoint_id", "failed_at", "last_error", "finished_at"])
    return True


def _end(row: Rereading, *, limit: int) -> tuple[int, int]:
    """Where this step ends, and how many touchpoints it has."""
    window = min(row.touchpoint_id + IDS_PER_STEP, row.until_id)
    waiting = Touchpoint.objects.filter(id__gt=row.touchpoint_id, id__lte=window, type__in=row.type_ids)
    found = waiting.order_by("id")[:limit].aggregate(last=Max("id"), count=Count("id"))
    return (found["last"] if found["count"] == limit else window), found["count"]
