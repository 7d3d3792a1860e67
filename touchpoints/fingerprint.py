"""Eight bytes that tell a repeated event from another one under the same message ID."""

from hashlib import blake2b
from typing import Any

import msgspec

# Differ between two deliveries of one event.
OF_THE_DELIVERY = frozenset({"sentAt", "sent_at", "context"})
_encoder = msgspec.json.Encoder(order="deterministic")


def fingerprint(event: dict[str, Any]) -> int:
    """A signed 64-bit number of the event as sent, whatever the order of its keys; never 0, which means unknown."""
    if not OF_THE_DELIVERY.isdisjoint(event):
        event = {key: value for key, value in event.items() if key not in OF_THE_DELIVERY}
    digest = blake2b(_encoder.encode(event), digest_size=8).digest()
    return int.from_bytes(digest, signed=True) or 1
