"""Reading environment variables for config/settings.py."""

import os

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def secret(name: str, *, development: str) -> str:
    """A secret has a fixed value in development (DEBUG=1) and must be set in production."""
    value = os.environ.get(name, development if flag("DEBUG", default=False) else "")
    if not value:
        raise ImproperlyConfigured(f"Set {name}: production does not start without it.")
    return value
