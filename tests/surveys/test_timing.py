from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.timing import Window, due_at, is_too_old

BERLIN = ZoneInfo("Europe/Berlin")
ALL_WEEK = Window(is_weekdays_only=False)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("occurred", "days", "window", "due"),
    [
        ("2026-03-02T10:30", 7, Window(), "2026-03-09T10:30"),  # open: no moving
        ("2026-03-02T08:59", 0, Window(), "2026-03-02T09:00"),  # too early
        ("2026-03-02T18:00", 0, Window(), "2026-03-03T09:00"),  # the end is outside
        ("2026-03-06T18:30", 0, Window(), "2026-03-09T09:00"),  # Friday evening
        ("2026-03-07T12:00", 0, ALL_WEEK, "2026-03-07T12:00"),  # Saturday allowed
        ("2026-03-27T20:00", 1, ALL_WEEK, "2026-03-29T09:00"),  # clocks forward on that night
        ("2026-10-24T20:00", 0, ALL_WEEK, "2026-10-25T09:00"),  # clocks back on that night
        ("2028-02-28T19:00", 0, Window(), "2028-02-29T09:00"),  # leap day
        ("2026-12-31T19:00", 0, Window(), "2027-01-01T09:00"),  # year end
        ("2026-03-28T02:00", 0, Window(2, 3, is_weekdays_only=False), "2026-03-28T02:00"),
        ("2026-03-28T03:00", 0, Window(2, 3, is_weekdays_only=False), "2026-03-30T02:00"),  # leapt over on the 29th
        ("2026-03-02T23:30", 0, Window(9, 24), "2026-03-02T23:30"),
    ],
)
def test_it_moves_into_the_local_window(occurred, days, window, due):
    moment = due_at(occurred_at=at(occurred), delay=timedelta(days=days), window=window, zone=BERLIN)
    assert moment == at(due)
    assert moment.tzinfo is UTC


def test_it_uses_the_customers_zone():
    tokyo = ZoneInfo("Asia/Tokyo")
    moment = due_at(occurred_at=at("2026-03-02T12:00"), delay=timedelta(0), window=Window(), zone=tokyo)
    assert moment == at("2026-03-03T09:00", tokyo)


def test_the_hour_repeated_by_the_clock_change_counts_once():
    window = Window(2, 3, is_weekdays_only=False)
    second_time = at("2026-10-25T02:30").replace(fold=1)
    moment = due_at(occurred_at=second_time, delay=timedelta(0), window=window, zone=BERLIN)
    assert moment.astimezone(BERLIN).date() == second_time.date()


@pytest.mark.parametrize(
    ("occurred", "received", "too_old"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00", False),
        ("2026-02-28T23:00", "2026-03-02T10:00", True),  # before the campaign
        ("2026-03-02T10:00", "2026-03-23T10:00", False),  # 7 + 14 days
        ("2026-03-02T10:00", "2026-03-23T10:01", True),
    ],
)
def test_it_knows_what_is_too_old(occurred, received, too_old):
    since, delay = at("2026-03-01T00:00"), timedelta(days=7)
    assert is_too_old(occurred_at=at(occurred), received_at=at(received), active_since=since, delay=delay) is too_old


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]),
    st.integers(0, 23),
    st.integers(1, 24),
    st.booleans(),
)
def test_the_due_moment_is_never_early_and_always_inside_the_window(moment, zone, start, length, weekdays):
    window = Window(start, min(24, start + length), is_weekdays_only=weekdays)
    due = window.next_moment(moment, ZoneInfo(zone))
    local = due.astimezone(ZoneInfo(zone))
    assert timedelta(0) <= due - moment <= timedelta(days=4)
    assert not (weekdays and local.weekday() >= 5)
    assert local.hour < window.to_hour
    if due > moment and local.hour != start:
        assert local.hour == start + 1  # the clocks leapt over the opening hour
