"""From the bytes of a batch to its items, so that one bad item does not spoil the rest.

msgspec decodes fast but keeps the last of two equal keys; a count of the keys finds them, and only a body
that looks suspicious is decoded again by the slow and exact way.
"""

import json
import re
from math import isfinite
from threading import Lock
from typing import Any, NamedTuple

import msgspec

from accounts.strict_json import BYTE_ORDER_MARK, DEEPEST, LARGEST_INTEGER, is_storable, strictly_read

MOST_ITEMS = 500
MOST_BYTES = 2 * 1024 * 1024
MOST_BYTES_PER_ITEM = 32 * 1024
MOST_KEYS = 200
# Keeps a body of nothing but commas from becoming hundreds of thousands of objects, in every thread at once.
MOST_COMMAS = 250_000

_key_end = re.compile(rb'"\s*:')
_escaped_half_character = re.compile(rb"\\u[dD][89a-fA-F]")


# Held while a body becomes objects: the interpreter decodes one at a time anyway, and so it also holds only one.
decoding = Lock()


class MalformedBatchError(ValueError):
    """The body as a whole cannot be read."""


class ItemError(ValueError):
    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Item(NamedTuple):
    raw: bytes
    value: Any
    error: ItemError | None = None


class _Batch(msgspec.Struct, forbid_unknown_fields=True):
    touchpoints: list[msgspec.Raw]


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode_item = msgspec.json.Decoder().decode


def items_of(body: bytes) -> list[Item]:
    body = body.removeprefix(BYTE_ORDER_MARK)
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise MalformedBatchError(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None
    if body.count(b",") > MOST_COMMAS:
        raise MalformedBatchError(f"A batch holds at most {MOST_COMMAS:,} values.")
    try:
        raws = _decode_batch(body).touchpoints
    except (msgspec.DecodeError, RecursionError):
        return _items_slowly(body)
    if len(raws) > MOST_ITEMS:
        raise MalformedBatchError(f"A batch holds at most {MOST_ITEMS} touchpoints.")
    items, keys = [], 1
    for raw in raws:
        item, count = item_of(bytes(raw))
        items.append(item)
        keys += count
    if keys != keys_in(body):
        _items_slowly(body)
    return items


def keys_in(text: bytes) -> int:
    """At least as many as JSON has: texts that quote JSON count too."""
    return sum(1 for _end in _key_end.finditer(text))


def item_of(raw: bytes, *, most_keys: int = MOST_KEYS) -> tuple[Item, int]:
    """The item and the number of its keys; 0 where it is refused."""
    if len(raw) > MOST_BYTES_PER_ITEM:
        detail = f"A touchpoint has at most {MOST_BYTES_PER_ITEM} bytes."
        return Item(raw, None, ItemError("too_large", detail)), 0
    try:
        value = _decode_item(raw)
        return Item(raw, value), _checked(value, raw, most_keys)
    except ItemError as error:
        return Item(raw, value, error), 0
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        return Item(raw, None, ItemError("invalid", f"{error}.")), 0


def _items_slowly(body: bytes) -> list[Item]:
    """Finds duplicate keys, and reads what msgspec refuses as a whole: half a character in one of the items."""
    batch = read_exactly(body)
    if not isinstance(batch, dict) or set(batch) != {"touchpoints"} or not isinstance(batch["touchpoints"], list):
        raise MalformedBatchError('The body must be an object with one list: {"touchpoints": [ … ]}.')
    if len(batch["touchpoints"]) > MOST_ITEMS:
        raise MalformedBatchError(f"A batch holds at most {MOST_ITEMS} touchpoints.")
    return [item_of_value(value) for value in batch["touchpoints"]]


def read_exactly(body: bytes) -> Any:
    """What is no JSON, or has the same key twice, raises MalformedBatchError."""
    try:
        return strictly_read(body)
    except RecursionError:
        raise MalformedBatchError("The body is nested too deeply.") from None
    except ValueError as error:
        raise MalformedBatchError(f"The body is not JSON: {error}.") from None


def item_of_value(value: Any, *, most_keys: int = MOST_KEYS) -> Item:
    raw = json.dumps(value).encode()
    if len(raw) > MOST_BYTES_PER_ITEM:
        return Item(raw, None, ItemError("too_large", f"A touchpoint has at most {MOST_BYTES_PER_ITEM} bytes."))
    try:
        _checked(value, raw, most_keys)
    except ItemError as error:
        return Item(raw, value, error)
    return Item(raw, value)


def _checked(value: Any, raw: bytes, most_keys: int) -> int:
    """The number of keys of a value that the database can hold."""
    if not isinstance(value, dict):
        raise ItemError("invalid", "A touchpoint must be an object.")
    keys = _count_keys(value, 1)
    if keys > most_keys:
        raise ItemError("too_many_keys", f"A touchpoint has at most {most_keys} keys.")
    if (b"\\u0000" in raw or _escaped_half_character.search(raw)) and _has_unstorable_text(value):
        raise ItemError("unstorable_text", "A text or key holds NUL or half a character.")
    return keys


def _count_keys(value: dict[str, Any] | list[Any], depth: int) -> int:
    if depth > DEEPEST:
        raise ItemError("too_deep", f"A touchpoint is nested at most {DEEPEST} deep.")
    keys, children = (len(value), value.values()) if isinstance(value, dict) else (0, value)
    for child in children:
        kind = type(child)
        if kind is str:
            continue
        if kind is dict or kind is list:
            keys += _count_keys(child, depth + 1)
        elif (kind is float and not isfinite(child)) or (
            kind is int and not -LARGEST_INTEGER <= child <= LARGEST_INTEGER
        ):
            raise ItemError("number_out_of_range", "A number is infinite or has more than 17 digits; send it as text.")
    return keys


def _has_unstorable_text(value: Any) -> bool:
    if isinstance(value, str):
        return not is_storable(value)
    if isinstance(value, dict):
        return any(_has_unstorable_text(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(_has_unstorable_text(part) for part in value)
