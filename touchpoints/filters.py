from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, filters

from accounts.filters import BeforeFilter, IdFilter, SinceFilter
from customers.filters import PersonFilter
from touchpoints.models import Case, Subject, Touchpoint, TouchpointType
from touchpoints.querysets import SubjectQuerySet, TouchpointQuerySet


class TouchpointFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    type = filters.CharFilter(field_name="type__canonical__group__key", label=_("Also by what was merged with it."))
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
    merged_into = filters.CharFilter(field_name="merged_into__key")
    channel = filters.CharFilter(field_name="channel__key")

    class Meta:
        model = TouchpointType
        fields = ("key", "state", "phase")


class SubjectFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    brand = IdFilter(field_name="brand_id")
    began_since = SinceFilter("began_at")
    began_before = BeforeFilter("began_at")
    changed_since = SinceFilter("changed_at")
    changed_before = BeforeFilter("changed_at")

    class Meta:
        model = Subject
        fields = ("kind", "key", "state", "is_open", "currency")


class OrderFilterSet(SubjectFilterSet):
    kind = None
    delivered_since = SinceFilter("delivered_at")
    delivered_before = BeforeFilter("delivered_at")
    promised_since = filters.DateFilter(field_name="promised_on", lookup_expr="gte")
    promised_before = filters.DateFilter(field_name="promised_on", lookup_expr="lt")
    is_late = filters.BooleanFilter(method="filter_late", label=_("Delivered after the promised day, or in time."))
    is_overdue = filters.BooleanFilter(method="filter_overdue", label=_("Open, and the promised day has passed."))

    class Meta:
        model = Subject
        fields = ("key", "state", "is_open", "currency")

    def filter_late(self, queryset: SubjectQuerySet, _name: str, value: bool) -> SubjectQuerySet:
        return queryset.late() if value else queryset.in_time()

    def filter_overdue(self, queryset: SubjectQuerySet, _name: str, value: bool) -> SubjectQuerySet:
        overdue = Subject.objects.overdue(now=timezone.now()).values("pk")
        return queryset.filter(pk__in=overdue) if value else queryset.exclude(pk__in=overdue)


class CaseFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    is_open = filters.BooleanFilter(method="filter_open", label=_("Open or waiting."))
    root_cause = filters.CharFilter(field_name="root_cause__key")
    resolution = filters.CharFilter(field_name="resolution__key")
    due_before = BeforeFilter("due_at")
    created_since = SinceFilter("created_at")
    created_before = BeforeFilter("created_at")

    class Meta:
        model = Case
        fields = ("number", "kind", "state", "priority", "owner", "team", "brand", "related_subject")

    def filter_open(self, queryset: QuerySet[Case], _name: str, value: bool) -> QuerySet[Case]:
        is_open = Case.objects.open().values("pk")
        return queryset.filter(pk__in=is_open) if value else queryset.exclude(pk__in=is_open)
