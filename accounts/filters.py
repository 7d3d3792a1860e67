from datetime import UTC, datetime
from typing import Any

from django import forms
from django_filters import fields, filters
from drf_spectacular.utils import extend_schema_field

LARGEST_ID = 2**63 - 1


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": LARGEST_ID})
class IdFilter(filters.NumberFilter):  # type: ignore[misc]
    """An id that the database can hold."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=0, max_value=LARGEST_ID, **kwargs)


class MomentField(fields.IsoDateTimeField):  # type: ignore[misc]
    """In UTC: PostgreSQL reads no offset of 16 hours or more, and the first hours of the year 1 have no UTC."""

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = MomentField


class SinceFilter(MomentFilter):
    """From this moment on."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="gte")


class BeforeFilter(MomentFilter):
    """Before this moment: windows are half-open."""

    def __init__(self, field_name: str) -> None:
        super().__init__(field_name=field_name, lookup_expr="lt")
