"""Records to rows: one batch in one transaction, written by COPY, with its customers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.acting import acting
from customers.identity import ANONYMOUS, Identifier
from customers.table_files.rows import RowProblem
from touchpoints.file_import.records import Record
from touchpoints.models import Channel, Source, Touchpoint, TouchpointType
from touchpoints.models.vocabulary import TypeState

SQL = {path.stem: path.read_text() for path in (Path(__file__).parent / "sql").glob("*.sql")}
ATTEMPTS = 3
encode = msgspec.json.Encoder(decimal_format="number").encode


New = tuple[Record, bytes, int]


@dataclass
class Stored:
    created: int = 0
    known: int = 0
    customers: int = 0
    problems: list[RowProblem] = field(default_factory=list)


class Vocabulary:
    """Keys to ids; a type never seen before waits in state “new” for staff, a channel must exist."""

    def __init__(self) -> None:
        self.channels = dict(Channel.objects.values_list("key", "id"))
        self.types: dict[str, tuple[int, int | None]] = {}
        usual_channel = Coalesce("channel_id", "canonical__channel_id")
        for key, aliases, *ids in TouchpointType.objects.values_list("key", "aliases", "id", usual_channel):
            for name in (*aliases, key):
                self.types[name] = (ids[0], ids[1])

    def learn(self, records: list[Record]) -> None:
        for key in {record.type for record in records} - self.types.keys():
            new, _created = TouchpointType.objects.get_or_create(
                key=key, defaults={"label_de": key, "state": TypeState.NEW}
            )
            self.types[key] = (new.pk, new.channel_id)


@acting(bulk=True)
def store(records: list[Record], *, source: Source, vocabulary: Vocabulary) -> Stored:
    """Add what is not there yet. Somebody may write the same message IDs at the same moment: then look again."""
    vocabulary.learn(records)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _store(records, source=source, vocabulary=vocabulary)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _store(records: list[Record], *, source: Source, vocabulary: Vocabulary) -> Stored:
    stored = Stored()
    new = list(_new(records, source, vocabulary, stored))
    if not new:
        return stored
    customers = _customers([record for record, *_rest in new], stored)
    with connection.cursor() as cursor, cursor.copy(SQL["copy_touchpoints"]) as copy:
        for record, properties, fingerprint in new:
            type_id, usual_channel = vocabulary.types[record.type]
            copy.write_row(
                (
                    source.pk,
                    record.message_id,
                    customers[record.identifiers[0]],
                    type_id,
                    vocabulary.channels[record.channel] if record.channel else usual_channel,
                    record.occurred_at,
                    record.subject,
                    record.value,
                    record.currency,
                    record.valence,
                    "",
                    "",
                    record.place,
                    "customer",
                    "",
                    "",
                    properties.decode(),
                    fingerprint,
                )
            )
    stored.created = len(new)
    return stored


def _new(records: list[Record], source: Source, vocabulary: Vocabulary, stored: Stored) -> Iterator[New]:
    """With the properties as they will be stored, and the fingerprint."""
    ids = [record.message_id for record in records]
    there = Touchpoint.objects.filter(source=source, message_id__in=ids)
    known = dict(there.values_list("message_id", "fingerprint"))
    for record in records:
        properties = encode(record.properties)
        fingerprint = _fingerprint(record, properties)
        if record.channel and record.channel not in vocabulary.channels:
            stored.problems.append(_problem(record, _("There is no channel “%(key)s”.") % {"key": record.channel}))
        elif record.message_id not in known:
            known[record.message_id] = fingerprint
            yield record, properties, fingerprint
        elif known[record.message_id] == fingerprint:
            stored.known += 1
        else:
            detail = _("“%(key)s” is stored already with other content; it was left as it is.")
            stored.problems.append(_problem(record, detail % {"key": record.message_id}))


def _customers(records: list[Record], stored: Stored) -> dict[Identifier, int]:
    first = {record.identifiers[0] for record in records}
    found = _find(first)
    if missing := sorted(first - found.keys()):
        made = _run("make_customers", **_arrays(missing), anonymous=sorted(ANONYMOUS))
        stored.customers = len(made)
        found |= {Identifier(kind, value): pk for kind, value, pk in made}
        found |= _find(first - found.keys())
    further = {identifier: found[record.identifiers[0]] for record in records for identifier in record.identifiers[1:]}
    if further:
        with connection.cursor() as cursor:
            cursor.execute(SQL["add_identities"], {**_arrays(list(further)), "customers": list(further.values())})
    return found


def _find(identifiers: set[Identifier]) -> dict[Identifier, int]:
    if not identifiers:
        return {}
    return {Identifier(kind, value): pk for kind, value, pk in _run("find_customers", **_arrays(sorted(identifiers)))}


def _arrays(identifiers: list[Identifier]) -> dict[str, list[str]]:
    return {"kinds": [it.kind for it in identifiers], "values": [it.value for it in identifiers]}


def _run(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SQL[statement], parameters)
        return list(cursor.fetchall())


def _fingerprint(record: Record, properties: bytes) -> int:
    """Eight bytes of the content: tells a repeat from a conflict. Where in the file it stood is no content."""
    content = (
        record.identifiers, record.occurred_at, record.type, record.channel, record.subject, record.value,
        record.currency, record.valence, record.place,
    )  # fmt: skip
    return int.from_bytes(blake2b(encode(content) + properties, digest_size=8).digest(), signed=True)


def _problem(record: Record, detail: str) -> RowProblem:
    return RowProblem(record.line, detail, [])
