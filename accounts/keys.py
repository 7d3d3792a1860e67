"""Making and recognising API keys: `kp_<prefix>_<secret>`, 160 random bits, SHA-256 kept."""

import base64
import hashlib
import hmac
import secrets
from typing import NamedTuple

PREFIX_LENGTH = 8


class NewKey(NamedTuple):
    key: str
    prefix: str
    digest: bytes


def make_key() -> NewKey:
    prefix = secrets.token_hex(PREFIX_LENGTH // 2)
    secret = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    key = f"kp_{prefix}_{secret}"
    return NewKey(key=key, prefix=prefix, digest=digest_of(key))


def digest_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def prefix_of(key: str) -> str | None:
    """The prefix under which a key is stored, or None if the text cannot be a key of ours."""
    parts = key.split("_")
    if len(parts) != 3 or parts[0] != "kp" or len(parts[1]) != PREFIX_LENGTH or not key.isascii():
        return None
    return parts[1]


def is_same(digest: bytes | memoryview, key: str) -> bool:
    return hmac.compare_digest(bytes(digest), digest_of(key))
