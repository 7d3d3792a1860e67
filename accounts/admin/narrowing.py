"""What a link from another page narrowed a list to, told above it: else nobody sees why rows are missing."""

from typing import Any

from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest
from django.utils.text import capfirst

SUFFIX = "__id__exact"
MOST_DIGITS = 18


def narrowings(page: "ModelAdmin[Any]", request: HttpRequest) -> list[dict[str, str]]:
    found = []
    for parameter in request.GET:
        value = str(request.GET[parameter])
        field = _relation(page, parameter.removesuffix(SUFFIX)) if parameter.endswith(SUFFIX) else None
        if field is None or not value.isdecimal() or len(value) > MOST_DIGITS:
            continue
        rest = request.GET.copy()
        del rest[parameter]
        found.append({
            "label": capfirst(str(getattr(field, "verbose_name", field.related_model._meta.verbose_name))),
            "row": _name_of(page, request, field.related_model, value),
            "address": f"?{rest.urlencode()}",
        })  # fmt: skip
    return found


def _relation(page: "ModelAdmin[Any]", name: str) -> Any:
    """The relation, unless a filter at the side tells of it already."""
    try:
        field = page.opts.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if field.is_relation and name not in page.list_filter else None


def _name_of(page: "ModelAdmin[Any]", request: HttpRequest, model: Any, pk: str) -> str:
    other = page.admin_site._registry.get(model)
    row = model._base_manager.filter(pk=pk).first() if other and other.has_view_permission(request) else None
    return str(row) if row else f"#{pk}"
