"""JSON that every reader reads alike: no key twice, no NaN; and what the database cannot hold of it."""

import json
import re
from typing import Any

DEEPEST = 20
LARGEST_INTEGER = 10**17 - 1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_unstorable = re.compile("[\x00\ud800-\udfff]")


def strictly_read(text: str | bytes) -> Any:
    """Raises ValueError, or RecursionError where it is nested by the thousand."""
    return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_number)


def is_storable(text: str) -> bool:
    """PostgreSQL holds neither NUL nor half a character."""
    return _unstorable.search(text) is None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has the same key twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")
