"""When cases are due: by the business hours of their team, else of their brand."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache

import holidays
from django.db.models import Q

from touchpoints.models import BusinessHours, Case
from touchpoints.working_time import MINUTES_OF_A_DAY, Opening, WorkingTime, due_at


def due_time(case: Case) -> datetime | None:
    """None where nobody has said when they work."""
    hours = hours_of(case)
    if hours is None:
        return None
    return due_at(since=case.due_from, minutes=hours.minutes_until_due(case.priority), by=working_time(hours))


def hours_of(case: Case) -> BusinessHours | None:
    own = BusinessHours.objects.filter(Q(team=None) | Q(team=case.team_id), brand=case.brand_id)
    return own.order_by("team").first()  # those of the team come before those of nobody


def working_time(hours: BusinessHours) -> WorkingTime:
    openings: dict[int, list[Opening]] = {}
    for window in hours.windows.all():
        until = _minute(window.closes_at) or MINUTES_OF_A_DAY
        openings.setdefault(window.weekday, []).append((_minute(window.opens_at), until))
    return WorkingTime(hours.zone, openings, _closed(hours))


def _closed(hours: BusinessHours) -> Callable[[date], bool]:
    public = public_holidays(hours.country, hours.subdivision)
    once: set[date] = set()
    yearly: set[tuple[int, int]] = set()
    for closed in hours.closed_days.all():
        if closed.is_yearly:
            yearly.add((closed.day.month, closed.day.day))
        else:
            once.add(closed.day)
    return lambda day: day in public or day in once or (day.month, day.day) in yearly


@lru_cache(maxsize=64)
def public_holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    """Each year is worked out when it is first asked for."""
    return holidays.country_holidays(country, subdiv=subdivision or None)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
