from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, filters

from accounts.filters import BeforeFilter, SinceFilter
from customers.filters import PersonFilter
from touchpoints.models import Case, Subject, Touchpoint, TouchpointType
from touchpoints.querysets import TouchpointQuerySet


class TouchpointFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    type = filters.CharFilter(field_name="type__key")
    channel = filters.CharFilter(field_name="channel__key")
    source = filters.CharFilter(field_name="source__key")
    occurred_since = SinceFilter("occurred_at")
    occurred_before = BeforeFilter("occurred_at")
    received_since = SinceFilter("received_at")
    received_before = BeforeFilter("received_at")
    is_current = filters.BooleanFilter(method="filter_current", label=_("Without what was corrected or retracted."))

    class Meta:
        model = Touchpoint
        fields = ("message_id", "subject", "session_id", "actor", "acquisition_channel", "valence")

    def filter_current(self, queryset: TouchpointQuerySet, _name: str, value: bool) -> TouchpointQuerySet:
        return queryset.current() if value else queryset


class TouchpointTypeFilterSet(FilterSet):  # type: ignore[misc]
    channel = filters.CharFilter(field_name="channel__key")

    class Meta:
        model = TouchpointType
        fields = ("key", "state", "phase")


class OrderFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    began_since = SinceFilter("began_at")
    began_before = BeforeFilter("began_at")
    changed_since = SinceFilter("changed_at")
    changed_before = BeforeFilter("changed_at")

    class Meta:
        model = Subject
        fields = ("key", "state", "is_open", "currency")


class SubjectFilterSet(OrderFilterSet):
    class Meta:
        model = Subject
        fields = ("kind", "key", "state", "is_open", "currency")


class CaseFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    is_open = filters.BooleanFilter(method="filter_open", label=_("Open or waiting."))
    due_before = BeforeFilter("due_at")
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Case
        fields = ("number", "kind", "state", "priority", "related_subject")

    def filter_open(self, queryset: QuerySet[Case], _name: str, value: bool) -> QuerySet[Case]:
        is_open = Case.objects.open().values("pk")
        return queryset.filter(pk__in=is_open) if value else queryset.exclude(pk__in=is_open)
