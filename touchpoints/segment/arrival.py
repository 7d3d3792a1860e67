"""How an event came here: enough to read it again later."""

from datetime import datetime
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta


class Arrival(NamedTuple):
    """`path` is the last part of the address, which is the kind of an event that names none; empty: our own batch.

    `sent_at` is by the clock of the sender, `received_at` by ours; empty: now.
    """

    path: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None


OWN_BATCH = Arrival()


def moment(text: Any) -> datetime:
    """RFC 3339 with offset; raises msgspec.ValidationError."""
    read: datetime = msgspec.convert(text, Annotated[datetime, Meta(tz=True)])
    return read


def clock(sent_at: Any) -> datetime | None:
    """The sender's clock; what cannot be read corrects nothing."""
    try:
        return moment(sent_at) if isinstance(sent_at, str) else None
    except msgspec.ValidationError:
        return None
