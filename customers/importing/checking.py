"""A dry run of a batch: the same decisions, nothing of it stored but who the rows so far would have made."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

from django.db import connection

from customers.importing.matching import Holder, Matching
from customers.importing.people import Batch, Outcome
from customers.importing.records import Reading, Record
from customers.importing.storing import copy_rows, known_people, stored_holders, tell_problems
from customers.models import CustomerImport

T = TypeVar("T")
CLAIMED = "select key, record from customers_importclaim where customer_import_id = %s and key = any (%s)"
COPY_CLAIMS = "copy customers_importclaim (customer_import_id, key, record) from stdin"


def check(file: CustomerImport, readings: Sequence[Reading]) -> Outcome:
    records = [it for it in readings if isinstance(it, Record)]
    holders = stored_holders(records)
    claimed = _claimed(file, {_digest(*it): it for record in records for it in record.identifiers})
    # An identifier that rows before gave to somebody is theirs, whatever a browser had claimed.
    holders |= {it: Holder(person, person) for it, person in claimed.items()}
    matching = Matching(holders, taken=file.position)
    batch = Batch(matching, only_fill_empty=file.only_fill_empty)
    batch.match(records)
    named = {person for _record, person, _news in batch.rows}
    met = _claimed(file, {_digest("person", str(person)): person for person in named})
    batch.apply(known=known_people(sorted(it for it in named if it > 0), is_held=False), earlier=set(met))
    _claim(file, batch)
    tell_problems(file, readings, batch)
    return batch.outcome


def _claim(file: CustomerImport, batch: Batch) -> None:
    matching = batch.matching
    given = {_digest(*it): holder.person for it, holder in (matching.new | matching.moved).items()}
    given |= {_digest("person", str(person)): person for person in batch.first_named}
    copy_rows(COPY_CLAIMS, ((file.pk, key, person) for key, person in given.items()))


def _claimed(file: CustomerImport, wanted: dict[int, T]) -> dict[T, int]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIMED, [file.pk, list(wanted)])
        return {wanted[key]: person for key, person in cursor.fetchall()}


def _digest(*words: str) -> int:
    return int.from_bytes(blake2b("\0".join(words).encode(), digest_size=8).digest(), signed=True)
