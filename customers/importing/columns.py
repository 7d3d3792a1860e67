"""What a column can mean, and which meaning its name suggests."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

IDENTITIES = ("user_id", "email", "phone", "loyalty_card", "external_id")
TEXT, NUMBER, DAY = "text", "number", "day"
"""Columns kept beside the fields, under their own name."""
_SPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class Meaning:
    key: str
    label: "StrOrPromise"
    is_repeatable: bool = False


MEANINGS = (
    Meaning("user_id", _("customer number")),
    Meaning("email", _("e-mail"), is_repeatable=True),
    Meaning("phone", _("phone"), is_repeatable=True),
    Meaning("loyalty_card", _("loyalty card"), is_repeatable=True),
    Meaning("external_id", _("external ID (not unique to a person)"), is_repeatable=True),
    Meaning("salutation", _("salutation")),
    Meaning("title", _("title")),
    Meaning("given_name", _("given name")),
    Meaning("family_name", _("family name")),
    Meaning("company_name", _("company")),
    Meaning("street", _("street")),
    Meaning("house_number", _("house number (joined to the street)")),
    Meaning("postal_code", _("postal code")),
    Meaning("city", _("city")),
    Meaning("country", _("country")),
    Meaning("language", _("language")),
    Meaning("time_zone", _("time zone")),
    Meaning("owner", _("owner (user name, e-mail address or full name)")),
    Meaning(TEXT, _("keep as text under its name"), is_repeatable=True),
    Meaning(NUMBER, _("keep as number under its name"), is_repeatable=True),
    Meaning(DAY, _("keep as date under its name"), is_repeatable=True),
)
# As `normalised` spells them.
NAMES = {
    "user_id": ("kundennummer kundennr kdnr kundenid kunde customerid customernumber userid debitor debitorennummer"),
    "email": "email emailadresse mail mailadresse emailprivat emailgeschaeftlich emailaddress",
    "phone": (
        "telefon telefonnummer telefonnr tel phone phonenumber mobil mobilnummer mobiltelefon handy "
        "handynummer mobile festnetz"
    ),
    "loyalty_card": "kundenkarte kartennummer karte bonuskarte loyaltycard",
    "external_id": "externeid externalid crmid",
    "salutation": "anrede salutation",
    "title": "titel title akademischertitel",
    "given_name": "vorname vornamen firstname givenname rufname",
    "family_name": "nachname name familienname zuname lastname surname familyname",
    "company_name": "firma firmenname firmierung unternehmen company companyname organisation",
    "street": (
        "strasse strassehausnummer strasseundhausnummer strassehausnr strassenr adresse anschrift "
        "street streetaddress address"
    ),
    "house_number": "hausnummer hausnr hnr housenumber",
    "postal_code": "plz postleitzahl zip zipcode postalcode postcode",
    "city": "ort stadt wohnort city town",
    "country": "land staat laendercode laenderkennzeichen country countrycode",
    "language": "sprache sprachcode language",
    "time_zone": "zeitzone timezone",
    "owner": "zustaendig zustaendigkeit betreuer betreuerin kundenbetreuer owner accountmanager",
}
BY_KEY = {meaning.key: meaning for meaning in MEANINGS}
_BY_NAME = {name: key for key, names in NAMES.items() for name in names.split()}


def normalised(name: str) -> str:
    return re.sub("[^a-z0-9]", "", normalize("NFC", name).casefold().translate(_SPELLINGS))


def suggested(header: list[str]) -> list[str]:
    """The likely meaning of each column; "" where none is, or where another column has it already."""
    taken: set[str] = set()
    meanings = []
    for name in header:
        key = _BY_NAME.get(normalised(name), "")
        if key and key in taken and not BY_KEY[key].is_repeatable:
            key = ""
        taken.add(key)
        meanings.append(key)
    return meanings
