"""Loads what identifiers are known and stores what recognition found, in one statement each."""

from collections.abc import Collection, Iterable, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
from django.db.backends.utils import CursorWrapper

from accounts.prepared import ask
from customers.identity import ANONYMOUS, Identifier
from customers.recognition import Claim, Person, Recognition

SQL = Path(__file__).parent / "sql"
RESOLVE = (SQL / "resolve_identities.sql").read_text()
STORE = (SQL / "store_identities.sql").read_text()


class LostRaceError(Exception):
    """Another transaction changed first what this one has decided by: roll back and begin again.

    Hold `records` then before asking for claims, so that this race cannot be lost again.
    """

    def __init__(self, records: Collection[int] = ()) -> None:
        super().__init__()
        self.records = frozenset(records)


def ask_claims(identifiers: Collection[Identifier]) -> CursorWrapper:
    return ask(RESOLVE, {"identifiers": _as_json(identifiers), "anonymous": list(ANONYMOUS)})


def read_claims(answer: CursorWrapper, *, people: Iterable[Person] = ()) -> dict[Identifier, Claim]:
    """`people` are those of claims read before, so that a person stays one."""
    known = {person.pk: person for person in people}
    claims = {}
    for (
        kind,
        value,
        record,
        is_known,
        is_trusted,
        is_by_hand,
        person_id,
        is_person_known,
        is_verified,
        country,
    ) in answer.fetchall():
        person = known.setdefault(person_id, Person(person_id, is_known=is_person_known, country=country))
        person.is_verified |= is_verified or (is_trusted and kind not in ANONYMOUS)
        claims[Identifier(kind, value)] = Claim(record, person, is_trusted, is_known, is_by_hand)
    return claims


def store(found: Recognition) -> dict[int, int] | None:
    """Write customers and identities, not the merges; the ids of the new records by their negative numbers.

    None when another transaction won one of the identities.
    """
    if not found.new and not found.confirmed and not found.named:
        return {}
    parameters: dict[str, Any] = {
        "new": _as_json(found.new, [claim.record for claim in found.new.values()]),
        "confirmed": _as_json(found.confirmed, [claim.record for claim in found.confirmed.values()]),
        "named": _as_json(found.named),
        "customers": found.new_records,
        "known": list(found.known_records()),
        "is_trusted": found.is_verified,
    }
    rows = ask(STORE, parameters).fetchall()
    if rows[0][:2] != (len(found.new), len(found.confirmed) + len(found.named)):
        return None
    return {number: pk for *_counts, number, pk in rows if pk}


def _as_json(identifiers: Collection[Identifier], records: Sequence[int] = ()) -> str:
    """One parameter, however many identifiers: rows of kind, value and, where given, record."""
    rows = zip_longest(identifiers, records)
    return msgspec.json.encode([{"kind": it.kind, "value": it.value, "record": record} for it, record in rows]).decode()
