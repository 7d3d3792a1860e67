"""Two who write at once, where no lock could keep them apart: what the database refuses to the second."""

from django.db import IntegrityError
from psycopg.errors import ForeignKeyViolation, UniqueViolation


def is_race(error: Exception) -> bool:
    """Forms and serializers look first; so what they let through was there or gone only a moment later."""
    return isinstance(error, IntegrityError) and isinstance(error.__cause__, ForeignKeyViolation | UniqueViolation)
