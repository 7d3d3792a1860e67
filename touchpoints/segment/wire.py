"""What a Segment or RudderStack SDK sends: an envelope with a batch of events, or one event by itself.

The parser is never chosen by the media type: JSON arrives as text, and gzip as a form.
"""

import zlib
from typing import Any

import msgspec

from accounts.strict_json import BYTE_ORDER_MARK
from touchpoints.decoding import (
    MOST_BYTES_PER_ITEM,
    MOST_COMMAS,
    MOST_KEYS,
    Item,
    ItemError,
    MalformedBatchError,
    item_of,
    item_of_value,
    keys_in,
    read_exactly,
)

MOST_BYTES = 9 * 1024 * 1024
MOST_EVENTS = 5_000
# An order of fifty lines has more keys than a touchpoint of ours may have; no single object has.
MOST_KEYS_IN_ALL = 2_000
# Read again by the slow and exact way at most.
MOST_BYTES_READ_TWICE = 2 * 1024 * 1024
MOST_BYTES_OUTSIDE = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
GZIP = 31  # zlib's wbits for a gzip header


class TooLargeError(ValueError):
    """Over the limits of one request."""


class Envelope(msgspec.Struct):
    """`items` are read already, `raws` are still to be."""

    write_key: str
    sent_at: Any
    items: list[Item] = []
    raws: list[bytes] = []

    def read_items(self) -> list[Item]:
        return self.items or [_item(raw) for raw in self.raws]

    def __len__(self) -> int:
        return len(self.items) or len(self.raws)


class _Fields(msgspec.Struct):
    batch: msgspec.Raw = msgspec.Raw()
    type: msgspec.Raw = msgspec.Raw()
    write_key: Any = msgspec.field(default=None, name="writeKey")
    sent_at: Any = msgspec.field(default=None, name="sentAt")


_decode_fields = msgspec.json.Decoder(_Fields).decode
_decode_raws = msgspec.json.Decoder(list[msgspec.Raw]).decode


def unpacked(body: bytes) -> bytes:
    """Sniffs gzip, and stops at the limit, so a small bomb stays small."""
    if not body.startswith(GZIP_MAGIC):
        return body
    stream = zlib.decompressobj(GZIP)
    try:
        text = stream.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise MalformedBatchError("The body is not gzip.") from None
    if len(text) > MOST_BYTES:
        raise TooLargeError("The body is too large once it is unpacked.")
    if not stream.eof:
        raise MalformedBatchError("The gzip stream ended too early.")
    return text


def envelope_of(body: bytes, *, is_event: bool) -> Envelope:
    """`is_event`: the path takes one event, which may leave out its type. Raises the errors above."""
    body = body.removeprefix(BYTE_ORDER_MARK)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise MalformedBatchError(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None
    if body.count(b",") > MOST_COMMAS:
        raise TooLargeError(f"A batch holds at most {MOST_COMMAS:,} values.")
    try:
        fields = _decode_fields(body)
    except (msgspec.MsgspecError, RecursionError):
        return _envelope_slowly(body, is_event=is_event)
    batch = bytes(fields.batch)
    if not batch and (is_event or bytes(fields.type)):
        return Envelope(_key(fields.write_key), fields.sent_at, raws=[body])
    _check_outside(body, batch)
    try:
        raws = _decode_raws(batch)
    except msgspec.MsgspecError:
        raise _no_batch() from None
    if len(raws) > MOST_EVENTS:
        raise TooLargeError(f"A batch holds at most {MOST_EVENTS} events.")
    return Envelope(_key(fields.write_key), fields.sent_at, raws=[bytes(raw) for raw in raws])


def _envelope_slowly(body: bytes, *, is_event: bool) -> Envelope:
    """Reads what msgspec refuses as a whole: half a character in one of the events."""
    if len(body) > MOST_BYTES_READ_TWICE:
        raise MalformedBatchError("The body is not JSON.")
    value = read_exactly(body)
    if not isinstance(value, dict):
        raise _no_batch()
    batch = value.get("batch", [value] if is_event or "type" in value else None)
    if not isinstance(batch, list):
        raise _no_batch()
    if len(batch) > MOST_EVENTS:
        raise TooLargeError(f"A batch holds at most {MOST_EVENTS} events.")
    items = [_not_too_wide(item_of_value(event, most_keys=MOST_KEYS_IN_ALL)) for event in batch]
    return Envelope(_key(value.get("writeKey")), value.get("sentAt"), items=items)


def _item(raw: bytes) -> Item:
    item, keys = item_of(raw, most_keys=MOST_KEYS_IN_ALL)
    if keys and keys != keys_in(raw):
        read_exactly(raw)
    return _not_too_wide(item) if keys > MOST_KEYS else item


def _not_too_wide(item: Item) -> Item:
    if item.error or _widest(item.value) <= MOST_KEYS:
        return item
    return Item(item.raw, item.value, ItemError("too_many_keys", f"An object has at most {MOST_KEYS} keys."))


def _widest(value: Any) -> int:
    if isinstance(value, dict):
        return max(len(value), *map(_widest, value.values()), 0)
    return max(map(_widest, value), default=0) if isinstance(value, list) else 0


def _check_outside(body: bytes, batch: bytes) -> None:
    """Duplicate keys of the envelope itself."""
    outside = body.replace(batch, b"0", 1)
    if len(outside) > MOST_BYTES_OUTSIDE:
        raise MalformedBatchError(f"Outside of its batch the body has more than {MOST_BYTES_OUTSIDE} bytes.")
    read_exactly(outside)


def _key(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _no_batch() -> MalformedBatchError:
    return MalformedBatchError('The body must be an event or an object with a list: {"batch": [ … ]}.')


__all__ = ["MOST_BYTES", "MOST_BYTES_PER_ITEM", "Envelope", "TooLargeError", "envelope_of", "unpacked"]
