"""How far the followers are behind the feed."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from touchpoints.feed import followers
from touchpoints.models import FollowerPosition, ParkedRow, Touchpoint


class Lag(NamedTuple):
    follower: str
    touchpoints: int
    """An upper bound: ids have gaps."""
    seconds: float
    """Age of the oldest touchpoint that waits."""
    is_paused: bool
    has_failed: bool
    parked: int


def with_waiting(positions: QuerySet[FollowerPosition]) -> QuerySet[Any]:
    """Adds `newest_id` of all touchpoints; `oldest_at`, when the first one arrived that waits; `parked` rows."""
    waiting = Touchpoint.objects.filter(id__gt=OuterRef("touchpoint_id")).order_by("id").values("received_at")
    newest = Touchpoint.objects.order_by("-id").values("id")
    parked = ParkedRow.objects.filter(follower=OuterRef("name")).order_by().values("follower").annotate(n=Sum(Value(1)))
    return positions.annotate(
        oldest_at=Subquery(waiting[:1]),
        newest_id=Subquery(newest[:1]),
        parked=Coalesce(Subquery(parked.values("n")), 0),
    )


def follower_lags(*, now: datetime) -> list[Lag]:
    # A follower of an older version leaves its position behind.
    registered = [follower.name for follower in followers()]
    return [
        Lag(
            follower=position.name,
            touchpoints=max(0, (position.newest_id or 0) - position.touchpoint_id),
            seconds=max(0.0, (now - position.oldest_at).total_seconds()) if position.oldest_at else 0.0,
            is_paused=position.is_paused,
            has_failed=position.failed_at is not None,
            parked=position.parked,
        )
        for position in with_waiting(FollowerPosition.objects.filter(name__in=registered))
    ]
