"""What the history kept of a column (JSON of the database), in the words of the pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext

NOTHING = "–"
MOST_LEAVES = 30
Names = Mapping[tuple[str, Any], str]
"""Of rows by model (customers.customer) and id."""


def in_words(field: Any, value: Any, *, names: Names) -> str:
    """One value of a field; `names` are those of the rows that foreign keys point to."""
    if value is None or value in ("", [], {}):
        return NOTHING
    if field is None:
        return str(value)
    if field.is_relation:
        return names.get((target(field), value), f"#{value}")
    if isinstance(field, ArrayField) and isinstance(value, list):
        return ", ".join(in_words(field.base_field, item, names=names) for item in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(field, value)


def target(field: Any) -> str:
    label: str = field.related_model._meta.label_lower
    return label


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every single value inside a JSON value, with its way there: [{"de": "Preis"}] → ("1 · de", "Preis")."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from leaves(inner, (*path, str(number)))
    elif value not in (None, ""):
        yield " · ".join(path), value


def changed_leaves(before: Any, after: Any) -> list[tuple[str, str, str]]:
    """Way, before and after of what differs between two JSON values."""
    old, new = dict(leaves(before)), dict(leaves(after))
    ways = [way for way in {**old, **new} if old.get(way) != new.get(way)]
    told = [(way, _simple(old.get(way)), _simple(new.get(way))) for way in ways[:MOST_LEAVES]]
    return [*told, ("…", "", "")] if len(ways) > MOST_LEAVES else told


def _plain(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(field, models.DateTimeField):
        return formats.date_format(timezone.localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
    if isinstance(field, models.DateField):
        return formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if isinstance(field, models.DecimalField):
        return formats.localize(Decimal(str(value)))
    return _simple(value)


def _simple(value: Any) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return formats.localize(value) if isinstance(value, int | float) else str(value)
