"""Taking a batch into the stream: one transaction, a handful of statements, an answer for every item."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import msgspec
from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import ForeignKeyViolation

from accounts.acting import acting
from accounts.prepared import at_once
from customers.actions import identify
from customers.claims import LostRaceError, ask_claims, read_claims
from customers.holding import Held, hold_people
from customers.identity import Identifier
from customers.recognition import Claim
from touchpoints import statements
from touchpoints.actions.dead_letter import keep_refused
from touchpoints.actions.telling import Telling
from touchpoints.batch import Batch, Incoming, Outcome, Refused, read_items, row_of, status_of
from touchpoints.decoding import Item, ItemError
from touchpoints.local_phones import with_numbers_abroad
from touchpoints.models import IdempotencyRecord, Source
from touchpoints.segment.arrival import OWN_BATCH, Arrival
from touchpoints.segment.reading import read_sdk_items
from touchpoints.statements import Vocabulary

# Each lost race means that somebody else has won one.
ATTEMPTS = 10


Result = TypeVar("Result")


class Once(NamedTuple):
    """An Idempotency-Key and the SHA-256 of the body that came with it."""

    key: str
    digest: bytes


class Attempt(NamedTuple):
    """What the attempts before have taught. `is_new` is a guess that nearly always holds and saves a look at every
    message ID; `hold` are customer records that others keep changing."""

    is_new: bool = True
    hold: frozenset[int] = frozenset()


class InProgressError(Exception):
    """Another request with the same key has not finished."""


class SentBeforeError(Exception):
    """Some of the batch is there already: begin again and leave those out, so that a conflict changes nobody."""


class KeyReusedError(Exception):
    """The key came before with another body."""


def ingest_batch(*, source: Source, items: Sequence[Item], now: datetime, once: Once | None = None) -> list[Outcome]:
    """Store the touchpoints of a source; what became of each, in order.

    With `once`, a repeat gets the first answer; raises InProgressError or KeyReusedError.
    """
    read = read_items(items, country=source.brand.country, currency=source.brand.currency, now=now)
    return persistently(
        lambda attempt: _ingest_once(source, read, once, attempt) if once else _ingest(source, read, attempt)
    )


def ingest_sdk_items(*, source: Source, items: Sequence[Item], arrival: Arrival, now: datetime) -> list[Outcome]:
    """The same for the events of a Segment or RudderStack SDK."""
    read = read_sdk_items(items, arrival=arrival, country=source.brand.country, currency=source.brand.currency, now=now)
    return persistently(lambda attempt: _ingest(source, read, attempt, arrival))


@acting(bulk=True)
@transaction.atomic(savepoint=False)
def store_again(*, source: Source, read: list[Incoming | Refused], attempt: Attempt) -> ItemError | None:
    """One item that was refused before; why it is refused again. For transactions that `persistently` begins again."""
    batch = _stored(source, read, attempt)
    return batch.refused[0].error if batch.refused else None


def persistently(ingest: Callable[[Attempt], Result]) -> Result:
    """Begins the whole transaction again where others were faster; never from a savepoint (docs/adr/0007)."""
    attempt = Attempt()
    for _number in range(ATTEMPTS):
        try:
            return ingest(attempt)
        except SentBeforeError:
            attempt = attempt._replace(is_new=False)
        except LostRaceError as lost:
            attempt = attempt._replace(hold=lost.records)
        except IntegrityError as error:
            # Somebody of the batch was erased meanwhile: look again, they are nobody we know.
            if not isinstance(error.__cause__, ForeignKeyViolation):
                raise
    raise OperationalError("Other transactions keep writing the same touchpoints.")


@transaction.atomic
def _ingest_once(source: Source, read: list[Incoming | Refused], once: Once, attempt: Attempt) -> list[Outcome]:
    with connection.cursor() as cursor:
        # Two numbers: the feed announces itself under one. Held until the transaction ends.
        cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s), %s)", [once.key, source.pk])
        if not cursor.fetchone()[0]:
            raise InProgressError
    before = IdempotencyRecord.objects.filter(source=source, key=once.key).first()
    if before and bytes(before.body_digest) != once.digest:
        raise KeyReusedError
    if before:
        return msgspec.convert(before.answer, list[Outcome])
    outcomes = _ingest(source, read, attempt)
    IdempotencyRecord.objects.create(
        source=source,
        key=once.key,
        body_digest=once.digest,
        status=status_of(outcomes),
        answer=msgspec.to_builtins(outcomes),
    )
    return outcomes


@acting(bulk=True)
@transaction.atomic
def _ingest(
    source: Source, read: list[Incoming | Refused], attempt: Attempt, arrival: Arrival = OWN_BATCH
) -> list[Outcome]:
    batch = _stored(source, read, attempt)
    if batch.refused:
        keep_refused(source=source, refused=batch.refused, arrival=arrival)
    return batch.outcomes


def _stored(source: Source, read: list[Incoming | Refused], attempt: Attempt) -> Batch:
    batch = Batch(read)
    if batch.fresh:
        _store(source, batch, attempt)
    return batch


def _store(source: Source, batch: Batch, attempt: Attempt) -> None:
    """Locks in the order of docs/adr/0007-one-order-of-locks.md."""
    held = hold_people(attempt.hold) if attempt.hold else {}
    message_ids = batch.corrected_ids() | (set() if attempt.is_new else batch.message_ids())
    with at_once():
        known_answer = statements.ask_known(source=source.pk, message_ids=message_ids) if message_ids else None
        words_answer = statements.ask_vocabulary(batch.types())
        claims_answer = ask_claims(batch.identifiers())
    known = statements.read_known(known_answer) if known_answer else {}
    batch.leave_out(known)
    batch.find_roots(known)
    words = statements.read_vocabulary(words_answer)
    batch.refuse_unless(
        lambda item: not item.event.channel or item.event.channel in words.channels,
        code="unknown_channel",
        detail=f"Known channels are {', '.join(words.channels)}.",
    )
    owners = {message_id: it.customer_id for message_id, it in known.items()}
    owners |= _identify(source, batch, read_claims(claims_answer), held)
    created = _insert(source, batch, owners, words)
    if len(created) < len(batch.fresh):
        raise SentBeforeError
    batch.finish()


def _identify(
    source: Source, batch: Batch, claims: dict[Identifier, Claim], held: Mapping[int, Held]
) -> dict[str, int]:
    """The customer records by message ID, of those that name anybody; and what they tell about people is written."""
    identified = [item for item in batch.fresh if item.identifiers]
    claims = with_numbers_abroad(identified, claims)
    telling = Telling(identified, is_verified=source.is_verified)
    named = batch.user_ids() | claims.keys()
    records = identify(
        events=[*(item.identifiers_among(named) for item in identified), *telling.companies],
        claims=claims,
        is_verified=source.is_verified,
        held=held,
        will_change=telling.will_change,
    )
    telling.write(records)
    return {item.event.message_id: record for item, record in zip(identified, records, strict=False)}


def _insert(source: Source, batch: Batch, owners: dict[str, int], words: Vocabulary) -> set[str]:
    """`owners` are the customer records of message IDs; a retraction may inherit its own."""
    for item in batch.fresh:
        if not item.identifiers and item.event.replaces in owners:
            owners[item.event.message_id] = owners[item.event.replaces]
    batch.refuse_unless(
        lambda item: item.event.message_id in owners,
        code="unknown_replaced",
        detail="Without customer, `replaces` must name a touchpoint of this source.",
    )
    words = statements.with_new_types(words, batch.types())
    rows = [row_of(item, customer=owners[item.event.message_id], words=words) for item in batch.fresh]
    return statements.insert(source=source.pk, rows=rows)
