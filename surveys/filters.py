from django_filters import FilterSet, filters

from accounts.filters import BeforeFilter, SinceFilter
from customers.filters import PersonFilter
from surveys.models import Campaign, Invitation, Response


class CampaignFilterSet(FilterSet):  # type: ignore[misc]
    survey = filters.CharFilter(field_name="survey__key")
    is_active = filters.BooleanFilter(field_name="activated_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Campaign
        fields = ("key", "purpose")


class InvitationFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer")
    campaign = filters.CharFilter(field_name="campaign__key")
    due_since = SinceFilter("due_at")
    due_before = BeforeFilter("due_at")
    sent_since = SinceFilter("sent_at")
    sent_before = BeforeFilter("sent_at")

    class Meta:
        model = Invitation
        fields = ("state", "reason", "subject")


class ResponseFilterSet(FilterSet):  # type: ignore[misc]
    customer = PersonFilter(field_name="customer")
    survey = filters.CharFilter(field_name="version__survey__key")
    campaign = filters.CharFilter(field_name="invitation__campaign__key")
    is_finished = filters.BooleanFilter(field_name="finished_at", lookup_expr="isnull", exclude=True)
    finished_since = SinceFilter("finished_at")
    finished_before = BeforeFilter("finished_at")

    class Meta:
        model = Response
        fields = ("language",)
