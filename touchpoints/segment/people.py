"""Whom an event is about, and what it tells about them. Everything here is as sent, nothing is looked up."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from msgspec import Struct
from phonenumbers import SUPPORTED_REGIONS

from customers.identity import Identifier, InvalidIdentityError, identifier

# What programs send where they mean nobody; as an identifier it would make one person of all.
NOBODY = frozenset({"", "null", "undefined", "none", "nan", "[object object]", "anonymous", "guest"})
LONGEST_FIELD = {
    "given_name": 120, "family_name": 120, "company_name": 200, "street": 200, "postal_code": 12, "city": 120,
    "country": 2, "language": 2,
}  # fmt: skip
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


class Told(Struct, gc=False):
    """What an event tells about a person beside who it is.

    `former`: another identifier of the same person, first as a user ID, then as an anonymous one.
    `company` is the ID of a group and its name.
    """

    fields: dict[str, str] = {}
    former: tuple[Identifier, ...] = ()
    company: tuple[Identifier, str] | None = None


def text_of(value: Any) -> str:
    """Numbers count as text: IDs and postal codes come as such."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value).strip()


def named(value: Any) -> str:
    """An ID of somebody. Empty for what means nobody."""
    text = text_of(value)
    return "" if text.lower() in NOBODY else text


def traits_of(event: Mapping[str, Any]) -> dict[str, Any]:
    """They may stand in the context only."""
    context = _object(event.get("context"))
    return _object(context.get("traits")) | _object(event.get("traits"))


def contacts_of(traits: Mapping[str, Any], *, country: str) -> dict[str, str]:
    """The addresses that can be used; another one stays a mere trait. Phone numbers belong where the person lives."""
    country = phone_country(traits) or country
    found = {}
    for kind in ("email", "phone"):
        text = text_of(traits.get(kind))
        try:
            if text:
                found[kind] = identifier(kind, text, country=country).value
        except InvalidIdentityError:
            continue
    return found


def fields_of(traits: Mapping[str, Any], *, locale: Any = None) -> dict[str, str]:
    """Fields of a customer, by their names there."""
    given, family = (
        _text(traits, "firstName", "first_name", "firstname"),
        _text(traits, "lastName", "last_name", "lastname"),
    )
    if not given and not family:
        given, _space, family = _text(traits, "name").rpartition(" ")
    company, address = traits.get("company"), _object(traits.get("address"))
    told = {
        "given_name": given,
        "family_name": family,
        "company_name": _text(company, "name") if isinstance(company, dict) else _text(traits, "company"),
        "street": _text(address, "street"),
        "postal_code": _text(address, "postalCode", "postal_code", "zip"),
        "city": _text(address, "city"),
        "country": _country(traits),
        "language": _language(_text(traits, "language", "locale") or locale),
    }
    return {name: text for name, text in told.items() if text and len(text) <= LONGEST_FIELD[name]}


def phone_country(traits: Mapping[str, Any]) -> str:
    """Where the person says to live, if phones ring there."""
    country = _country(traits)
    return country if country in SUPPORTED_REGIONS else ""


def _text(values: Mapping[str, Any], *names: str) -> str:
    return next((text for text in (text_of(values.get(name)) for name in names) if text), "")


def _country(traits: Mapping[str, Any]) -> str:
    text = _text(_object(traits.get("address")), "country")
    return text.upper() if len(text) == 2 and text.isascii() and text.isalpha() else ""


def _language(text: Any) -> str:
    code = text[:2].lower() if isinstance(text, str) else ""
    return code if code in LANGUAGES else ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
