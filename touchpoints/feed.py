"""One feed, many followers: each reads the committed touchpoints after its position, exactly once.

No touchpoint is skipped or given twice, also when transactions commit out of order (touchpoints.horizon).
"""

import logging
import time
from datetime import datetime, timedelta

from django.apps import apps
from django.apps.registry import Apps
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Max, Min
from django.utils import timezone

from customers.models import CustomerChange
from touchpoints.feed_batch import Batch, Follower
from touchpoints.horizon import Horizon, horizon, is_feed_migrated
from touchpoints.models import FollowerPosition, ParkedRow, Touchpoint
from touchpoints.sifting import sift, told

REST_AFTER_FAILURE = timedelta(seconds=10)
# At the last try the rows that fail are parked, and the rest goes on.
TRIES = 3
logger = logging.getLogger(__name__)
__all__ = [
    "Batch",
    "Follower",
    "advance",
    "catch_up",
    "enrol_followers",
    "follower_named",
    "followers",
    "register",
    "run_follower",
]


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    if follower.name in _followers:
        raise ValueError(f"A follower named {follower.name} is registered already.")
    _followers[follower.name] = follower


def followers() -> list[Follower]:
    """Those that others read after come first."""
    return sorted(_followers.values(), key=lambda it: (_depth(it), it.name))


def follower_named(name: str) -> Follower | None:
    return _followers.get(name)


def run_follower(name: str, *, skip_busy: bool = False) -> int:
    """Apply one batch and move the position in one transaction; the number of rows applied.

    With `skip_busy`, a follower that another process is running is left to it.
    """
    follower = _followers[name]
    if not FollowerPosition.objects.filter(name=name).exists():
        FollowerPosition.objects.bulk_create([FollowerPosition(name=name)], ignore_conflicts=True)
    with transaction.atomic():
        locked = FollowerPosition.objects.select_for_update(skip_locked=skip_busy)
        position = locked.filter(name=name, is_paused=False).first()
        return _apply_next(follower, position) if position else 0


def catch_up() -> int:
    """Run all followers until nothing is left."""
    total = 0
    while applied := sum(run_follower(follower.name) for follower in followers()):
        total += applied
    return total


def advance(*, seconds: float, now: datetime) -> int:
    """Run the followers until nothing is left or the time is up. One that fails does not stop the others."""
    end = time.monotonic() + seconds
    resting = set(
        FollowerPosition.objects.filter(failed_at__gt=now - REST_AFTER_FAILURE).values_list("name", flat=True)
    )
    active = [follower for follower in followers() if follower.name not in resting]
    total = 0
    while time.monotonic() < end:
        applied = {follower.name: _applied_or_failed(follower) for follower in active}
        active = [follower for follower in active if applied[follower.name] is not None]
        if not any(applied.values()):
            break
        total += sum(count for count in applied.values() if count)
    return total


def enrol_followers(*, apps: Apps = apps, **signal: object) -> None:
    """After migrating: give new followers a position. What is there before them is history, applied quietly."""
    if not is_feed_migrated():
        return
    model = apps.get_model("touchpoints", "FollowerPosition")
    known = set(model.objects.values_list("name", flat=True))
    new = [follower.name for follower in followers() if follower.name not in known]
    if new:
        quiet_until_id = horizon().touchpoint_id
        model.objects.bulk_create([model(name=name, quiet_until_id=quiet_until_id) for name in new])


def _applied_or_failed(follower: Follower) -> int | None:
    try:
        return run_follower(follower.name, skip_busy=True)
    except Exception as error:
        logger.exception("follower_failed", extra={"follower": follower.name})
        # That the database is away says nothing about the rows.
        tries = 0 if isinstance(error, (OperationalError, InterfaceError)) else 1
        FollowerPosition.objects.filter(name=follower.name).update(
            failed_at=timezone.now(), last_error=told(error), tries=F("tries") + tries
        )
        return None


def _apply_next(follower: Follower, position: FollowerPosition) -> int:
    reachable = _reachable(follower)
    waiting = CustomerChange.objects.filter(id__gt=position.change_id, id__lte=reachable.change_id).order_by("id")
    changes = tuple(waiting[: follower.batch_limit])
    if len(changes) == follower.batch_limit:
        # More changes may wait, and they come before touchpoints.
        change_id, until_id, count = changes[-1].id, position.touchpoint_id, 0
    else:
        change_id = max(reachable.change_id, position.change_id)
        until_id, count = _end(position.touchpoint_id, reachable.touchpoint_id, follower.batch_limit)
    if (change_id, until_id) == (position.change_id, position.touchpoint_id):
        return 0
    batch = Batch(position.touchpoint_id, until_id, position.quiet_until_id, changes)
    end, tries = Horizon(until_id, change_id), 0
    if position.tries < TRIES - 1:
        if count or changes:
            follower.apply(batch)
    else:
        end, tries = _sift(follower, batch, end)
    FollowerPosition.objects.filter(pk=position.pk).update(
        touchpoint_id=end.touchpoint_id,
        change_id=end.change_id,
        tries=tries,
        moved_at=timezone.now(),
        failed_at=None,
        last_error="",
    )
    return count + len(changes)


def _sift(follower: Follower, batch: Batch, end: Horizon) -> tuple[Horizon, int]:
    """Park the rows that fail. How far it came, and the tries that this leaves for what is next."""
    sifted = sift(follower.apply, batch)
    ParkedRow.objects.bulk_create(
        (
            ParkedRow(follower=follower.name, touchpoint_id=touchpoint_id, change=change, error=error, tries=TRIES)
            for touchpoint_id, change, error in sifted.failed
        ),
        ignore_conflicts=True,
    )
    if sifted.next_change is not None:
        return Horizon(batch.after_id, sifted.next_change - 1), TRIES - 1
    if sifted.next_touchpoint is not None:
        return Horizon(sifted.next_touchpoint - 1, end.change_id), TRIES - 1
    return end, 0


def _reachable(follower: Follower) -> Horizon:
    if not follower.reads_after:
        return horizon()
    # Their positions are final rows already.
    others = FollowerPosition.objects.filter(name__in=follower.reads_after)
    ends = others.aggregate(touchpoints=Min("touchpoint_id"), changes=Min("change_id"), count=Count("id"))
    if ends["count"] < len(follower.reads_after):
        return Horizon(0, 0)
    return Horizon(ends["touchpoints"], ends["changes"])


def _end(after_id: int, reachable_id: int, limit: int) -> tuple[int, int]:
    """Where the batch ends, and how many touchpoints it has. Ids have gaps, so rows are counted, not ids."""
    rows = Touchpoint.objects.filter(id__gt=after_id, id__lte=reachable_id).order_by("id")[:limit]
    found = rows.aggregate(last=Max("id"), count=Count("id"))
    is_full = found["count"] == limit
    return (found["last"] if is_full else max(reachable_id, after_id)), found["count"]


def _depth(follower: Follower) -> int:
    return 1 + max((_depth(_followers[name]) for name in follower.reads_after), default=0)
