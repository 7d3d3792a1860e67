"""ETags made of one short digest per field: a stale one tells which fields changed since, of any kind of row."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson
from django.conf import settings
from django.utils.http import parse_etags

DIGITS = 4
"""24 bits per field; keyed, so that an ETag in somebody's log tells nothing about a person."""


def etag_of(shown: Mapping[str, Any]) -> str:
    return f'"{"".join(_digest(name, value) for name, value in shown.items())}"'


def is_known(etag: str, header: str) -> bool:
    """Whether the header names this state, or any."""
    return any(known in ("*", etag) for known in parse_etags(header))


def changed_fields(shown: Mapping[str, Any], header: str) -> list[str]:
    """The fields that differ from the state which the header names; all of them when it names none of ours."""
    now = etag_of(shown).strip('"')
    for known in parse_etags(header):
        then = known.removeprefix("W/").strip('"')
        if len(then) == len(now):
            return [
                name
                for place, name in enumerate(shown)
                if then[place * DIGITS : (place + 1) * DIGITS] != now[place * DIGITS : (place + 1) * DIGITS]
            ]
    return list(shown)


def _digest(name: str, value: Any) -> str:
    text = orjson.dumps([name, value], default=str)
    key = settings.SECRET_KEY.encode()[:64]
    return urlsafe_b64encode(blake2b(text, digest_size=3, key=key).digest()).decode()
