"""What a follower is, and what it is given."""

from collections.abc import Callable
from dataclasses import dataclass

from customers.models import CustomerChange
from touchpoints.models import Touchpoint
from touchpoints.querysets import TouchpointQuerySet

BATCH_LIMIT = 10_000


@dataclass(frozen=True)
class Batch:
    """Touchpoints with after_id < id <= until_id, all final, and the changes of customers before them."""

    after_id: int
    until_id: int
    quiet_until_id: int
    changes: tuple[CustomerChange, ...] = ()
    type_ids: tuple[int, ...] = ()
    """Of these types only, where a change of the vocabulary is read again; empty is all."""

    def touchpoints(self) -> TouchpointQuerySet:
        found = Touchpoint.objects.filter(id__gt=self.after_id, id__lte=self.until_id).order_by("id")
        return found.filter(type__in=self.type_ids) if self.type_ids else found

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
    reads_vocabulary: bool = False
    """What it computes depends on what types mean: it reads touchpoints again when that changes (actions.rereading)."""
    forget: Callable[[], object] | None = None
    """Called when it is to read everything again, for what it has counted so far."""
