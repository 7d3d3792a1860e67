"""A million rows are read row by row: the memory of the reader does not grow with them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fixtures.celery import PROJECT, environment

ROWS = 1_000_000
# Django and its caches take most of it.
MOST_MEGABYTES = 200
READ = """
import resource, sys
from itertools import islice
from pathlib import Path
import django
django.setup()
from customers.importing.columns import suggested
from customers.importing.records import Record, RecordReader, read_records
from customers.models import CustomerImport
from customers.table_files.recognising import delimiter_of, encoding_of, header_and_count, table_rows
path = Path(sys.argv[1])
encoding = encoding_of(path)
delimiter = delimiter_of(path, encoding=encoding)
header, count = header_and_count(path, encoding=encoding, delimiter=delimiter)
file = CustomerImport(header=header, columns=suggested(header), encoding=encoding, delimiter=delimiter)
rows = islice(table_rows(path, encoding=encoding, delimiter=delimiter), 1, None)
fine = sum(isinstance(it, Record) for it in read_records(rows, RecordReader(file)))
print(count, fine, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


@pytest.mark.prove
def test_a_million_rows_do_not_fill_the_memory(db, tmp_path: Path):
    path = tmp_path / "million.csv"
    with path.open("w", encoding="windows-1252") as file:
        file.write("Kundennummer;Nachname;E-Mail;Telefon;Straße;PLZ;Ort\n")
        file.writelines(
            f"{n};Müller {n};a{n}@kunde.example;030 {1_000_000 + n};Weg {n};10115;Köln {n}\n" for n in range(ROWS)
        )
    run = subprocess.run(
        [sys.executable, "-c", READ, path],
        env=environment() | {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "1"},
        cwd=PROJECT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    rows, fine, megabytes = map(int, run.stdout.split())
    print(f"{rows} rows, {fine} fine, {megabytes} MB at most")
    assert (rows, fine) == (ROWS, ROWS)
    assert megabytes < MOST_MEGABYTES
