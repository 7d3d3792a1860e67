"""The bytes of a request, never more than allowed and whatever its encoding."""

import zlib
from email.message import Message

from django.http import UnreadablePostError
from rest_framework.request import Request

from accounts.api.problems import Problem
from touchpoints.decoding import MOST_BYTES

GZIP = 31  # zlib's wbits for a gzip header


def body_of(request: Request) -> bytes:
    _check_media_type(request.headers.get("Content-Type", ""))
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise Problem(415, "unsupported_encoding", "Content-Encoding may be gzip or left out.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise _too_large()
    try:
        body: bytes = request.read(MOST_BYTES + 1)
    except UnreadablePostError:
        raise Problem(400, "incomplete", "The body ended too early.") from None
    if encoding == "gzip":
        body = _unpacked(body)
    if len(body) > MOST_BYTES:
        raise _too_large()
    return body


def _too_large() -> Problem:
    return Problem(413, "too_large", f"A batch has at most {MOST_BYTES} bytes, also uncompressed.")


def _check_media_type(header: str) -> None:
    message = Message()
    message["Content-Type"] = header
    if message.get_content_type() != "application/json":
        raise Problem(415, "unsupported_media_type", "Send application/json.")
    if str(message.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8"}:
        raise Problem(415, "unsupported_charset", "Send UTF-8.")


def _unpacked(body: bytes) -> bytes:
    """Stops at the limit, so a small bomb stays small."""
    stream = zlib.decompressobj(GZIP)
    try:
        unpacked = stream.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise Problem(400, "malformed", "The body is not gzip.") from None
    if len(unpacked) <= MOST_BYTES and not stream.eof:
        raise Problem(400, "malformed", "The gzip stream ended too early.")
    return unpacked
