from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.generics import ListAPIView

from accounts.api.viewsets import InUtc, ReadOnlyViewSet
from accounts.models import Scope
from customers.models import Customer
from journeys import filters
from journeys.api import serializers
from journeys.models import Journey, JourneyVersion, Passage, Run, Stage

EXPECTATIONS = ("expected_touchpoints__type", "expected_touchpoints__channel")


class JourneyViewSet(ReadOnlyViewSet):
    """The curated paths; what they consist of stands in their versions."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_journey"
    queryset = Journey.objects.all()
    serializer_class = serializers.JourneySerializer
    filterset_fields = ("key", "subject_kind", "is_archived")


class JourneyVersionViewSet(ReadOnlyViewSet):
    """Drafts, published and retired versions with their stages."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_journeyversion"
    queryset = JourneyVersion.objects.select_related("journey").prefetch_related(
        "end_types", *(f"stages__{path}" for path in EXPECTATIONS)
    )
    serializer_class = serializers.JourneyVersionSerializer
    filterset_class = filters.JourneyVersionFilterSet


class StageViewSet(ReadOnlyViewSet):
    """The steps of journeys with the touchpoints they expect."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_stage"
    queryset = Stage.objects.prefetch_related(*EXPECTATIONS)
    serializer_class = serializers.StageSerializer
    filterset_class = filters.StageFilterSet


class RunViewSet(ReadOnlyViewSet):
    """Ways of customers, or of their orders and cases, through journeys."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_run"
    queryset = Run.objects.select_related("version__journey", "customer", "current_stage")
    serializer_class = serializers.RunSerializer
    filterset_class = filters.RunFilterSet


class PassageViewSet(ReadOnlyViewSet):
    """The times spent in stages."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_passage"
    queryset = Passage.objects.select_related("stage")
    serializer_class = serializers.PassageSerializer
    filterset_class = filters.PassageFilterSet


class CurrentStagesView(InUtc, ListAPIView[Run]):
    """Where a person stands now, in every open run of a published journey."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_run"
    serializer_class = serializers.CurrentStageSerializer
    filter_backends = ()
    queryset = Run.objects.live().open().filter(current_stage__isnull=False)

    def get_queryset(self) -> QuerySet[Run]:
        customer = get_object_or_404(Customer, pk=self.kwargs["customer_id"])
        runs = super().get_queryset().filter(customer__canonical=customer.canonical_id)
        return runs.select_related("version__journey", "current_stage")
