"""Whom a pasted list of addresses and numbers means: one identifier a line, of whatever kind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accounts.models import Brand
from customers.identity import BY_STRENGTH, Identifier, InvalidIdentityError, identifier
from customers.models import Identity

MOST_LINES = 10_000


@dataclass(frozen=True)
class Pasted:
    customers: frozenset[int]
    """Canonical ids."""
    unknown: tuple[str, ...]
    """Lines that lead to nobody, as they were written."""


def read(text: str) -> Pasted:
    lines = list(dict.fromkeys(line.strip(" \t,;") for line in text.splitlines()))
    country = Brand.objects.home_country()
    meant = {line: set(_spellings(line, country=country)) for line in lines if line}
    found = _owners({it.value for spellings in meant.values() for it in spellings})
    leading = {line: {pk for it in spellings for pk in found[it]} for line, spellings in meant.items()}
    return Pasted(
        customers=frozenset(pk for customers in leading.values() for pk in customers),
        unknown=tuple(line for line, customers in leading.items() if not customers),
    )


def _spellings(line: str, *, country: str) -> Iterator[Identifier]:
    for kind in BY_STRENGTH:
        try:
            yield identifier(kind, line, country=country)
        except InvalidIdentityError:
            continue


def _owners(values: Iterable[str]) -> dict[Identifier, set[int]]:
    """All kinds are named, so that the unique index answers."""
    rows = Identity.objects.filter(kind__in=BY_STRENGTH, value__in=list(values))
    owners: dict[Identifier, set[int]] = defaultdict(set)
    for kind, value, person in rows.values_list("kind", "value", "customer__canonical_id"):
        owners[Identifier(kind, value)] |= {person} if person else set()
    return owners
