"""What stands in a cell, by the declared style of the file. Never guessed."""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

CACHE = 65_536
HIGHEST_VALUE = Decimal(10) ** 12


class CellError(ValueError):
    """Says in one sentence what is wrong with a row."""


def number_reader(*, decimal: str, thousands: str) -> Callable[[str], Decimal]:
    grouped = rf"|[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+" if thousands else ""
    pattern = re.compile(rf"[+-]?(?:[0-9]+{grouped})(?:{re.escape(decimal)}[0-9]+)?")

    @lru_cache(maxsize=CACHE)
    def read(text: str) -> Decimal:
        text = text.strip()
        if not pattern.fullmatch(text):
            raise CellError(
                _("“%(text)s” is no number written like %(example)s.")
                % {"text": short(text), "example": f"1{thousands}234{decimal}56"}
            )
        plain = text.replace(thousands, "") if thousands else text
        number = Decimal(plain.replace(decimal, "."))
        if abs(number) >= HIGHEST_VALUE:
            raise CellError(_("“%(text)s” is too large.") % {"text": short(text)})
        return number

    return read


def bounded(text: str, *, column: str, longest: int) -> str:
    if len(text) > longest:
        raise CellError(
            _("“%(column)s” holds more than %(longest)s characters.") % {"column": column, "longest": longest}
        )
    return text


def short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
