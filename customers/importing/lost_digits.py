"""What spreadsheets take from numbers that are no amounts: leading zeros, the plus, the digits that do not fit."""

import re

import phonenumbers

# Digits of a postal code, and with how many zeros one may begin. Codes of AT, CH and most others begin with none.
LENGTHS = {
    "DE": (5, 1), "DK": (4, 1), "ES": (5, 1), "FI": (5, 4), "FR": (5, 1), "IT": (5, 3), "LT": (5, 2), "MX": (5, 1),
    "NO": (4, 3), "NZ": (4, 1), "AU": (4, 1), "PR": (5, 2), "RO": (6, 1), "SK": (5, 1), "TR": (5, 1), "UA": (5, 1),
    "US": (5, 2),
}  # fmt: skip
# The longest number of a place in Germany has eleven digits: what has more begins with the code of the country.
FEWEST_WITH_CODE = 12
_shortened = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{2}")


def with_zeros(postal_code: str, *, country: str) -> str:
    """The postal code as long as those of the country are, where only zeros can be missing."""
    if country not in LENGTHS or not (postal_code.isascii() and postal_code.isdecimal()):
        return postal_code
    length, most_zeros = LENGTHS[country]
    return postal_code.zfill(length) if length - len(postal_code) <= most_zeros else postal_code


def with_plus(phone: str, *, country: str) -> str:
    """491701234567 is +49 170 1234567: a spreadsheet took the plus for a sign."""
    if len(phone) < FEWEST_WITH_CODE or phone[0] == "0" or not (phone.isascii() and phone.isdecimal()):
        return phone
    if not phone.startswith(str(phonenumbers.country_code_for_region(country))):
        return phone
    return f"+{phone}" if phonenumbers.is_valid_number(phonenumbers.parse(f"+{phone}")) else phone


def is_shortened(text: str) -> bool:
    """4,91701E+11: the rest is lost, and many numbers look alike."""
    return "E+" in text and bool(_shortened.fullmatch(text))
