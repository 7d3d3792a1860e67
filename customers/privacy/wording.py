"""How a stored value is told to a person: words for choices, their own date format, yes and no."""

import json
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.visible import visible

NOTHING: tuple[Any, ...] = (None, "", [], {})


def told(row: models.Model, field: "models.Field[Any, Any]") -> str:
    """Empty where there is nothing to tell."""
    value = getattr(row, field.attname)
    if value in NOTHING:
        return ""
    if field.is_relation:
        return visible(str(getattr(row, field.name)))
    if isinstance(field, ArrayField):
        words = dict(field.base_field.flatchoices)
        return visible(", ".join(str(words.get(item, item)) for item in value))
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return visible(as_words(value))


def as_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, (int, float)) or hasattr(value, "quantize"):
        return number_format(value, use_l10n=True, force_grouping=False)
    return str(value)
