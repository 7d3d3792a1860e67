"""Half-open periods of whole days in a brand's zone, and how they are cut into buckets."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

EARLIEST, LATEST = date(1970, 1, 1), date(2200, 1, 1)


class Granularity(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of `begin` up to, not including, the first moment of `end`."""

    begin: date
    end: date

    def starts_at(self, zone: ZoneInfo) -> datetime:
        return _midnight(self.begin, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        return _midnight(self.end, zone)

    def previous(self) -> "Period | None":
        """The same length just before: whole months where this one is whole months, else days."""
        if self.begin == EARLIEST:
            return None
        if self.begin.day == self.end.day == 1:
            begin = _add_months(self.begin, -_months_between(self.begin, self.end))
        else:
            begin = self.begin - (self.end - self.begin)
        return Period(begin, self.begin) if begin >= EARLIEST else None

    def cut(self, granularity: Granularity) -> Iterator["Period"]:
        """Calendar buckets (weeks begin on Monday); the first and last are cut off at the period."""
        begin = self.begin
        while begin < self.end:
            end = min(_next(begin, granularity), self.end)
            yield Period(begin, end)
            begin = end


def months(begin: date, *, count: int) -> date:
    """The first day of the month `count` months after that of `begin`."""
    return _add_months(begin.replace(day=1), count)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _next(day: date, granularity: Granularity) -> date:
    match granularity:
        case Granularity.DAY:
            return day + timedelta(days=1)
        case Granularity.WEEK:
            return day + timedelta(days=7 - day.weekday())
        case Granularity.MONTH:
            return months(day, count=1)
        case Granularity.QUARTER:
            return months(day, count=3 - (day.month - 1) % 3)
        case Granularity.YEAR:
            return date(day.year + 1, 1, 1)


def _months_between(begin: date, end: date) -> int:
    return (end.year - begin.year) * 12 + end.month - begin.month


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return day.replace(year=year, month=month + 1)
