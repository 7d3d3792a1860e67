"""Suppressed addresses are kept as a keyed HMAC: it survives erasure and says nothing without the address."""

import hashlib
import hmac
import unicodedata

from django.conf import settings


def address_hmac(address: str) -> bytes:
    spelling = unicodedata.normalize("NFC", address.strip()).lower()
    return hmac.new(settings.ADDRESS_KEY.encode(), spelling.encode(), hashlib.sha256).digest()
