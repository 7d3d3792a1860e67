"""One spelling for every identifier, so that the same person is found again however a system writes it."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from customers.phone import plain_number

LONGEST = 320
# Strongest first: whose touchpoint it is when identifiers of one event point to different customers.
BY_STRENGTH = ("user_id", "loyalty_card", "email", "phone", "external_id", "receipt", "anonymous_id")
# Two known customers who share one of these are one person.
UNIQUE_TO_A_PERSON = frozenset({"user_id", "loyalty_card", "email"})
# A customer with nothing else is anonymous.
ANONYMOUS = frozenset({"anonymous_id", "receipt"})

_email = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_unstorable = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class InvalidIdentityError(ValueError):
    """Says in one sentence what is wrong."""


class Identifier(NamedTuple):
    kind: str
    value: str


def new_identifier(kind: str, value: str | int, *, country: str = "") -> Identifier:
    """The normalised identifier; `country` (two letters) completes phone numbers, which else need their prefix."""
    if kind not in BY_STRENGTH:
        raise InvalidIdentityError(f"{kind!r} is no kind of identity; known are {', '.join(BY_STRENGTH)}.")
    text = str(value)
    if _unstorable.search(text):
        raise InvalidIdentityError(f"The {kind} holds a control character.")
    text = _spellings.get(kind, _opaque)(text, country)
    if not 0 < len(text) <= LONGEST:
        raise InvalidIdentityError(f"The {kind} must have 1 to {LONGEST} characters.")
    return Identifier(kind, text)


# The same persons come again and again with events; in a file of customers they stand once.
identifier = lru_cache(maxsize=8192, typed=True)(new_identifier)


def _opaque(text: str, _country: str) -> str:
    return text.strip()


def _email_address(text: str, _country: str) -> str:
    address = unicodedata.normalize("NFC", text.strip()).lower()
    if not _email.fullmatch(address):
        raise InvalidIdentityError("This is no e-mail address.")
    return address


def _phone_number(text: str, country: str) -> str:
    if plain := plain_number(text.strip(), country):
        return plain
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        raise InvalidIdentityError("This is no phone number.") from None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise InvalidIdentityError("This phone number is too short or too long for its country.")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_spellings: dict[str, Callable[[str, str], str]] = {"email": _email_address, "phone": _phone_number}
