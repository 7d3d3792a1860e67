"""Reading what senders tell in the properties of a touchpoint: whatever stands there, nothing fails."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

LONGEST_TEXT = 100
FIRST_YEAR, LAST_YEAR = 1970, 2200
MOST = Decimal(10) ** 9
# What a column of money holds.
LARGEST_AMOUNT = Decimal(10) ** 12
THOUSANDTH, SMALLEST_AMOUNT = Decimal("0.001"), Decimal("0.0001")


def text(value: Any) -> str:
    is_text = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return str(value).strip()[:LONGEST_TEXT] if is_text else ""


def number(value: Any) -> Decimal | None:
    """Without its sign: systems write what comes back as 1 or as -1."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        read = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    # copy_abs: abs would round, and fail beyond all exponents.
    return min(read.copy_abs(), MOST).quantize(THOUSANDTH) if read.is_finite() else None


def day(value: Any, *, zone: ZoneInfo) -> date | None:
    """A date as it is, a moment as the day it falls on in this zone."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def amount(value: Decimal) -> Decimal | None:
    """As far as a column holds it."""
    return value.quantize(SMALLEST_AMOUNT) if abs(value) < LARGEST_AMOUNT else None
