"""Who may write touchpoints: keys of sources, looked up once in a few seconds by each process, and their rates."""

from math import ceil
from time import time
from typing import Any, NamedTuple

from rest_framework.request import Request

from accounts.api.authentication import ApiKeyAuthentication, find_api_key
from accounts.api.problems import Problem
from accounts.models import ApiKey
from touchpoints.models import Source
from touchpoints.rate import TokenBucket

# A revoked key works on for so long.
REMEMBERED_SECONDS = 5
MOST_REMEMBERED = 1000


class _Remembered(NamedTuple):
    until: float
    api_key: ApiKey


_api_keys: dict[str, _Remembered] = {}
_buckets: dict[int, TokenBucket] = {}


class WriteKeyAuthentication(ApiKeyAuthentication):
    """An API key that belongs to a source."""

    def find(self, key: str) -> ApiKey | None:
        return find_write_key(key)


def find_write_key(key: str) -> ApiKey | None:
    remembered = _api_keys.get(key)
    if remembered and remembered.until > time():
        return remembered.api_key
    api_key = find_api_key(key, among=ApiKey.objects.select_related("write_key__source__brand"))
    if api_key is None:
        _api_keys.pop(key, None)
    else:
        if len(_api_keys) >= MOST_REMEMBERED:
            _api_keys.clear()
        _api_keys[key] = _Remembered(time() + REMEMBERED_SECONDS, api_key)
    return api_key


def source_of(request: Request) -> Source:
    api_key: Any = request.auth
    if not hasattr(api_key, "write_key"):
        raise Problem(403, "no_source", "This API key belongs to no source.")
    source: Source = api_key.write_key.source
    if not source.is_active:
        raise Problem(403, "source_off", "This source is switched off.")
    return source


class TooFastError(Exception):
    """More than the rate of a source; to be sent again after some whole `seconds`."""

    def __init__(self, per_second: int, wait: float) -> None:
        super().__init__(f"This source may send {per_second} touchpoints per second.")
        self.seconds = ceil(wait)


def take(source: Source, *, count: int) -> None:
    try:
        take_from_rate(source, count=count)
    except TooFastError as error:
        raise Problem(429, "too_fast", str(error), retry_after=error.seconds) from None


def take_from_rate(source: Source, *, count: int) -> None:
    """Count against the source's rate in this process."""
    per_second = max(source.events_per_second, 1)
    bucket = _buckets.get(source.pk)
    if bucket is None or bucket.per_second != per_second:
        bucket = _buckets[source.pk] = TokenBucket.full(per_second=per_second, now=time())
    if wait := bucket.take(count, now=time()):
        raise TooFastError(per_second, wait)
