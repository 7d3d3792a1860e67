"""The rate of ingest among 10 million touchpoints beside the rate among none, in a database of its own."""

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from benchmarks import ingest
from benchmarks.figures import print_figure
from touchpoints.models import Source, Touchpoint

ROWS = 10_000_000
ROWS_AT_ONCE = 500_000
SIZE, BATCHES, ROUNDS = 500, 60, 3
NAME = "ingest_at_size"
MAKE_ROWS = (Path(__file__).parent / "feed_rows.sql").read_text()


def run() -> None:
    with _database():
        asked: dict[str, Any] = {"key": ingest.make_key(), "customers": ingest.make_customers()}
        empty = _rate(asked)
        _fill()
        full = _rate(asked)
    print_figure("ingest.at_10_million", full, "touchpoints/s", other=("at_0", empty), least_ratio=0.7)


@contextmanager
def _database() -> Iterator[None]:
    before = connection.settings_dict["NAME"], os.environ["DATABASE_URL"]
    _alone(f"drop database if exists {NAME}", f"create database {NAME}")
    connection.close()
    connection.settings_dict["NAME"] = NAME
    os.environ["DATABASE_URL"] = make_conninfo(before[1], dbname=NAME)
    try:
        call_command("migrate", verbosity=0)
        call_command("seed_vocabulary", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], os.environ["DATABASE_URL"] = before
        _alone(f"drop database {NAME} with (force)")


def _alone(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rate(asked: dict[str, Any]) -> float:
    """Touchpoints per second: the median of some rounds, after one to get warm."""
    asked = asked | {"path": ingest.PATHS["ours"], "size": SIZE, "batches": BATCHES}
    connection.close()
    with ingest.server() as (_process, port):
        rounds = [ingest.drive(asked | {"port": port}) for _round in range(ROUNDS + 1)]
    return statistics.median(SIZE * BATCHES / it["seconds"] for it in rounds[1:])


def _fill() -> None:
    source = Source.objects.get(key="kundenpfad").pk
    while (missing := ROWS - Touchpoint.objects.count()) > 0:
        with connection.cursor() as cursor:
            cursor.execute(MAKE_ROWS, {"rows": min(missing, ROWS_AT_ONCE), "source": source})
    _alone("vacuum analyze", "checkpoint")
