from datetime import UTC, datetime
from typing import Any

import orjson

from touchpoints.models import Touchpoint, WebhookDelivery

AS_THEY_ARE = (
    "id", "message_id", "subject", "currency", "valence", "session_id", "campaign", "referrer", "place", "actor",
    "acquisition_channel", "replaces", "properties",
)  # fmt: skip


def body(delivery: WebhookDelivery, touchpoint: Touchpoint | None) -> bytes:
    """`data` is what GET /api/v1/touchpoints/{id}/ answers; of a test call it is empty."""
    happened_at = touchpoint.occurred_at if touchpoint else delivery.created_at
    data = _as_the_api_shows(touchpoint) if touchpoint else {}
    return orjson.dumps({"type": delivery.type, "timestamp": _moment(happened_at), "data": data})


def _as_the_api_shows(touchpoint: Touchpoint) -> dict[str, Any]:
    return {
        **{name: getattr(touchpoint, name) for name in AS_THEY_ARE},
        "source": touchpoint.source.key,
        "customer": touchpoint.customer_id,
        "person": touchpoint.customer.canonical_id,
        "type": touchpoint.type.key if touchpoint.type else None,
        "channel": touchpoint.channel.key if touchpoint.channel else None,
        "occurred_at": _moment(touchpoint.occurred_at),
        "received_at": _moment(touchpoint.received_at),
        "value": None if touchpoint.value is None else str(touchpoint.value),
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
