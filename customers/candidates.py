"""Whom a record is compared with: few, found by indexes among a million."""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple

from django.db import connection

from customers.models import Customer
from customers.search import SpelledAlike
from customers.similarity import ALIKE, Card

FIND = (Path(__file__).parent / "sql" / "find_candidates.sql").read_text()
MOST_PER_RECORD = 30


class CardOfPerson(NamedTuple):
    person: int
    """The canonical record."""
    card: Card


def candidates(records: Collection[int]) -> list[tuple[int, int]]:
    """Pairs of one of these records and one that may be the same person."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(FIND, {"records": list(records), "most": MOST_PER_RECORD})
        return [(record, other) for record, other in cursor.fetchall()]


def cards(records: Iterable[int]) -> dict[int, CardOfPerson]:
    """Of known people only: about an anonymous browser there is nothing to decide."""
    rows = Customer.objects.filter(pk__in=set(records), canonical__is_known=True).values_list(
        "pk",
        "canonical_id",
        "salutation",
        SpelledAlike("given_name"),
        SpelledAlike("family_name"),
        SpelledAlike("company_name"),
        SpelledAlike("street"),
        "postal_code",
    )
    return {pk: CardOfPerson(person, Card(*texts)) for pk, person, *texts in rows}
