from collections.abc import Callable, Iterator
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection

from tests.fixtures.postgresql import url_of_the_test_database
from tests.touchpoints.writing import Connection
from touchpoints import feed

LOG = "create table feed_log (kind text, id bigint)"
Connect = Callable[[], Connection]


@pytest.fixture
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only those that the test registers itself."""
    monkeypatch.setattr(feed, "_followers", {})


@pytest.fixture
def connect(transactional_db: None) -> Iterator[Connect]:
    """Makes connections of other programs to where Django's lead; they end with the test."""
    with ExitStack() as stack:

        def connect() -> Connection:
            made: Connection = psycopg.connect(url_of_the_test_database(), application_name="writer")
            stack.callback(made.close)
            return made

        yield connect


@pytest.fixture
def logging_follower(transactional_db: None, no_followers: None) -> Iterator[str]:
    """A follower whose results stand in a table, written in the transaction that moves its position."""

    def apply(batch: feed.Batch) -> None:
        with connection.cursor() as cursor:
            cursor.executemany("insert into feed_log values ('change', %s)", [[it.id] for it in batch.changes])
            rows = batch.touchpoints().order_by().values("id").query
            sql, parameters = rows.sql_with_params()
            cursor.execute(f"insert into feed_log select 'touchpoint', id from ({sql}) touchpoint", parameters)  # noqa: S608

    feed.register(feed.Follower("logging", apply, batch_limit=7))
    with connection.cursor() as cursor:
        cursor.execute(LOG)
    yield "logging"
    with connection.cursor() as cursor:
        cursor.execute("drop table feed_log")
