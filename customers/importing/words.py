"""Words people write into cells for countries, languages, salutations and colleagues."""

from functools import cache, lru_cache

from babel import Locale
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from customers.importing.columns import normalised
from customers.table_files.cells import CACHE, CellError, short

SALUTATIONS = {
    "frau": "frau", "fr": "frau", "ms": "frau", "mrs": "frau", "miss": "frau", "madame": "frau",
    "herr": "herr", "herrn": "herr", "hr": "herr", "mr": "herr",
    # Said, but nothing to write a mail with: such a person is addressed by the full name.
    "divers": "", "firma": "", "familie": "", "eheleute": "", "ohne": "", "keine": "", "unbekannt": "",
}  # fmt: skip
LANGUAGES = {
    "de": "de", "dede": "de", "deutsch": "de", "german": "de",
    "en": "en", "engb": "en", "enus": "en", "englisch": "en", "english": "en",
}  # fmt: skip
COUNTRIES = {
    "d": "DE", "brd": "DE", "ger": "DE", "a": "AT", "aut": "AT", "sui": "CH", "uk": "GB", "england": "GB", "usa": "US",
    "holland": "NL",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    names = {
        normalised(name): code
        for language in ("en", "de")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return names | {code.lower(): code for code in set(names.values())} | COUNTRIES


@lru_cache(maxsize=CACHE)
def country(text: str) -> str:
    try:
        return _countries()[normalised(text)]
    except KeyError:
        detail = _("“%(text)s” is no country; write for example DE or Germany.")
        raise CellError(detail % {"text": short(text)}) from None


@lru_cache(maxsize=CACHE)
def language(text: str) -> str:
    try:
        return LANGUAGES[normalised(text)]
    except KeyError:
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        detail = _("“%(text)s” is no language of this installation (%(known)s).")
        raise CellError(detail % {"text": short(text), "known": known}) from None


@lru_cache(maxsize=CACHE)
def salutation(text: str) -> str:
    try:
        return SALUTATIONS[normalised(text)]
    except KeyError:
        detail = _("“%(text)s” is no salutation; write Frau, Herr, or leave it empty.")
        raise CellError(detail % {"text": short(text)}) from None


class Colleagues:
    """Active users by user name, e-mail address and full name."""

    def __init__(self) -> None:
        self.by_name: dict[str, set[int]] = {}
        for user in User.objects.filter(is_active=True):
            for name in (user.username, user.email, user.get_full_name()):
                self.by_name.setdefault(name.strip().casefold(), set()).add(user.pk)

    def read(self, text: str) -> int:
        found = self.by_name.get(text.casefold(), set())
        if len(found) != 1:
            detail = _("“%(text)s” names no colleague; write the user name or e-mail address.")
            raise CellError(detail % {"text": short(text)})
        return next(iter(found))
