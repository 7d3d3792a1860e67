"""When an invitation may arrive: trigger plus delay, moved into the customer's daytime."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LATEST_ARRIVAL = timedelta(days=14)
SATURDAY = 5
MIDNIGHT = 24


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the local day in which mails arrive: [from_hour, to_hour)."""

    from_hour: int = 9
    to_hour: int = 18
    is_weekdays_only: bool = True

    def on(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """The window's two moments on this day; None when it is a weekend or the clocks leap over it."""
        if self.is_weekdays_only and day.weekday() >= SATURDAY:
            return None
        opens, closes = _moment(day, self.from_hour, zone), _moment(day, self.to_hour, zone)
        return (opens, closes) if opens < closes else None

    def next_moment(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The moment itself when the window is open, else when it opens next."""
        day = moment.astimezone(zone).date()
        while True:
            hours = self.on(day, zone)
            if hours and moment < hours[1]:
                return max(moment, hours[0])
            day += timedelta(days=1)


def due_at(*, occurred_at: datetime, delay: timedelta, window: Window, zone: ZoneInfo) -> datetime:
    return window.next_moment((occurred_at + delay).astimezone(UTC), zone)


def is_too_old(*, occurred_at: datetime, received_at: datetime, active_since: datetime, delay: timedelta) -> bool:
    """It happened before the campaign was switched on, or arrived when the mail would come late by surprise."""
    return occurred_at < active_since or received_at - occurred_at > delay + LATEST_ARRIVAL


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    # Hour 24 is the next midnight. In the hour that a clock change repeats, the first one counts.
    if hour == MIDNIGHT:
        day, hour = day + timedelta(days=1), 0
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
