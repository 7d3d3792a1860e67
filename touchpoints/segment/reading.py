"""The items of an envelope, ready for the batch that stores them (touchpoints.batch)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from accounts.strict_json import is_storable
from touchpoints.batch import Incoming, Refused
from touchpoints.decoding import Item, ItemError
from touchpoints.event import identifiers_of, local_phone, read_event
from touchpoints.segment.arrival import Arrival, clock
from touchpoints.segment.mapping import event_of, object_of, told_of
from touchpoints.segment.people import phone_country, text_of, traits_of

BROWSERS = frozenset({"analytics.js", "analytics-next", "RudderLabs JavaScript SDK", "RudderStack JavaScript SDK"})


def read_sdk_items(
    items: Sequence[Item], *, arrival: Arrival, country: str, currency: str, now: datetime
) -> list[Incoming | Refused]:
    return [
        _read(index, item, arrival=arrival, country=country, currency=currency, now=now)
        for index, item in enumerate(items)
    ]


def _read(
    index: int, item: Item, *, arrival: Arrival, country: str, currency: str, now: datetime
) -> Incoming | Refused:
    try:
        if item.error:
            raise item.error
        sent = item.value if item.value.get("type") is not None else item.value | {"type": arrival.path}
        sent_at = clock(sent.get("sentAt")) or arrival.sent_at
        mapped = event_of(sent, sent_at=sent_at, received_at=arrival.received_at or now, country=country)
        event = read_event(mapped, currency=currency, now=now)
        return Incoming(
            index=index,
            raw=item.raw,
            event=event,
            identifiers=identifiers_of(event, country=country),
            fingerprint=0,
            unknown=[],
            told=told_of(sent),
            usual_channel="web" if _is_browser(sent) else "",
            local_phone=_local_phone(sent) if "phone" in event.customer else "",
        )
    except ItemError as error:
        return Refused(index, item.raw, _message_id(item), error)


def _local_phone(sent: dict[str, Any]) -> str:
    """Not where an address stands beside it: that tells the country."""
    traits = traits_of(sent)
    return "" if phone_country(traits) else local_phone(text_of(traits.get("phone")))


def _is_browser(sent: dict[str, Any]) -> bool:
    return object_of(object_of(sent.get("context")).get("library")).get("name") in BROWSERS


def _message_id(item: Item) -> str:
    """Without one the bytes tell it again, when the batch is repeated."""
    message_id = item.value.get("messageId") if isinstance(item.value, dict) else None
    if isinstance(message_id, str) and message_id and is_storable(message_id):
        return message_id[:100]
    return f"content-{blake2b(item.raw, digest_size=16).hexdigest()}"
