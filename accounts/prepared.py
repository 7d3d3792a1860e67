"""A cursor for the few statements that run all day: the server parses and plans each once per connection.

Django's own cursors send every statement as new text. A pooler in front of PostgreSQL must know prepared statements
(pgbouncer from 1.21 on does).
"""

from typing import Any

import psycopg
from django.db import connection
from django.db.backends.utils import CursorWrapper


class PreparingCursor(psycopg.Cursor[Any]):
    def execute(self, query: Any, params: Any = None, **options: Any) -> "PreparingCursor":
        return super().execute(query, params, **{"prepare": True} | options)


def prepared_cursor() -> CursorWrapper:
    """Use it like `connection.cursor()`."""
    connection.ensure_connection()
    cursor: Any = PreparingCursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)
