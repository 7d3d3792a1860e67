"""Stores a batch: new customers by COPY, the rest in a fixed number of statements, however many rows there are."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from django.db import connection

from accounts.prepared import ask
from customers.claims import LostRaceError, ask_claims, read_claims
from customers.identity import Identifier
from customers.importing.matching import Holder, Matching
from customers.importing.people import STORED, Batch, Outcome
from customers.importing.records import FIELDS, Reading, Record
from customers.models import CustomerImport
from customers.recognition import Claim

SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}
HOLD = " for no key update"
DRAW = "select nextval('customers_customer_id_seq') from generate_series(1, %s)"
EARLIER = "select customer_id from customers_importedcustomer where customer_import_id = %s and customer_id = any (%s)"
COPY_LINKS = "copy customers_importedcustomer (customer_import_id, customer_id, line, is_new) from stdin"
COPY_PROBLEMS = 'copy customers_importproblem (customer_import_id, line, "column", value, reason) from stdin'
encode = msgspec.json.Encoder(decimal_format="number").encode


def store(file: CustomerImport, readings: Sequence[Reading]) -> Outcome:
    """Raises LostRaceError when somebody else made one of the identities first: roll back and begin again."""
    records = [it for it in readings if isinstance(it, Record)]
    matching = Matching(stored_holders(records))
    batch = Batch(matching, only_fill_empty=file.only_fill_empty)
    batch.match(records)
    existing = sorted({person for _record, person, _news in batch.rows if person > 0})
    batch.apply(known=known_people(existing, is_held=True), earlier=_earlier(file, existing))
    drawn = _add_customers(batch)
    _add_identities(matching, drawn)
    _change_customers(batch)
    links = ((file.pk, drawn.get(it, it), batch.faces[it].line, it < 0) for it in batch.first_named)
    copy_rows(COPY_LINKS, links)
    tell_problems(file, readings, batch)
    return batch.outcome


def stored_holders(records: Sequence[Record]) -> dict[Identifier, Holder]:
    named = list(dict.fromkeys(chain.from_iterable(record.identifiers for record in records)))
    if not named:
        return {}
    return {
        it: Holder(claim.record, claim.person.pk or claim.record, claim.is_trusted, _is_sure(claim))
        for it, claim in read_claims(ask_claims(named)).items()
    }


def _is_sure(claim: Claim) -> bool:
    return claim.is_trusted or not claim.person.is_verified


def known_people(people: list[int], *, is_held: bool) -> dict[int, dict[str, Any]]:
    """What is stored of these persons; held, so that nobody merges or changes them meanwhile."""
    if not people:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL["people"] + HOLD if is_held else SQL["people"], {"people": people})
        found = {row[0]: dict(zip(STORED, row[1:], strict=True)) for row in cursor.fetchall()}
    if is_held and len(found) < len(people):
        raise LostRaceError
    for fields in found.values():
        fields["properties"] = msgspec.json.decode(fields["properties"])
    return found


def tell_problems(file: CustomerImport, readings: Sequence[Reading], batch: Batch) -> None:
    for problems in readings:
        if not isinstance(problems, Record):
            batch.refuse(problems)
    rows = ((file.pk, it.line, it.column[:200], it.value[:200], it.reason[:500]) for it in batch.outcome.problems)
    copy_rows(COPY_PROBLEMS, rows)


def copy_rows(statement: str, rows: Any) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _earlier(file: CustomerImport, people: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(EARLIER, [file.pk, people])
        return {pk for (pk,) in cursor.fetchall()}


def _add_customers(batch: Batch) -> dict[int, int]:
    """The ids of the new customers by their negative numbers."""
    new = [person for person in batch.first_named if person < 0]
    if not new:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(DRAW, [len(new)])
        drawn = dict(zip(new, (pk for (pk,) in cursor.fetchall()), strict=True))
    copy_rows(SQL["copy_customers"], (_row(drawn[it], batch.faces[it].fields) for it in new))
    return drawn


def _row(pk: int, fields: dict[str, Any]) -> tuple[Any, ...]:
    is_person = fields["given_name"] or fields["family_name"] or not fields["company_name"]
    texts = [fields[name] for name in FIELDS]
    kind = "person" if is_person else "company"
    return pk, pk, True, kind, *texts, fields["owner_id"], encode(fields["properties"]).decode()


def _add_identities(matching: Matching, drawn: dict[int, int]) -> None:
    if new := matching.new:
        parameters: dict[str, Any] = {
            "records": [drawn.get(holder.record, holder.record) for holder in new.values()],
            "kinds": [it.kind for it in new],
            "values": [it.value for it in new],
        }
        with connection.cursor() as cursor:
            cursor.execute(SQL["add_identities"], parameters)
            if cursor.fetchone()[0] < len(new):
                raise LostRaceError
    if moved := sorted(matching.moved.items(), key=lambda it: it[0]):
        rows = [{"kind": it.kind, "value": it.value, "record": drawn.get(to.record, to.record)} for it, to in moved]
        ask(SQL["confirm_identities"], {"identifiers": encode(rows).decode()})


def _change_customers(batch: Batch) -> None:
    changed = [{"id": pk, **face.fields} for pk, face in batch.faces.items() if pk > 0 and face.is_changed]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(SQL["change_customers"], {"people": encode(changed).decode()})
