"""How likely two records are one person, from what they have in common. Texts come folded (customers.search)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# Where two words are called alike; pg_trgm finds names from here on (customers.candidates).
ALIKE = 0.6
GIVEN_NAME_ALIKE = 0.4
ONLY_POSTAL_CODE = 0.4
SUGGESTED_FROM = 0.4
LIKELY_FROM, VERY_LIKELY_FROM = 0.6, 0.77
# A name alone is at most possible; one that more people bear is no reason to ask.
FEW_NAMESAKES = 2
RARE_NAME, COMMON_NAME, ADDRESS = 0.55, 0.3, 0.5
# People move, so another address speaks against a name, but not by much.
LIVES_ELSEWHERE = 0.8
# What one event named of both; a device is shared in many a family.
SHARED = {"phone": 0.5, "device": 0.4, "identifier": 0.6}

_words = re.compile(r"\w+")
_street = re.compile(r"str(asse|\b)\.?")
_number = re.compile(r"\d+\s*[a-z]?\b")


class Card(NamedTuple):
    """What is compared of a record."""

    salutation: str = ""
    given_name: str = ""
    family_name: str = ""
    company_name: str = ""
    street: str = ""
    postal_code: str = ""


class Similarity(NamedTuple):
    score: float
    reasons: list[str]

    @property
    def is_worth_asking(self) -> bool:
        return bool(self.reasons) and self.score >= SUGGESTED_FROM


def compare(one: Card, other: Card, *, shared: Iterable[str] = (), namesakes: int = 0) -> Similarity:
    """`shared`: kinds of evidence from events (phone, device, identifier); `namesakes`: others who bear this name.

    The score is that of independent hints: 1 − ∏ (1 − weight · likeness). More in common never lowers it.
    """
    weight = RARE_NAME if namesakes <= FEW_NAMESAKES else COMMON_NAME
    weight *= LIVES_ELSEWHERE if lives_elsewhere(one, other) else 1
    name, address = name_likeness(one, other), address_likeness(one, other)
    hints = {"name": weight * name, "address": ADDRESS * address} | {kind: SHARED[kind] for kind in sorted({*shared})}
    doubt = 1.0
    for hint in hints.values():
        doubt *= 1 - hint
    reasons = [kind for kind in hints if kind in SHARED]
    reasons += ["name"] if name >= ALIKE else []
    reasons += ["address"] if address >= ALIKE else []
    return Similarity(round(1 - doubt, 4), sorted(reasons))


def likeness(one: str, other: str) -> float:
    """Shared trigrams among all, as pg_trgm's similarity() does: the order of the words makes no difference."""
    left, right = _trigrams(one), _trigrams(other)
    return len(left & right) / len(left | right) if left and right else 0.0


def name_likeness(one: Card, other: Card) -> float:
    """0 for relatives: the given names must be alike, too, and may not be those of a woman and a man."""
    if not (one.family_name and other.family_name):
        return likeness(one.company_name, other.company_name)
    if one.salutation and other.salutation and one.salutation != other.salutation:
        return 0.0
    if _given_likeness(one, other) < GIVEN_NAME_ALIKE:
        return 0.0
    return likeness(f"{one.given_name} {one.family_name}", f"{other.given_name} {other.family_name}")


def address_likeness(one: Card, other: Card) -> float:
    """Of the same family (or company): neighbours have nothing in common."""
    if not one.postal_code or one.postal_code != other.postal_code or _household_likeness(one, other) < ALIKE:
        return 0.0
    if not one.street or not other.street:
        return ONLY_POSTAL_CODE
    return _street_likeness(one.street, other.street)


def lives_elsewhere(one: Card, other: Card) -> bool:
    """Both addresses are known, and they are two."""
    if not one.postal_code or not other.postal_code:
        return False
    if one.postal_code != other.postal_code:
        return True
    return bool(one.street and other.street) and _street_likeness(one.street, other.street) < ALIKE


def _given_likeness(one: Card, other: Card) -> float:
    swapped = min(likeness(one.given_name, other.family_name), likeness(one.family_name, other.given_name))
    return max(likeness(one.given_name, other.given_name), swapped, _initial_likeness(one.given_name, other.given_name))


def _initial_likeness(one: str, other: str) -> float:
    """“A.” may be Anna."""
    shorter, longer = sorted((one.strip(" ."), other.strip(" .")), key=len)
    return ALIKE if len(shorter) == 1 and longer.startswith(shorter) else 0.0


def _household_likeness(one: Card, other: Card) -> float:
    family = likeness(one.family_name, other.family_name)
    swapped = min(likeness(one.given_name, other.family_name), likeness(one.family_name, other.given_name))
    return max(family, swapped, likeness(one.company_name, other.company_name))


def _street_likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if _house_number(one) != _house_number(other):
        return 0.0
    return likeness(_street_name(one), _street_name(other))


def _house_number(street: str) -> str:
    return "".join(_number.findall(street)).replace(" ", "")


def _street_name(street: str) -> str:
    return _street.sub(" str ", _number.sub(" ", street))


def _trigrams(text: str) -> set[str]:
    padded = [f"  {word} " for word in _words.findall(text.lower())]
    return {word[start : start + 3] for word in padded for start in range(len(word) - 2)}
