from datetime import date
from zoneinfo import ZoneInfo

import pytest

from insights.periods import Granularity, Period

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_begin_in_the_zone_also_when_summer_time_begins():
    period = Period(date(2026, 3, 29), date(2026, 3, 30))
    assert (period.ends_at(BERLIN) - period.starts_at(BERLIN)).total_seconds() == 23 * 3600


@pytest.mark.parametrize(
    ("granularity", "begins"),
    [
        (Granularity.WEEK, [date(2026, 1, 14), date(2026, 1, 19), date(2026, 1, 26), date(2026, 2, 2)]),
        (Granularity.MONTH, [date(2026, 1, 14), date(2026, 2, 1)]),
        (Granularity.QUARTER, [date(2026, 1, 14)]),
        (Granularity.YEAR, [date(2026, 1, 14)]),
    ],
)
def test_buckets_are_calendar_parts_cut_off_at_the_period(granularity, begins):
    parts = list(Period(date(2026, 1, 14), date(2026, 2, 5)).cut(granularity))
    assert [part.begin for part in parts] == begins
    assert [part.end for part in parts] == [*begins[1:], date(2026, 2, 5)]


@pytest.mark.parametrize(
    ("period", "previous"),
    [
        (Period(date(2026, 3, 1), date(2026, 4, 1)), Period(date(2026, 2, 1), date(2026, 3, 1))),
        (Period(date(2026, 1, 1), date(2027, 1, 1)), Period(date(2025, 1, 1), date(2026, 1, 1))),
        (Period(date(2026, 3, 10), date(2026, 3, 17)), Period(date(2026, 3, 3), date(2026, 3, 10))),
        (Period(date(1970, 1, 1), date(2026, 3, 17)), None),
    ],
)
def test_the_previous_period_is_as_long(period, previous):
    assert period.previous() == previous
