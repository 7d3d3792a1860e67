"""What one item of a batch may hold, and how it is read. Everything here is as sent, nothing is looked up."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from customers.identity import Identifier, InvalidIdentityError, identifier
from touchpoints.decoding import ItemError
from touchpoints.models.vocabulary import HIGHEST_VALENCE, LOWEST_VALENCE

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
MOST_AHEAD = timedelta(hours=24)
LARGEST_VALUE = Decimal("999999999999.99")
CENT = Decimal("0.01")

Short = Annotated[str, Meta(max_length=100)]
Medium = Annotated[str, Meta(max_length=200)]


# gc=False: nothing of an event refers back to it, and the collector is spared thousands of objects per batch.
class EventCampaign(Struct, omit_defaults=True, gc=False):
    source: Medium = ""
    medium: Medium = ""
    name: Medium = ""
    term: Medium = ""
    content: Medium = ""


class Event(Struct, kw_only=True, gc=False):
    message_id: Annotated[str, Meta(min_length=1, max_length=100)]
    occurred_at: Annotated[datetime, Meta(tz=True)]
    type: Annotated[str, Meta(max_length=80)] = ""
    customer: dict[str, str | int | None] = {}
    channel: Annotated[str, Meta(max_length=40)] = ""
    subject: Annotated[str, Meta(max_length=120, pattern=r"^$|^[a-z][a-z0-9_]{0,15}:.{1,100}\Z")] = ""
    value: Decimal | None = None
    currency: Annotated[str, Meta(pattern=r"^$|^[A-Z]{3}\Z")] = ""
    valence: Annotated[int, Meta(ge=LOWEST_VALENCE, le=HIGHEST_VALENCE)] | None = None
    session_id: Short = ""
    campaign: EventCampaign | None = None
    referrer: Annotated[str, Meta(max_length=2000)] = ""
    place: Medium = ""
    actor: Literal["customer", "agent", "bot", "system"] = "customer"
    replaces: Short = ""
    properties: dict[str, Any] = {}

    @property
    def page(self) -> str:
        url = self.properties.get("url")
        return url if isinstance(url, str) else ""


FIELDS = frozenset(Event.__struct_fields__)
CAMPAIGN_FIELDS = frozenset(EventCampaign.__struct_fields__)


def read_event(sent: dict[str, Any], *, currency: str, now: datetime) -> Event:
    """The event of an item; raises ItemError. `currency` is taken where a value names none."""
    try:
        event = msgspec.convert(_without_nulls(sent), Event)
    except msgspec.ValidationError as error:
        raise ItemError("invalid", f"{error}.") from None
    if not event.type and not event.replaces:
        raise ItemError("invalid", "Object missing required field `type`.")
    if not event.customer and not event.replaces:
        raise ItemError("invalid", "Object missing required field `customer`.")
    event.occurred_at = _time(event.occurred_at, now)
    if event.value is not None:
        event.value = _amount(event.value)
        event.currency = event.currency or currency
    return event


def identifiers_of(event: Event, *, country: str) -> tuple[Identifier, ...]:
    try:
        return tuple(
            identifier(kind, value, country=country) for kind, value in event.customer.items() if value is not None
        )
    except InvalidIdentityError as error:
        raise ItemError("invalid_identity", str(error)) from None


def local_phone(value: str | int | None) -> str:
    """The number as sent, where only a country tells which one is meant; else ""."""
    if not value:
        return ""
    try:
        identifier("phone", value)
    except InvalidIdentityError:
        return str(value)
    return ""


def unknown_fields(sent: dict[str, Any]) -> list[str]:
    """Names that are reported and not stored."""
    campaign = sent.get("campaign")
    if campaign is None and FIELDS.issuperset(sent):
        return []
    of_campaign = campaign.keys() - CAMPAIGN_FIELDS if isinstance(campaign, dict) else ()
    return sorted(sent.keys() - FIELDS) + sorted(f"campaign.{name}" for name in of_campaign)


def _without_nulls(sent: dict[str, Any]) -> dict[str, Any]:
    """Null is the same as leaving a field out."""
    if None not in sent.values():
        return sent
    return {key: value for key, value in sent.items() if value is not None}


def _time(moment: datetime, now: datetime) -> datetime:
    """In whole milliseconds of UTC: the timeline's keys hold no more."""
    # The year first: 0001-01-01 at +14:00 has no UTC.
    is_near = EARLIEST.year - 1 <= moment.year <= now.year + 1
    if not is_near or not EARLIEST <= moment <= now + MOST_AHEAD:
        raise ItemError("out_of_time", "occurred_at must lie between 1970 and 24 hours from now.")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _amount(value: Decimal) -> Decimal:
    """In whole cents; floats of other systems carry 0.30000000000000004."""
    if not value.is_finite() or not -LARGEST_VALUE <= value <= LARGEST_VALUE:
        raise ItemError("number_out_of_range", f"value must lie between -{LARGEST_VALUE} and {LARGEST_VALUE}.")
    return value.quantize(CENT)
