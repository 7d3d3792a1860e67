"""When a number of working minutes is over, by a wall clock. Free of the database.

A minute is worked when the clock on the wall, at its beginning, shows a time inside an opening on a day that is not
closed. So an opening over the hour that summer time skips is an hour shorter, and one over the hour that comes twice
an hour longer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MINUTES_OF_A_DAY = 24 * 60
# Who is never open within this time is never open.
FURTHEST = timedelta(days=3 * 366)

Opening = tuple[int, int]
"""From, until (exclusive), in minutes of the day: 0 to 1440."""


class WorkingTime(NamedTuple):
    zone: ZoneInfo
    openings: Mapping[int, Sequence[Opening]]
    """By day of the week, Monday is 0. They may overlap."""
    is_closed: Callable[[date], bool]


def due_at(*, since: datetime, minutes: int, by: WorkingTime) -> datetime | None:
    """The end of the last of so many worked minutes; None where that lies years ahead."""
    since = since.astimezone(UTC).replace(second=0, microsecond=0)
    left = minutes
    for begins, ends in _open_spans(since, by):
        worked = (ends - begins) // MINUTE
        if worked >= left:
            return begins + left * MINUTE
        left -= worked
    return None


def _open_spans(since: datetime, by: WorkingTime) -> Iterator[tuple[datetime, datetime]]:
    """In order and apart from each other, in UTC."""
    begins = since
    while begins - since < FURTHEST:
        ends = _end_of_offset(begins, by.zone)
        offset = _offset(begins, by.zone)
        # While the offset stays, the wall clock is plain arithmetic.
        shown, shown_until = (begins + offset).replace(tzinfo=None), (ends + offset).replace(tzinfo=None)
        for opens, closes in _openings(shown, shown_until, by):
            yield ((opens - offset).replace(tzinfo=UTC), (closes - offset).replace(tzinfo=UTC))
        begins = ends


def _openings(begins: datetime, ends: datetime, by: WorkingTime) -> Iterator[tuple[datetime, datetime]]:
    midnight = datetime.combine(begins.date(), time())
    while midnight < ends:
        day = midnight.date()
        for opens, closes in [] if by.is_closed(day) else joined(by.openings.get(day.weekday(), ())):
            first, last = max(begins, midnight + opens * MINUTE), min(ends, midnight + closes * MINUTE)
            if first < last:
                yield first, last
        midnight += DAY


def joined(openings: Sequence[Opening]) -> list[Opening]:
    """In order, overlapping ones as one."""
    found: list[Opening] = []
    for opens, closes in sorted(openings):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


def _end_of_offset(begins: datetime, zone: ZoneInfo) -> datetime:
    """A day later, or the minute in between in which the clocks are changed."""
    ends = begins + DAY
    offset = _offset(begins, zone)
    if _offset(ends, zone) == offset:
        return ends
    same, other = 0, MINUTES_OF_A_DAY
    while other - same > 1:
        middle = (same + other) // 2
        if _offset(begins + middle * MINUTE, zone) == offset:
            same = middle
        else:
            other = middle
    return begins + other * MINUTE


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
