from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet, filters

from accounts.filters import BeforeFilter, IdFilter, SinceFilter
from customers.filters import PersonFilter
from journeys.models import JourneyVersion, Passage, Run, Stage


class JourneyVersionFilterSet(FilterSet):  # type: ignore[misc]
    journey = filters.CharFilter(field_name="journey__key")

    class Meta:
        model = JourneyVersion
        fields = ("state", "number")


class StageFilterSet(FilterSet):  # type: ignore[misc]
    journey = filters.CharFilter(field_name="version__journey__key")
    version_state = filters.CharFilter(field_name="version__state")

    class Meta:
        model = Stage
        fields = ("key", "phase")


class RunFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer", label=_("A person, by any of its records."))
    journey = filters.CharFilter(field_name="version__journey__key")
    current_stage = filters.CharFilter(field_name="current_stage__key")
    is_open = filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")
    started_since = SinceFilter("started_at")
    started_before = BeforeFilter("started_at")

    class Meta:
        model = Run
        fields = ("subject", "end_reason")


class PassageFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="run__customer", label=_("A person, by any of its records."))
    journey = filters.CharFilter(field_name="run__version__journey__key")
    stage = filters.CharFilter(field_name="stage__key")
    is_open = filters.BooleanFilter(field_name="left_at", lookup_expr="isnull")
    entered_since = SinceFilter("entered_at")
    entered_before = BeforeFilter("entered_at")
    run = IdFilter()

    class Meta:
        model = Passage
        fields = ()
