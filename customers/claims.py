"""Loads what identifiers are known and stores what recognition found, in one statement each."""

from collections.abc import Collection, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec
from django.db.backends.utils import CursorWrapper

from accounts.prepared import ask
from customers.identity import ANONYMOUS, Identifier
from customers.models import Customer
from customers.recognition import Claim, Person, Recognition, RefusedMerge

SQL = Path(__file__).parent / "sql"
RESOLVE = (SQL / "resolve_identities.sql").read_text()
CREATE = (SQL / "create_identities.sql").read_text()
NAME = (SQL / "name_identities.sql").read_text()
NOTE_REFUSED = (SQL / "note_refused_merges.sql").read_text()
CONFIRM = (SQL / "confirm_identities.sql").read_text()


class LostRaceError(Exception):
    """Another transaction made one of the rows first: roll back and begin again."""


def ask_claims(identifiers: Collection[Identifier]) -> CursorWrapper:
    return ask(RESOLVE, {"identifiers": _as_json(identifiers), "anonymous": list(ANONYMOUS)})


def read_claims(answer: CursorWrapper) -> dict[Identifier, Claim]:
    people: dict[int, Person] = {}
    claims = {}
    for kind, value, record, is_trusted, person_id, is_known, is_verified, is_by_hand in answer.fetchall():
        person = people.setdefault(person_id, Person(is_known=is_known))
        person.is_verified |= is_verified or (is_trusted and kind not in ANONYMOUS)
        claims[Identifier(kind, value)] = Claim(record, person, is_trusted, is_by_hand)
    return claims


def note_named(claims: dict[Identifier, Claim]) -> None:
    if by_hand := [identifier for identifier, claim in claims.items() if claim.is_by_hand]:
        ask(NAME, {"identifiers": _as_json(by_hand)})


def store(found: Recognition) -> dict[int, int]:
    """Write everything but the merges; the ids of the new records by their negative numbers."""
    drawn = _create(found) if found.new else {}
    if found.confirmed:
        # In one order, so that two batches never wait for each other in a ring.
        confirmed = dict(sorted(found.confirmed.items()))
        records = [drawn.get(claim.record, claim.record) for claim in confirmed.values()]
        ask(CONFIRM, {"identifiers": _as_json(confirmed, records)})
    if found.became_known:
        rows = Customer.objects.filter(pk__in=found.became_known)
        Customer.objects.filter(pk__in=rows.values("canonical_id")).update(is_known=True)
        rows.update(is_known=True)
    return drawn


def note_refused(refused: Collection[RefusedMerge], drawn: dict[int, int]) -> None:
    """After all merges: people merged by then are no longer two."""
    if not refused:
        return
    rows = [
        {"record": drawn.get(it.record, it.record), "other": drawn.get(it.other, it.other), "evidence": it.evidence}
        for it in sorted(refused)
    ]
    ask(NOTE_REFUSED, {"refused": msgspec.json.encode(rows).decode()})


def _create(found: Recognition) -> dict[int, int]:
    parameters: dict[str, Any] = {
        "identifiers": _as_json(found.new, [claim.record for claim in found.new.values()]),
        "customers": found.new_records,
        "known": list(found.known_records()),
        "is_trusted": found.is_verified,
    }
    rows = ask(CREATE, parameters).fetchall()
    if rows[0][0] < len(found.new):
        raise LostRaceError
    return {number: pk for _count, number, pk in rows if pk}


def _as_json(identifiers: Collection[Identifier], records: Sequence[int] = ()) -> str:
    """One parameter, however many identifiers: rows of kind, value and, where given, record."""
    rows = zip_longest(identifiers, records)
    return msgspec.json.encode([{"kind": it.kind, "value": it.value, "record": record} for it, record in rows]).decode()
