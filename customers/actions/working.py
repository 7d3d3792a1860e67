"""Works on the imports whose turn it is. Their position moves with what was written, so a kill costs nothing."""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice

from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone, translation

from accounts.acting import acting
from customers.actions.importing import remove_files
from customers.claims import LostRaceError
from customers.importing.checking import check
from customers.importing.records import Reading, RecordReader, read_records
from customers.importing.storing import store
from customers.models import CustomerImport, ImportClaim
from customers.models.customer_import import ImportState
from customers.table_files.ahead import ahead
from customers.table_files.recognising import table_rows
from customers.table_files.rows import FileError

# A short transaction: whoever writes the same customers waits for it.
ROWS_PER_BATCH = 5_000
LOCK_CLASS = 20004
ATTEMPTS = 5
COUNTS = ("created", "updated", "unchanged", "repeated", "refused", "restored")
MANY = 10_000


def work_on_imports(*, seconds: float) -> int:
    """Rows done by those imports that nobody else works on; about so many seconds each."""
    return sum(work_on(file, seconds=seconds) for file in CustomerImport.objects.at_work())


def work_on(file: CustomerImport, *, seconds: float) -> int:
    with _alone(file) as is_mine:
        if not is_mine:
            return 0
        file.refresh_from_db()
        language = file.created_by.language if file.created_by else "de"
        with translation.override(language), _as_who_imports(file), _uncollected():
            return _work(file, until=time.monotonic() + seconds) if file.is_at_work else 0


def _work(file: CustomerImport, *, until: float) -> int:
    start = file.position
    try:
        with closing(ahead(_batches(file, RecordReader(file)))) as batches:
            for batch in batches:
                if not _do(file, batch):
                    return file.position - start
                if time.monotonic() > until:
                    return file.position - start
    except (FileError, OSError, DataError, IntegrityError) as error:
        _fail(file, str(error))
    else:
        _end(file)
    return file.position - start


def _batches(file: CustomerImport, reader: RecordReader) -> Iterator[list[Reading]]:
    """Made in a thread of its own, so it asks the database nothing."""
    rows = table_rows(file.table, encoding=file.encoding, delimiter=file.delimiter)
    readings = read_records(islice(rows, 1 + file.position, None), reader)
    while batch := list(islice(readings, ROWS_PER_BATCH)):
        yield batch


def _do(file: CustomerImport, batch: Sequence[Reading]) -> bool:
    """False when somebody cancelled it, or went on with it before us."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic():
                return _do_once(file, batch)
        except (LostRaceError, OperationalError, IntegrityError):
            # Somebody else made the same person, or waited for us in a ring.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _do_once(file: CustomerImport, batch: Sequence[Reading]) -> bool:
    held = CustomerImport.objects.select_for_update().get(pk=file.pk)
    if (held.state, held.position) != (file.state, file.position):
        return False
    outcome = check(held, batch) if held.state == ImportState.CHECKING else store(held, batch)
    for name in COUNTS:
        setattr(held, name, getattr(held, name) + getattr(outcome, name))
    held.position += len(batch)
    held.save(update_fields=["position", *COUNTS])
    file.position = held.position
    return True


@transaction.atomic
def _end(file: CustomerImport) -> None:
    held = CustomerImport.objects.select_for_update().get(pk=file.pk)
    if (held.state, held.position) != (file.state, file.position):
        return
    if held.state == ImportState.CHECKING:
        held.state = ImportState.CHECKED
        ImportClaim.objects.filter(customer_import=held).delete()
    else:
        held.state, held.ended_at = ImportState.DONE, timezone.now()
        transaction.on_commit(lambda: remove_files(held))
    held.save(update_fields=["state", "ended_at"])
    if held.state == ImportState.DONE and held.created >= MANY:
        # So much is new that the planner would otherwise guess wrong until autovacuum comes by.
        with connection.cursor() as cursor:
            cursor.execute("analyze customers_customer, customers_identity")


def _fail(file: CustomerImport, reason: str) -> None:
    """The file cannot be read to its end: what was imported stays, and the person is told."""
    CustomerImport.objects.filter(pk=file.pk, state=file.state).update(state=ImportState.FAILED, failure=reason[:1000])


@contextmanager
def _as_who_imports(file: CustomerImport) -> Iterator[None]:
    who = {"user": file.created_by_id} if file.created_by_id else {}
    with acting(**who, origin=f"customer import {file.pk}", bulk=True):
        yield


@contextmanager
def _uncollected() -> Iterator[None]:
    """Looking for garbage among that many new objects takes a third of the time of reading and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _alone(file: CustomerImport) -> Iterator[bool]:
    """The lock belongs to the session, so a killed worker gives it up at once."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", [LOCK_CLASS, file.pk])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", [LOCK_CLASS, file.pk])
