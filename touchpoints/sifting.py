"""Finding the rows of a batch that a follower cannot apply, by halves, and applying all others."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, transaction

from customers.models import CustomerChange
from touchpoints.feed_batch import Batch

# A follower that fails for everything must not hold its transaction for long.
MOST_FAILED = 100
LONGEST_ERROR = 500


class Failed(NamedTuple):
    """One touchpoint or one change."""

    touchpoint_id: int | None
    change: CustomerChange | None
    error: str


class Sifted(NamedTuple):
    """`next_…` is the first row left over, where too many failed."""

    failed: list[Failed]
    next_change: int | None = None
    next_touchpoint: int | None = None


class _Piece(NamedTuple):
    """Either changes or touchpoints, in their order."""

    changes: tuple[CustomerChange, ...] = ()
    ids: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes or self.ids)

    def halves(self) -> tuple["_Piece", "_Piece"]:
        middle = max(len(self.changes), len(self.ids)) // 2
        return (
            _Piece(self.changes[:middle], self.ids[:middle]),
            _Piece(self.changes[middle:], self.ids[middle:]),
        )


def sift(apply: Callable[[Batch], object], batch: Batch) -> Sifted:
    """Changes come before touchpoints, and everything in its order."""
    ids = tuple(batch.touchpoints().values_list("id", flat=True))
    pieces = deque(piece for piece in (_Piece(changes=batch.changes), _Piece(ids=ids)) if piece)
    failed: list[Failed] = []
    while pieces and len(failed) < MOST_FAILED:
        piece = pieces.popleft()
        error = error_of(apply, _batch_of(piece, batch))
        if error and len(piece.changes) + len(piece.ids) > 1:
            pieces.extendleft(reversed(piece.halves()))
        elif error:
            failed.append(Failed(next(iter(piece.ids), None), next(iter(piece.changes), None), error))
    if not pieces:
        return Sifted(failed)
    left = pieces[0]
    return Sifted(failed, left.changes[0].id, None) if left.changes else Sifted(failed, None, left.ids[0])


def told(error: Exception) -> str:
    """Only the first line: the details of a database error quote the row, and with it personal data."""
    return f"{type(error).__name__}: {error}".splitlines()[0][:LONGEST_ERROR]


def _batch_of(piece: _Piece, batch: Batch) -> Batch:
    if piece.changes:
        return Batch(batch.after_id, batch.after_id, batch.quiet_until_id, piece.changes)
    return Batch(piece.ids[0] - 1, piece.ids[-1], batch.quiet_until_id)


def error_of(apply: Callable[[Batch], object], batch: Batch) -> str:
    """Empty where it applied; that the database is away is raised and says nothing about the rows."""
    try:
        with transaction.atomic():
            apply(batch)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        return told(error)
    return ""
