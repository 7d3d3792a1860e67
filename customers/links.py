"""Links that customers get: an HMAC over (purpose, row, nonce), derived when needed and stored nowhere.

A token reads `<row>~<24 characters>`, so that `hide_tokens` can find it in any text.
"""

import base64
import hashlib
import hmac
import re
from enum import StrEnum

from django.conf import settings
from django.urls import reverse

SIGNATURE_BYTES = 18  # 144 bits
_token = re.compile(r"(?<!\w)(\d{1,18})~[\w-]{24}(?![\w-])")


class LinkPurpose(StrEnum):
    """What a link is good for; a link for one purpose opens nothing else."""

    UNSUBSCRIBE = "unsubscribe"
    ANSWER = "answer"
    OPT_IN = "opt-in"
    PREFERENCES = "preferences"
    HANDED_PREFERENCES = "handed-preferences"


def token(purpose: str, row: int, *, nonce: int = 0) -> str:
    """A new nonce on the row revokes every token given out before."""
    return f"{row}~{_signature(purpose, row, nonce)}"


def claimed_row(text: str) -> int | None:
    """The row a token says it is for; load it, then ask `is_genuine`."""
    found = _token.fullmatch(text)
    return int(found[1]) if found else None


def is_genuine(text: str, *, purpose: str, row: int, nonce: int = 0) -> bool:
    return hmac.compare_digest(text.encode(), token(purpose, row, nonce=nonce).encode())


def public_url(name: str, text: str) -> str:
    """The absolute address of a public page for a mail."""
    return settings.SITE_URL + reverse(name, args=[text])


def hide_tokens(text: str) -> str:
    """For logs and stored copies: whoever reads them must not be able to answer for the customer."""
    return _token.sub(r"\1~…", text)


def _signature(purpose: str, row: int, nonce: int) -> str:
    message = f"{purpose}:{row}:{nonce}".encode()
    digest = hmac.new(settings.LINK_KEY.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode()
