from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format, number_format


@pytest.mark.parametrize(
    ("language", "long", "short", "number"),
    [
        ("de", "2. März 2026 17:05", "02.03.2026", "1.234,5"),
        ("en", "2 March 2026, 17:05", "02/03/2026", "1,234.5"),
    ],
)
def test_dates_and_numbers_are_german_or_british(language: str, long: str, short: str, number: str) -> None:
    moment = datetime(2026, 3, 2, 17, 5, tzinfo=UTC)

    with translation.override(language):
        assert date_format(moment, "DATETIME_FORMAT") == long
        assert date_format(moment, "SHORT_DATE_FORMAT") == short
        assert number_format(1234.5, force_grouping=True) == number
