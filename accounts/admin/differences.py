"""The values of a form's field: what the form was loaded with, and how a person reads one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import localize
from django.utils.translation import gettext as _

from accounts.visible import visible

EMPTY: tuple[Any, ...] = (None, "", [], ())


def loaded_value(form: Any, name: str) -> Any:
    """As the browser sends it back."""
    hidden = form.fields[name].hidden_widget()
    return hidden.value_from_datadict(form.data, form.files, form.add_initial_prefix(name))


class Values:
    def __init__(self, field: forms.Field) -> None:
        self.field = field

    def told(self, value: Any) -> str:
        """One value, as a row holds it or as a browser sends it."""
        if value in EMPTY:
            return _("empty")
        try:
            return visible(self._told(value))
        except ValidationError:
            return visible(str(value))

    def _told(self, value: Any) -> str:
        field: Any = self.field
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(sorted(str(row) for row in field.clean(field.prepare_value(value))))
        if isinstance(field, forms.ModelChoiceField):
            return str(field.to_python(field.prepare_value(value)))
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in _flat(field.choices)}
            return labels.get(str(value), str(value))
        if isinstance(field, forms.BooleanField):
            return _("yes") if field.to_python(value) else _("no")
        if isinstance(value, list):
            value = field.clean(value)
        return str(localize(timezone.localtime(value) if isinstance(value, datetime) else value))


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    flat = []
    for key, label in choices:
        flat += _flat(label) if isinstance(label, list | tuple) else [(key, label)]
    return flat
