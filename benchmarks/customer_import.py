"""A file of customers: validated and imported, and its database part beside a plain COPY of the same rows."""

import io
import os
import statistics
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from accounts.acting import acting
from benchmarks.figures import print_figure
from customers.actions.importing import begin_check, begin_import, describe_import, upload_import
from customers.actions.working import ROWS_PER_BATCH, work_on
from customers.importing.records import RecordReader, read_records
from customers.importing.storing import store
from customers.models import CustomerImport
from customers.models.customer_import import ImportState
from customers.table_files.recognising import table_rows

ROWS, ROUNDS = 100_000, 3
FOLDER = settings.VAR_DIR / "bench"
HEADER = "Kundennummer;Anrede;Vorname;Nachname;E-Mail;Telefon;Straße;PLZ;Ort;Land;Umsatz\r\n"
NAMES = ("Müller", "Schmidt", "Groß", "Yilmaz", "Öztürk", "Weber", "Fischer", "Becker")
CUSTOMERS = "id, canonical_id, is_known, kind, salutation, title, given_name, family_name, company_name, street, "
CUSTOMERS += "postal_code, city, country, language, time_zone, owner_id, properties, created_at"
IDENTITIES = "customer_id, kind, value, is_trusted, is_by_hand, created_at"
OURS = "(select customer_id from customers_importedcustomer)"
COPY_OUT = (
    f"copy (select {CUSTOMERS} from customers_customer where id in {OURS} order by id) to stdout",  # noqa: S608
    f"copy (select {IDENTITIES} from customers_identity where customer_id in {OURS} order by id) to stdout",  # noqa: S608
)
FORGET = (
    "delete from customers_importedcustomer",
    "delete from customers_identity where customer_id >= %(first)s",
    "delete from customers_customer where id >= %(first)s",
)


def run() -> None:
    path = _write()
    imports, stores, checks, copies = [], [], [], []
    for _round in range(ROUNDS):
        checks.append(_whole(path, ImportState.CHECKING))
        imports.append(_whole(path, ImportState.RUNNING))
        stores.append(_database_part(path))
        data = _copied_out()
        _forget()
        began = time.perf_counter()
        _copy_in(data)
        copies.append(time.perf_counter() - began)
        _forget()
    rate = {name: ROWS / statistics.median(took) for name, took in
            {"import": imports, "store": stores, "check": checks, "copy": copies}.items()}  # fmt: skip
    print_figure("customer_import.rows", rate["import"], "rows/s", other=("copy", rate["copy"]), goal=8_000)
    print_figure("customer_import.check", rate["check"], "rows/s")
    print_figure("customer_import.database", rate["store"], "rows/s", other=("copy", rate["copy"]), least_ratio=0.2)


def _write() -> Path:
    lines = (
        f"K{n};{'Frau' if n % 2 else 'Herr'};Anna {n % 997};{NAMES[n % 8]} {n % 1009};a{n}@kunde.example;"
        f"030 {1_000_000 + n};Weg {n % 200};{10_000 + n % 89_000};Ort {n % 3000};Deutschland;1.{n % 900 + 100},50\r\n"
        for n in range(ROWS)
    )
    path = FOLDER / "customers.csv"
    path.write_bytes((HEADER + "".join(lines)).encode("windows-1252"))
    return path


def _uploaded(path: Path) -> CustomerImport:
    with path.open("rb") as file:
        made = upload_import(file=file, name="bench.csv", by=None)
    describe_import(file=made)
    begin_check(file=made, columns=[*made.columns[:-1], "number"], only_fill_empty=False)
    made.refresh_from_db()
    return made


def _whole(path: Path, state: ImportState) -> float:
    """Reading, validating and storing (or only deciding), as the worker does it."""
    file = _uploaded(path)
    if state == ImportState.RUNNING:
        CustomerImport.objects.filter(pk=file.pk).update(state=ImportState.CHECKED)
        begin_import(file=file)
        _forget()
    began, processor, backend = time.perf_counter(), time.process_time(), _backend_seconds()
    while file.is_at_work:
        work_on(file, seconds=60)
        file.refresh_from_db()
    if state == ImportState.RUNNING:
        # Load from other work disturbs this less than the rate.
        print_figure("customer_import.python", (time.process_time() - processor) / ROWS * 1e6, "µs/row")
        print_figure("customer_import.postgresql", (_backend_seconds() - backend) / ROWS * 1e6, "µs/row")
    return time.perf_counter() - began


def _backend_seconds() -> float:
    """Processor time of the server process behind our connection (Linux)."""
    connection.ensure_connection()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _database_part(path: Path) -> float:
    """What `store` takes when the rows are read already: the statements, and what is done to fill them."""
    _forget()
    file, took = _uploaded(path), 0.0
    with closing(table_rows(file.table, encoding=file.encoding, delimiter=file.delimiter)) as rows:
        readings = read_records(islice(rows, 1, None), RecordReader(file))
        while batch := list(islice(readings, ROWS_PER_BATCH)):
            began = time.perf_counter()
            with acting(origin="bench", bulk=True), transaction.atomic():
                store(file, batch)
            took += time.perf_counter() - began
    return took


def _copied_out() -> tuple[bytes, ...]:
    return tuple(_read(statement) for statement in COPY_OUT)


def _read(statement: str) -> bytes:
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for data in copy:
            buffer.write(data)
    return buffer.getvalue()


def _copy_in(data: tuple[bytes, ...]) -> None:
    """In one transaction, as one would do it without asking who is known."""
    with acting(origin="bench", bulk=True), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select 1")
        for statement, rows in zip((CUSTOMERS, IDENTITIES), data, strict=True):
            table = "customers_customer" if statement == CUSTOMERS else "customers_identity"
            with cursor.copy(f"copy {table} ({statement}) from stdin") as copy:
                copy.write(rows)


def _forget() -> None:
    first = CustomerImport.objects.filter(name="bench.csv").order_by("people__customer_id")
    first_id = first.exclude(people=None).values_list("people__customer_id", flat=True).first()
    if first_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        for statement in FORGET:
            cursor.execute(statement, {"first": first_id})
        cursor.execute("set session_replication_role = origin")
        cursor.execute("vacuum analyze customers_customer, customers_identity, customers_importedcustomer")
