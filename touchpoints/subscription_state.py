"""What all steps together make of a subscription: its state, its value a month, until when it runs. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from touchpoints import told
from touchpoints.subject_steps import OPEN_STATES, STATES, SUBSCRIPTION, Step, SubjectState, entry, last_lines
from touchpoints.subject_steps import last_valued as last_valued_of

MONTHLY = (Decimal(1), Decimal(1))
# Payments so many times in so many months: 365 days, 52 weeks, 4 quarters in twelve months.
INTERVALS = {
    "day": (Decimal(365), Decimal(12)),
    "week": (Decimal(52), Decimal(12)),
    "month": MONTHLY,
    "quarter": (Decimal(1), Decimal(3)),
    "year": (Decimal(1), Decimal(12)),
}


def subscription_state(ordered: Sequence[Step], *, zone: ZoneInfo) -> SubjectState | None:
    """What was told last counts; a cancelled one was given notice and runs until it ends."""
    if not ordered:
        return None
    last, valued = ordered[-1], last_valued_of(list(ordered))
    state = STATES[SUBSCRIPTION][last.type]
    is_open = state in OPEN_STATES[SUBSCRIPTION]
    return SubjectState(
        customer_id=ordered[0].customer_id,
        state=state,
        is_open=is_open,
        began_at=ordered[0].occurred_at,
        changed_at=last.occurred_at,
        ended_at=None if is_open else last.occurred_at,
        history=[entry(STATES[SUBSCRIPTION][step.type], step) for step in ordered],
        value=valued.value if valued else None,
        currency=valued.currency if valued else "",
        lines=last_lines(list(ordered)),
        monthly_value=_monthly(valued.value, valued.properties) if valued and valued.value is not None else None,
        runs_until=_runs_until(ordered, zone),
    )


def _monthly(value: Decimal, properties: Mapping[str, Any]) -> Decimal | None:
    """`interval` says how often the value is paid, `interval_count` every how many of them; else every month."""
    times, months = INTERVALS.get(told.text(properties.get("interval")).lower(), MONTHLY)
    every = told.number(properties.get("interval_count")) or Decimal(1)
    return told.amount(value * times / months / every)


def _runs_until(ordered: Sequence[Step], zone: ZoneInfo) -> date | None:
    days = (told.day(step.properties.get("runs_until"), zone=zone) for step in reversed(ordered))
    return next(filter(None, days), None)
