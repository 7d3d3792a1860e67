"""A backup made before an erasure, restored into a new cluster: the replay forgets the person again."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from pytest_django import Settings

from customers.actions import request_erasure
from customers.actions.erasing import finish_erasure
from tests.customers.marked import EMAIL, MARKER, everything_stored, make_marked_person
from tests.factories import make_customer
from tests.fixtures.celery import PROJECT, environment
from tests.fixtures.postgresql import own_postgresql

TABLES = "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'public'"


@pytest.mark.django_db(transaction=True)
def test_the_person_is_gone_from_the_restored_database_as_well(tmp_path: Path, settings: Settings) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    customer, stays = make_marked_person(), make_customer(email="bleibt@example.org")
    with own_postgresql(tmp_path / "new") as restored_into:
        finish_erasure(erasure=request_erasure(customer=customer))
        assert MARKER not in everything_stored()
        with psycopg.connect(restored_into.url) as restored:
            assert EMAIL in _stored(restored)

        command = [sys.executable, str(PROJECT / "manage.py"), "replay_erasures"]
        outside = {"DATABASE_URL": restored_into.url, "ERASURE_LOG": str(settings.ERASURE_LOG)}
        subprocess.run(command, env=environment() | outside, cwd=PROJECT, check=True, capture_output=True)

        with psycopg.connect(restored_into.url) as restored:
            told = [line for line in _stored(restored).splitlines() if MARKER in line or EMAIL in line]
            assert told == []
            assert restored.execute("select count(*) from customers_customer where id = %s", [stays.pk]).fetchone() == (
                1,
            )


def _stored(restored: psycopg.Connection) -> str:
    tables = [name for (name,) in restored.execute(TABLES).fetchall()]
    rows = (restored.execute(f"select t::text from {table} t").fetchall() for table in tables)  # noqa: S608
    return "\n".join(f"{text}" for found in rows for (text,) in found)
