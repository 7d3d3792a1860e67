"""The quick way to read a phone number says the same as the library, or nothing."""

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.phone import plain_number

COUNTRIES = ("DE", "AT", "CH", "GB", "FR", "NL", "SE", "IT", "US", "PL", "ES", "TR", "BR", "XX")
digits = st.text("0123456789", min_size=1, max_size=6)
prefixes = st.sampled_from(["0", "00", "+", "+49", "+43", "+41", "+44", "+39", "+1", ""])
signs = st.sampled_from([" ", "/", "-", ".", ""])
parts = st.lists(digits, min_size=1, max_size=4)
numbers = st.builds(lambda prefix, sign, those: prefix + sign.join(those), prefixes, signs, parts)


def by_the_library(text: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@given(numbers, st.sampled_from(COUNTRIES))
@example("030 1234567", "DE")
@example("01 5123456", "AT")
@example("+49 30 1234567", "DE")
@example("0171/1234567", "DE")
@example("06 12345678", "IT")
def test_it_says_the_same_or_nothing(text, country):
    assert plain_number(text, country) in (None, by_the_library(text, country))


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("0171/123-4567", "DE", "+491711234567"),
        ("+49 30 1234567", "DE", "+49301234567"),
        ("044 668 18 00", "CH", "+41446681800"),
    ],
)
def test_it_knows_the_usual_ways_of_writing(text, country, number):
    assert plain_number(text, country) == number


@pytest.mark.parametrize("text", ["030", "0800 FLOWERS", "030 1234567 ext 5", "(030) 123", "+43 1 5123456", ""])
def test_it_leaves_the_rest_to_the_library(text):
    assert plain_number(text, "DE") is None
