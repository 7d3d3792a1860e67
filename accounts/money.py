"""Amounts of money as people read them, by the language of the page."""

from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import get_language

MINUS = "−"


def money_text(value: Decimal | float, currency: str) -> str:
    return format_currency(value, currency, locale=babel_locale()).replace("-", MINUS)


def babel_locale() -> str:
    return "de" if (get_language() or "de").startswith("de") else "en_GB"
