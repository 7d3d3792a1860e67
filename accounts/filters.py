from typing import Any

from django import forms
from django_filters import filters

LARGEST_ID = 2**63 - 1


class IdFilter(filters.NumberFilter):  # type: ignore[misc]
    """An id that the database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST_ID, **kwargs)


class SinceFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """From this moment on."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte")


class BeforeFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    """Before this moment: windows are half-open."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="lt")
