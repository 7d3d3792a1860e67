"""One event of a Segment or RudderStack SDK as an event of ours (touchpoints.event)."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec

from customers.identity import Identifier, InvalidIdentityError, identifier
from touchpoints.decoding import ItemError
from touchpoints.segment.arrival import moment
from touchpoints.segment.commerce import amount_of, currency_of, subject_of, type_named, valence_of, with_lines
from touchpoints.segment.people import Told, contacts_of, fields_of, named, text_of, traits_of

# A smaller difference is the way of the request, not a wrong clock.
MOST_SKEW = timedelta(seconds=60)
TYPES = {
    "page": "page_viewed",
    "screen": "screen_viewed",
    "identify": "identified",
    "alias": "identified",
    "group": "company_joined",
}
LONGEST_REFERRER = 2000
LONGEST_OF_CAMPAIGN = 200
LONGEST_SESSION = 100
CAMPAIGN = ("source", "medium", "name", "term", "content")
OF_DELIVERY = frozenset({"sentAt", "writeKey", "receivedAt"})
_encode = msgspec.json.Encoder(order="deterministic").encode


def event_of(sent: dict[str, Any], *, sent_at: datetime | None, received_at: datetime, country: str) -> dict[str, Any]:
    """Raises ItemError. `sent_at`: by the clock of the sender, which is corrected by it."""
    kind = sent.get("type")
    if kind != "track" and (not isinstance(kind, str) or kind not in TYPES):
        raise ItemError("unknown_kind", "type must be track, page, screen, identify, group or alias.")
    context = object_of(sent.get("context"))
    properties = object_of(sent.get("properties" if kind in ("track", "page", "screen") else "traits"))
    subject = subject_of(properties) if kind == "track" else ""
    kept = _properties(sent, kind, properties, context)
    event = {
        "message_id": _message_id(sent),
        "type": _name(sent) if kind == "track" else TYPES[kind],
        "customer": _customer(sent, kind, country),
        "occurred_at": _occurred_at(sent, sent_at=sent_at, received_at=received_at),
        "session_id": text_of(context.get("sessionId"))[:LONGEST_SESSION],
        "campaign": _campaign(context),
        "referrer": _referrer(context, properties),
        "properties": with_lines(kept) if subject else kept,
    }
    if sent.get("channel") == "mobile" or context.get("device"):
        event["channel"] = "app"
    if kind == "track":
        event |= {
            "subject": subject,
            "value": amount_of(properties, is_exact=bool(subject)),
            "currency": currency_of(properties, is_exact=bool(subject)),
            "valence": valence_of(properties),
        }
    return event


def told_of(sent: dict[str, Any]) -> Told | None:
    """Raises ItemError."""
    kind = sent.get("type")
    context = object_of(sent.get("context"))
    if kind == "identify":
        return Told(fields=fields_of(traits_of(sent), locale=context.get("locale")))
    if kind == "alias":
        former = _needed(sent, "previousId")
        return Told(former=(_identifier("user_id", former), _identifier("anonymous_id", former)))
    if kind == "group":
        name = text_of(object_of(sent.get("traits")).get("name"))
        return Told(company=(_identifier("external_id", f"group:{_needed(sent, 'groupId')}"), name))
    return None


def object_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _message_id(sent: dict[str, Any]) -> str:
    """SDKs draw one; what has none is known again by what it says."""
    if text := text_of(sent.get("messageId")):
        return text
    content = {key: value for key, value in sent.items() if key not in OF_DELIVERY}
    return f"content-{blake2b(_encode(content), digest_size=16).hexdigest()}"


def _name(sent: dict[str, Any]) -> str:
    event = sent.get("event")
    name = type_named(event) if isinstance(event, str) else ""
    if not name:
        raise ItemError("invalid", "A track event needs a name in event.")
    return name


def _customer(sent: dict[str, Any], kind: str, country: str) -> dict[str, str]:
    customer = {}
    if user_id := named(sent.get("userId")):
        customer["user_id"] = user_id
    if anonymous_id := named(sent.get("anonymousId")):
        customer["anonymous_id"] = anonymous_id
    if kind == "identify":
        customer |= contacts_of(traits_of(sent), country=country)
    if not customer:
        raise ItemError("invalid_identity", "The event names neither userId nor anonymousId.")
    return customer


def _occurred_at(sent: dict[str, Any], *, sent_at: datetime | None, received_at: datetime) -> datetime:
    told = sent.get("timestamp") or sent.get("originalTimestamp")
    if told is None:
        return received_at
    try:
        occurred_at = moment(told)
        if sent_at and abs(received_at - sent_at) > MOST_SKEW:
            occurred_at = occurred_at.astimezone(UTC) + (received_at - sent_at)
    except msgspec.ValidationError as error:
        raise ItemError("invalid", f"timestamp: {error}.") from None
    except OverflowError:
        raise ItemError("out_of_time", "timestamp lies outside of all calendars.") from None
    return occurred_at


def _campaign(context: dict[str, Any]) -> dict[str, str] | None:
    sent = object_of(context.get("campaign"))
    found = {name: text_of(sent.get(name))[:LONGEST_OF_CAMPAIGN] for name in CAMPAIGN}
    return {name: text for name, text in found.items() if text} or None


def _referrer(context: dict[str, Any], properties: dict[str, Any]) -> str:
    page, referrer = object_of(context.get("page")), object_of(context.get("referrer"))
    return (text_of(page.get("referrer")) or text_of(referrer.get("url")) or text_of(properties.get("referrer")))[
        :LONGEST_REFERRER
    ]


def _properties(sent: dict[str, Any], kind: str, properties: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    """Without what the stream keeps elsewhere; the sender's address and device are not kept at all."""
    kept = traits_of(sent) if kind == "identify" else dict(properties)
    for name in {"page": ("name", "category"), "screen": ("name", "category"), "group": ("groupId",)}.get(kind, ()):
        if text := text_of(sent.get(name)):
            kept.setdefault(name, text)
    if kind == "alias":
        kept["previousId"] = named(sent.get("previousId"))
    if kind in ("track", "page") and (url := text_of(object_of(context.get("page")).get("url"))):
        kept.setdefault("url", url)
    return kept


def _needed(sent: dict[str, Any], name: str) -> str:
    text = named(sent.get(name))
    if not text:
        raise ItemError("invalid_identity", f"The event names no {name}.")
    return text


def _identifier(kind: str, text: str) -> Identifier:
    try:
        return identifier(kind, text)
    except InvalidIdentityError as error:
        raise ItemError("invalid_identity", str(error)) from None
