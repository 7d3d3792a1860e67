"""Cursors for the few statements that run all day: the server parses and plans each once per connection.

Django's own cursors send every statement as new text. A pooler in front of PostgreSQL must know prepared statements
(pgbouncer from 1.21 on does).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class PreparingCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparingCursor":
        return super().execute(query, params, **{"prepare": True} | options)


def ask(sql: str, parameters: Mapping[str, Any]) -> CursorWrapper:
    """Execute a statement; the rows are in the cursor that comes back."""
    connection.ensure_connection()
    raw: Any = PreparingCursor(connection.connection)
    cursor = connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw)
    cursor.execute(sql, parameters)
    return cursor


@contextmanager
def at_once() -> Iterator[None]:
    """Statements asked within travel to the server together; read their rows afterwards."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield
