"""Due times by business hours equal a slow count, minute by minute, by the clock on the wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from touchpoints.working_time import WorkingTime, due_at, joined

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = {day: [(9 * 60, 12 * 60), (13 * 60, 17 * 60)] for day in range(5)}
LONGEST = 16 * 24 * 60
# Summer time begins and ends at two; by half an hour; at one minute past midnight; at a midnight that does not exist.
CHANGES = {
    "Europe/Berlin": ((2026, 3, 29), (2026, 10, 25)),
    "Australia/Lord_Howe": ((2026, 4, 4), (2026, 10, 3)),
    "America/St_Johns": ((2010, 3, 14), (2010, 11, 7)),
    "America/Sao_Paulo": ((2018, 2, 17), (2018, 11, 4)),
    "UTC": ((2026, 12, 24), (2024, 2, 29)),
}


def slow(since, minutes, by):
    """Obvious: look at the clock every minute."""
    moment = since.astimezone(UTC).replace(second=0, microsecond=0)
    left = minutes
    for _ in range(LONGEST):
        clock = moment.astimezone(by.zone)
        minute = clock.hour * 60 + clock.minute
        is_open = any(opens <= minute < closes for opens, closes in by.openings.get(clock.weekday(), ()))
        moment += timedelta(minutes=1)
        if is_open and not by.is_closed(clock.date()):
            left -= 1
            if left == 0:
                return moment
    return None


@st.composite
def moments(draw):
    """Within a week before the clocks are changed, or anywhere in some years of Berlin."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    if zone == "Europe/Berlin" and draw(st.booleans()):
        start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 4 * 366 * 1440)))
    else:
        start = datetime(*draw(st.sampled_from(CHANGES[zone])), 12, tzinfo=UTC)
        start -= timedelta(minutes=draw(st.integers(0, 4 * 1440)))
    return ZoneInfo(zone), start + timedelta(seconds=draw(st.integers(0, 59)))


openings = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda it: it[0] < it[1])
weeks = st.dictionaries(st.integers(0, 6), st.lists(openings, min_size=1, max_size=3), min_size=1)
lands = st.sampled_from([None, "BE", "BW", "BY", "HH", "SN", "TH"])
# At night, over the hours in which clocks are changed.
NIGHT = {day: [(0, 240), (1380, 1440)] for day in range(7)}


@settings(max_examples=60, deadline=None)
@given(moment=moments(), week=weeks | st.just(NIGHT) | st.just(OFFICE), land=lands, minutes=st.integers(1, 3000))
@example((BERLIN, datetime(2026, 3, 28, 22, tzinfo=UTC)), NIGHT, None, 300)
@example((BERLIN, datetime(2026, 10, 24, 22, tzinfo=UTC)), NIGHT, None, 300)
@example((BERLIN, datetime(2026, 12, 23, 12, tzinfo=UTC)), OFFICE, "BY", 1200)
@example((ZoneInfo("America/St_Johns"), datetime(2010, 11, 6, 22, tzinfo=UTC)), NIGHT, None, 400)
def test_it_equals_the_count_minute_by_minute(moment, week, land, minutes):
    zone, since = moment
    closed = holidays.country_holidays("DE", subdiv=land)
    by = WorkingTime(zone, week, lambda day: day in closed)
    found, counted = due_at(since=since, minutes=minutes, by=by), slow(since, minutes, by)
    if counted is None:  # the slow count gives up after two weeks
        assert found is None or found - since > timedelta(days=15)
    else:
        assert found == counted


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("since", "hours", "land", "due"),
    [
        (berlin(2026, 11, 20, 16), 2, None, berlin(2026, 11, 23, 10)),  # over the weekend
        (berlin(2026, 11, 20, 11), 2, None, berlin(2026, 11, 20, 14)),  # over the break
        (berlin(2026, 11, 21, 11), 1, None, berlin(2026, 11, 23, 10)),  # begun on a Saturday
        (berlin(2026, 10, 30, 16), 2, "SN", berlin(2026, 11, 2, 10)),
        (berlin(2025, 10, 30, 16), 2, "SN", berlin(2025, 11, 3, 10)),  # Reformation Day, a Friday
        (berlin(2025, 10, 30, 16), 2, "BE", berlin(2025, 10, 31, 10)),  # not in Berlin
        (berlin(2026, 6, 3, 16), 2, "BY", berlin(2026, 6, 5, 10)),  # Corpus Christi
        (berlin(2026, 6, 3, 16), 2, "HH", berlin(2026, 6, 4, 10)),
        (berlin(2026, 12, 24, 16), 2, None, berlin(2026, 12, 28, 10)),  # Christmas and a weekend
        (berlin(2026, 3, 27, 16), 2, None, berlin(2026, 3, 30, 10)),  # summer time begins in between
    ],
)
def test_it_knows_weekends_breaks_and_the_holidays_of_each_land(since, hours, land, due):
    closed = holidays.country_holidays("DE", subdiv=land)
    by = WorkingTime(BERLIN, OFFICE, lambda day: day in closed)
    assert due_at(since=since, minutes=hours * 60, by=by) == due


def test_who_never_opens_is_never_due():
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert due_at(since=since, minutes=1, by=WorkingTime(BERLIN, {}, lambda _day: False)) is None
    assert due_at(since=since, minutes=1, by=WorkingTime(BERLIN, OFFICE, lambda _day: True)) is None


def test_one_day_a_year_is_enough():
    by = WorkingTime(BERLIN, {day: [(600, 660)] for day in range(7)}, lambda day: (day.month, day.day) != (2, 29))
    assert due_at(since=datetime(2026, 1, 1, tzinfo=UTC), minutes=60, by=by) == berlin(2028, 2, 29, 11)


def test_overlapping_openings_count_once():
    assert joined([(600, 700), (540, 620), (700, 720), (800, 900)]) == [(540, 720), (800, 900)]
