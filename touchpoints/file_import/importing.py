"""Import one file: may be killed at any point and run again; what is stored stays, nothing is stored twice."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from accounts.models import Brand
from customers.table_files.ahead import ahead
from customers.table_files.rows import FileError, RowProblem
from touchpoints.file_import.mapping import Mapping
from touchpoints.file_import.reading import read_rows, scan
from touchpoints.file_import.records import Record, RecordReader, read_records
from touchpoints.file_import.storing import Stored, Vocabulary, store
from touchpoints.models import Source
from touchpoints.models.source import SourceKind

# A short transaction: followers of the feed wait for it.
ROWS_PER_BATCH = 10_000
LOCK_CLASS = 20003
# The database may take a moment to notice that an import was killed.
SECONDS_TO_WAIT = 5


@dataclass
class Report:
    rows: int = 0
    created: int = 0
    known: int = 0
    customers: int = 0
    errors: int = 0

    def add(self, stored: Stored) -> None:
        self.created += stored.created
        self.known += stored.known
        self.customers += stored.customers


def import_file(
    path: Path,
    *,
    mapping: Mapping,
    source_key: str,
    now: datetime,
    on_problem: Callable[[RowProblem], None],
    on_scan: Callable[[int], None] = lambda rows: None,
    on_rows: Callable[[int], None] = lambda rows: None,
) -> Report:
    """Store every row of the file that can be understood; the others are told to `on_problem`."""
    found = scan(path, mapping=mapping, progress=on_scan)
    source = _source(source_key)
    reader = RecordReader(mapping, found, country=source.brand.country, now=now)
    rows = read_rows(path, mapping=mapping, found=found)
    report = Report(rows=found.rows)
    with _alone(source):
        vocabulary = Vocabulary()
        for batch in ahead(_batches(read_records(rows, reader))):
            records = [it for it in batch if isinstance(it, Record)]
            stored = store(records, source=source, vocabulary=vocabulary)
            report.add(stored)
            for problem in chain((it for it in batch if isinstance(it, RowProblem)), stored.problems):
                report.errors += 1
                on_problem(problem)
            on_rows(sum(map(_row_count, batch)))
    if report.created >= ROWS_PER_BATCH:
        _analyse()
    return report


def _analyse() -> None:
    """So much is new that the planner would otherwise guess wrong until autovacuum comes by."""
    with connection.cursor() as cursor:
        cursor.execute("analyze touchpoints_touchpoint, customers_customer, customers_identity")


def _batches(records: Iterator[Record | RowProblem]) -> Iterator[list[Record | RowProblem]]:
    batch: list[Record | RowProblem] = []
    rows = 0
    for record in records:
        count = _row_count(record)
        if batch and rows + count > ROWS_PER_BATCH:
            yield batch
            batch, rows = [], 0
        batch.append(record)
        rows += count
    if batch:
        yield batch


def _row_count(record: Record | RowProblem) -> int:
    return record.row_count if isinstance(record, Record) else 1


def _source(key: str) -> Source:
    defaults = {"name": key, "kind": SourceKind.IMPORT, "brand": Brand.objects.default()}
    return Source.objects.get_or_create(key=key, defaults=defaults)[0]


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    """Two imports into one source would only wait for each other."""
    end = time.monotonic() + SECONDS_TO_WAIT
    while not _ask("select pg_try_advisory_lock(%s, %s)", source):
        if time.monotonic() > end:
            raise FileError(_("Another import into this source is running."))
        time.sleep(0.2)
    try:
        yield
    finally:
        _ask("select pg_advisory_unlock(%s, %s)", source)


def _ask(question: str, source: Source) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [LOCK_CLASS, source.pk])
        return bool(cursor.fetchone()[0])
