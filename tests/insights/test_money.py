from decimal import Decimal

import pytest
from django.utils import translation

from accounts.money import money_text


@pytest.mark.parametrize(
    ("value", "currency", "german", "english"),
    [
        ("1234.5", "EUR", "1.234,50 €", "€1,234.50"),
        ("-12.3456", "EUR", "−12,35 €", "−€12.35"),
        ("99", "CHF", "99,00 CHF", "CHF99.00"),
        ("1500", "JPY", "1.500 ¥", "JP¥1,500"),
    ],
)
def test_money_is_written_as_the_language_does(value: str, currency: str, german: str, english: str) -> None:
    for language, expected in (("de", german), ("en", english)):
        with translation.override(language):
            assert money_text(Decimal(value), currency).replace("\N{NO-BREAK SPACE}", " ") == expected
