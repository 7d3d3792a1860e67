"""Filters of lists: what one would not understand is refused, for ignoring it answers rows that nobody asked for."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import IntegerField
from django_filters import filters
from django_filters.rest_framework import DjangoFilterBackend
from django_filters.utils import get_model_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

_integer = re.compile("-?[0-9]{1,19}", re.ASCII)


class StrictFilterBackend(DjangoFilterBackend):  # type: ignore[misc]
    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None and (errors := dict(_errors(filterset, request))):
            raise ValidationError(errors)
        return filterset


def _errors(filterset: Any, request: Request) -> Iterator[tuple[str, list[str]]]:
    for name, asked in filterset.filters.items():
        given = request.query_params.getlist(name)
        if len(given) > 1:
            yield name, ["Name it once."]
        elif given and (error := _error(asked, given[0], filterset._meta.model)):
            yield name, [error]


def _error(asked: Any, value: str, model: Any) -> str:
    if not value:
        return "Leave it out, or give it a value."
    if isinstance(asked, filters.BooleanFilter) and value.lower() not in {"true", "false"}:
        return "Must be true or false."
    if isinstance(asked, filters.NumberFilter) and not _integer.fullmatch(value) and _is_integer(asked, model):
        return "Must be an integer."
    return ""


def _is_integer(asked: Any, model: Any) -> bool:
    return isinstance(get_model_field(model, asked.field_name), IntegerField)
