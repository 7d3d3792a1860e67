"""Says who acts, so that the triggers of accounts.tracking can write it down.

The name is told to the database inside each transaction and ends with it: nothing is left on a connection that others
use next, be it ours or that of a pooler. It travels as a statement of its own, never as a prefix to others: those may
be prepared, and sent in pipelines (accounts.prepared).
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.pq import TransactionStatus

TELL = "select set_config('kundenpfad.acting', %s, true)"
NOBODY = ""
WRITE = re.compile(r"(\s|--[^\n]*\n)*(insert|update|delete|with|merge)\b", re.IGNORECASE)

_told: ContextVar[str] = ContextVar("acting", default=NOBODY)


@contextmanager
def acting(**who: Any) -> Iterator[None]:
    """Everything changed within was changed by `user` or `api_key` (ids), by way of `origin`.

    Within another, it adds to what that one says. `bulk=True`: rows are added that nobody chose one by one.
    """
    is_outermost = not _told.get()
    before = _told.set(_text({"context": str(uuid.uuid4())} | who if is_outermost else _read() | who))
    try:
        if is_outermost:
            with _teller():
                yield
        else:
            yield
    finally:
        _told.reset(before)


def acts(**who: Any) -> None:
    """Adds to what is said already, for example when a key turns out to be valid."""
    if _told.get():
        _told.set(_text(_read() | who))


@contextmanager
def _teller() -> Iterator[None]:
    teller = _Teller()
    with connection.execute_wrapper(teller):
        yield
    teller.end()


class _Teller:
    """Tells before the first statement of a transaction, and again when somebody else acts in it."""

    def __init__(self) -> None:
        self.told = NOBODY

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if connection.in_atomic_block:
            return self._in_transaction(execute, sql, params, many, context)
        if not WRITE.match(str(sql)):
            return execute(sql, params, many, context)
        with transaction.atomic():
            return self._in_transaction(execute, sql, params, many, context)

    def end(self) -> None:
        """A transaction that goes on after us must not go on in our name."""
        if self.told and connection.in_atomic_block:
            self._tell(NOBODY)

    def _in_transaction(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        self._tell(_told.get())
        answer = execute(sql, params, many, context)
        if str(sql).startswith("ROLLBACK TO"):
            # What was told after the savepoint is forgotten.
            self.told = NOBODY
        return answer

    def _tell(self, text: str) -> None:
        status = connection.connection.info.transaction_status
        is_known = text == self.told and status != TransactionStatus.IDLE
        if is_known or status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN):
            return
        with connection.wrap_database_errors:
            psycopg.Cursor(connection.connection).execute(TELL, [text], prepare=True)
        self.told = text


def _read() -> dict[str, Any]:
    who: dict[str, Any] = json.loads(_told.get())
    return who


def _text(who: dict[str, Any]) -> str:
    return json.dumps(who)
