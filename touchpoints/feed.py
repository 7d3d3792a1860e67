"""One feed, many followers: each reads the committed touchpoints after its position, exactly once.

An id is drawn before its transaction commits, so the rows after a position are not yet all there.
The database knows up to where they are (the *horizon*, customers/migrations/0004_feed.sql).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Count, Max, Min
from django.utils import timezone

from customers.models import CustomerChange
from touchpoints.models import FollowerPosition, Touchpoint
from touchpoints.querysets import TouchpointQuerySet

BATCH_LIMIT = 10_000
# The classes that the triggers announce their inserts under.
TOUCHPOINTS, CHANGES = 20001, 20002
HORIZON = """
select feed_horizon(%s, 'touchpoints_touchpoint_id_seq'), feed_horizon(%s, 'customers_customerchange_id_seq')
"""
WAITING = (Path(__file__).parent / "sql" / "feed_waiting.sql").read_text()


@dataclass(frozen=True)
class Batch:
    """Touchpoints with after_id < id <= until_id, all final, and the changes of customers before them."""

    after_id: int
    until_id: int
    quiet_until_id: int
    changes: tuple[CustomerChange, ...] = ()

    def touchpoints(self) -> TouchpointQuerySet:
        return Touchpoint.objects.filter(id__gt=self.after_id, id__lte=self.until_id).order_by("id")

    def is_quiet(self, touchpoint_id: int) -> bool:
        """History for this follower: it is applied, but nobody is invited, notified or called."""
        return touchpoint_id <= self.quiet_until_id


@dataclass(frozen=True)
class Follower:
    """`apply` runs inside the transaction that moves the position and must be safe to apply again after a reset."""

    name: str
    apply: Callable[[Batch], object]
    reads_after: tuple[str, ...] = ()
    """Followers whose results this one reads: it never overtakes them."""
    batch_limit: int = BATCH_LIMIT


@dataclass(frozen=True)
class Horizon:
    touchpoint_id: int
    change_id: int


@dataclass(frozen=True)
class WaitingFor:
    """An open transaction that the followers wait for."""

    holds_changes: bool
    after_id: int
    pid: int | None
    application_name: str | None
    began_at: datetime | None
    state: str | None
    query: str | None


_followers: dict[str, Follower] = {}


def register(follower: Follower) -> None:
    if follower.name in _followers:
        raise ValueError(f"A follower named {follower.name} is registered already.")
    _followers[follower.name] = follower


def followers() -> list[Follower]:
    """Those that others read after come first."""
    return sorted(_followers.values(), key=lambda it: (_depth(it), it.name))


def horizon() -> Horizon:
    """Everything up to here is committed, or never to come. Read rows in a later statement than this one."""
    with connection.cursor() as cursor:
        cursor.execute(HORIZON, [TOUCHPOINTS, CHANGES])
        return Horizon(*cursor.fetchone())


def waiting_for() -> list[WaitingFor]:
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"touchpoints": TOUCHPOINTS, "changes": CHANGES})
        return [WaitingFor(row[0] == CHANGES, *row[1:]) for row in cursor.fetchall()]


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


def _apply_next(follower: Follower, position: FollowerPosition) -> int:
    reachable = _reachable(follower)
    changes = CustomerChange.objects.filter(id__gt=position.change_id, id__lte=reachable.change_id).order_by("id")
    changes = tuple(changes[: follower.batch_limit])
    if len(changes) == follower.batch_limit:
        # More changes may wait, and they come before touchpoints.
        change_id, until_id, count = changes[-1].id, position.touchpoint_id, 0
    else:
        change_id = max(reachable.change_id, position.change_id)
        until_id, count = _end(position.touchpoint_id, reachable.touchpoint_id, follower.batch_limit)
    if (change_id, until_id) == (position.change_id, position.touchpoint_id):
        return 0
    if count or changes:
        follower.apply(Batch(position.touchpoint_id, until_id, position.quiet_until_id, changes))
    FollowerPosition.objects.filter(pk=position.pk).update(
        touchpoint_id=until_id, change_id=change_id, moved_at=timezone.now(), failed_at=None, last_error=""
    )
    return count + len(changes)


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
