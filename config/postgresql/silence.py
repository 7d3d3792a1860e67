"""What to do about a server that says nothing: frozen, or behind a network that swallows everything.

The kernel keeps such a connection open for hours, and a statement would wait for as long. So whoever has heard nothing
for a second asks over a connection of its own whether anybody is there. A slow statement on a living server goes on.
"""

import time
from collections.abc import Callable, Generator
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import psycopg
from psycopg.errors import ConnectionTimeout

Result = TypeVar("Result")

TICK_SECONDS = 0.1
SILENT_TICKS = 10
MOST_SILENT_TICKS = 300
# The least that libpq knows.
PROBE_SECONDS = 2
REST_SECONDS = 3.0


class Gate:
    """While a server is silent, one at a time tries to reach it; all others are told at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next_try_at: float | None = None

    def connect(self, connect: Callable[[], Result]) -> Result:
        if not self._may_try():
            raise psycopg.OperationalError("PostgreSQL did not answer a moment ago.")
        try:
            connection = connect()
        except ConnectionTimeout:
            self.shut()
            raise
        except psycopg.OperationalError:
            self._open()  # it refused: that is an answer, and a quick one
            raise
        self._open()
        return connection

    def shut(self) -> None:
        self._next_try_at = time.monotonic() + REST_SECONDS

    def _open(self) -> None:
        self._next_try_at = None

    def _may_try(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if self._next_try_at is None:
                return True
            if now < self._next_try_at:
                return False
            self._next_try_at = now + REST_SECONDS
            return True


@cache
def gate_of(host: str, port: str) -> Gate:
    return Gate()


class WatchedConnection(psycopg.Connection[Any]):
    """`watch` tells it how to ask; until then it waits for ever, as any other."""

    _parameters: dict[str, Any] | None = None
    _gate: Gate

    def watch(self, parameters: dict[str, Any], gate: Gate) -> None:
        names = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "service")
        self._parameters, self._gate = {name: parameters[name] for name in names if parameters.get(name)}, gate

    def wait(self, gen: Any, interval: float = TICK_SECONDS, timeout: float | None = None) -> Any:
        return super().wait(self._watched(gen) if self._parameters else gen, interval, timeout)

    def _watched(self, statement: Generator[Any, Any, Result]) -> Generator[Any, Any, Result]:
        """The waiting loop sends 0 for each tick in which nothing came. Runs for every statement, so it is short."""
        silent, patience = 0, SILENT_TICKS
        send = statement.send
        ready = None
        try:
            while True:
                ready = yield send(ready)
                if ready:
                    silent = 0
                elif (silent := silent + 1) >= patience:
                    self._ask_for_life()
                    silent, patience = 0, min(2 * patience, MOST_SILENT_TICKS)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _ask_for_life(self) -> None:
        try:
            psycopg.connect(**self._parameters or {}, connect_timeout=PROBE_SECONDS).close()
        except psycopg.OperationalError as error:
            if "FATAL" in str(error):  # too many connections, starting up: somebody said so
                return
            self._gate.shut()
            self.pgconn.finish()
            raise psycopg.OperationalError("PostgreSQL does not answer any more.") from error
