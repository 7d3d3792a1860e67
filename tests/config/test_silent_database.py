"""A server that says nothing; one that is really frozen is in tests/touchpoints/test_ingest_outages.py."""

import socket
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection
from psycopg.errors import ConnectionTimeout

from config.postgresql import silence
from config.postgresql.silence import Gate, WatchedConnection


class Server:
    """What a connection attempt meets."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.tried = error, 0

    def connect(self) -> str:
        self.tried += 1
        if self.error:
            raise self.error
        return "connected"


@pytest.fixture
def black_hole() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_lets_one_at_a_time_try_a_silent_server(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, server = Gate(), Server(ConnectionTimeout())
    with pytest.raises(ConnectionTimeout):
        gate.connect(server.connect)
    with pytest.raises(psycopg.OperationalError, match="a moment ago"):
        gate.connect(server.connect)
    assert server.tried == 1
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + silence.REST_SECONDS)
    server.error = None
    assert gate.connect(server.connect) == gate.connect(server.connect) == "connected"


def test_it_lets_everybody_try_a_server_that_refuses() -> None:
    gate, server = Gate(), Server(psycopg.OperationalError("refused"))
    for _time in range(3):
        with pytest.raises(psycopg.OperationalError, match="refused"):
            gate.connect(server.connect)
    assert server.tried == 3


def test_it_gives_up_a_connection_when_nobody_answers(black_hole: int) -> None:
    watched = WatchedConnection.connect(connection_string(), autocommit=True)
    watched.watch({"host": "127.0.0.1", "port": str(black_hole)}, gate := Gate())
    with pytest.raises(psycopg.OperationalError, match="does not answer any more"):
        watched.execute("select pg_sleep(30)")
    assert watched.closed
    with pytest.raises(psycopg.OperationalError, match="a moment ago"):
        gate.connect(Server().connect)


@pytest.mark.django_db
def test_it_lets_a_slow_statement_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "SILENT_TICKS", 1)
    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.8), 7")
        assert cursor.fetchone()[1] == 7


def connection_string() -> str:
    parameters = connection.get_connection_params()
    told = {name: parameters[name] for name in ("user", "host", "port") if parameters.get(name)}
    return psycopg.conninfo.make_conninfo("", dbname="postgres", **told)
