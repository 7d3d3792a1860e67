"""The doors for Segment and RudderStack SDKs. What they insist on is written beside it."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts.acting import acts
from accounts.api.problems import RETRY_AFTER
from accounts.models import ApiKey, Scope
from touchpoints.actions import ingest_sdk_items
from touchpoints.api.writers import TooFastError, find_write_key, take_from_rate
from touchpoints.decoding import MalformedBatchError, decoding
from touchpoints.models import Source
from touchpoints.segment.arrival import Arrival, clock
from touchpoints.segment.wire import MOST_BYTES, TooLargeError, envelope_of, unpacked

BATCH = "batch"
# The short forms of browsers.
KINDS = {"t": "track", "i": "identify", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": BATCH}
METRICS = "m"
PREFLIGHT = {"Access-Control-Allow-Methods": "POST, GET", "Access-Control-Max-Age": "86400"}
ALLOWED_HEADERS = "authorization, anonymousid, content-type, content-encoding, sentat, x-retry-count"
NAMES_OF_HEADERS = re.compile(r"[A-Za-z0-9, -]{1,1000}")
# Read and thrown away, so that the client gets to read the answer.
MOST_BYTES_DRAINED = 64 * 1024 * 1024
# In memory while another body is decoded.
MOST_BYTES_WAITING = 1024 * 1024
PIECE = 64 * 1024
View = Callable[..., HttpResponse]


class RefusedError(Exception):
    def __init__(self, status: int, code: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


def for_sdks(view: View) -> View:
    """Pages of any origin may send, nobody's cookies are looked at, and every answer has the one shape."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = _preflight(request) if request.method == "OPTIONS" else _tried(view, request, kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Retry-After"
        return response

    return wrapped


def refusal(status: int, code: str, message: str, *, retry_after: int | None = None) -> HttpResponse:
    """Without both success and code one SDK sends again for ever."""
    response = _answer({"success": False, "code": code, "message": message}, status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


@for_sdks
def receive(request: HttpRequest, path: str) -> HttpResponse:
    """`path` is the last part of the address; the answer to success is always 200."""
    if request.method != "POST":
        raise RefusedError(405, "method_not_allowed", "Send a POST.")
    kind = KINDS.get(path, path)
    try:
        with SpooledTemporaryFile(MOST_BYTES_WAITING) as body:
            _received(request, body)
            if path == METRICS:
                return _success()
            with decoding:
                envelope = envelope_of(unpacked(body.read()), is_event=kind != BATCH)
        source = _source(_key(request) or envelope.write_key or request.GET.get("writeKey", ""))
        with decoding:
            items = envelope.read_items()
    except TooLargeError as error:
        raise RefusedError(413, "too_large", str(error)) from None
    except MalformedBatchError as error:
        raise RefusedError(400, "malformed", str(error)) from None
    take_from_rate(source, count=len(items))
    ingest_sdk_items(source=source, items=items, arrival=Arrival(kind, clock(envelope.sent_at)), now=timezone.now())
    return _success()


@for_sdks
def source_config(request: HttpRequest) -> HttpResponse:
    """RudderStack's browser SDK starts only with this: one source, no destinations, no reports about itself."""
    if request.method != "GET":
        raise RefusedError(405, "method_not_allowed", "Ask with a GET.")
    key = _key(request) or request.GET.get("writeKey", "")
    source = _source(key)
    off = {"enabled": False}
    told = {
        "id": source.key,
        "name": source.name,
        "writeKey": key,
        "enabled": True,
        "workspaceId": "kundenpfad",
        "destinations": [],
        "config": {"statsCollection": {"errors": off, "metrics": off}},
    }
    return _answer({"source": told, "updatedAt": source.created_at.isoformat()})


@for_sdks
def no_such_path(_request: HttpRequest) -> HttpResponse:
    raise RefusedError(404, "not_found", "There is no such endpoint.")


def _preflight(request: HttpRequest) -> HttpResponse:
    """RudderStack names further headers when it tries again, and others with every release: all may come."""
    asked = request.headers.get("Access-Control-Request-Headers", "")
    allowed = f"{ALLOWED_HEADERS}, {asked}" if NAMES_OF_HEADERS.fullmatch(asked) else ALLOWED_HEADERS
    return HttpResponse(status=204, headers=PREFLIGHT | {"Access-Control-Allow-Headers": allowed})


def _tried(view: View, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, **kwargs)
    except RefusedError as error:
        return refusal(error.status, error.code, error.message, retry_after=error.retry_after)
    except TooFastError as error:
        return refusal(429, "too_fast", str(error), retry_after=error.seconds)
    except (OperationalError, InterfaceError):
        message = "The database does not answer. Nothing was stored; send it again."
        return refusal(503, "unavailable", message, retry_after=RETRY_AFTER)


def _received(request: HttpRequest, body: IO[bytes]) -> None:
    """Written to `body`, which keeps what is large on disk until it is its turn to be decoded."""
    left = MOST_BYTES
    try:
        if int(request.headers.get("Content-Length") or 0) <= MOST_BYTES:
            while left >= 0 and (piece := request.read(PIECE)):
                left -= body.write(piece)
            if left >= 0:
                body.seek(0)
                return
        _drain(request)
    except UnreadablePostError:
        raise RefusedError(400, "incomplete", "The body ended too early.") from None
    except OSError:
        raise RefusedError(503, "unavailable", "The disk is full. Send it again.", retry_after=RETRY_AFTER) from None
    raise RefusedError(413, "too_large", f"A request has at most {MOST_BYTES} bytes.")


def _drain(request: HttpRequest) -> None:
    left = MOST_BYTES_DRAINED
    while left > 0 and (read := len(request.read(PIECE))):
        left -= read


def _key(request: HttpRequest) -> str:
    """The user of Basic authentication, without password."""
    scheme, _space, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return encoded.strip() if scheme.lower() == "bearer" else ""
    try:
        return b64decode(encoded).decode().partition(":")[0]
    except (Base64Error, UnicodeDecodeError, ValueError):
        return ""


def _source(key: str) -> Source:
    api_key: ApiKey | None = find_write_key(key)
    if api_key is None or Scope.TOUCHPOINTS_WRITE not in api_key.scopes or not hasattr(api_key, "write_key"):
        raise RefusedError(401, "unknown_key", "This write key is unknown, expired or revoked.")
    acts(api_key=api_key.pk)
    source: Source = api_key.write_key.source
    if not source.is_active:
        raise RefusedError(401, "source_off", "This source is switched off.")
    return source


def _success() -> HttpResponse:
    return _answer({"success": True})


def _answer(body: dict[str, Any], status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
