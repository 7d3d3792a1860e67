from pathlib import Path
from typing import Any

from django.db import connection

from customers.models.customer_access import AccessKind

NOTE = (Path(__file__).parent.parent / "sql/note_access.sql").read_text()


def note_access(*, kind: AccessKind, by: Any, customer: int | None = None) -> None:
    """Write down that a user, or an integration with its key, read personal data; without customer, of several."""
    api_key = getattr(by, "api_key", None)
    with connection.cursor() as cursor:
        cursor.execute(
            NOTE, {"kind": kind, "customer": customer, "user": by.pk, "api_key": api_key.pk if api_key else None}
        )
