from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.personal import may_read_personal_data
from accounts.api.viewsets import InUtc, ReadOnlyViewSet
from accounts.models import Scope
from customers.actions.accesses import note_access
from customers.api.noting import Noted
from customers.models import AccessKind, Customer
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


class RunViewSet(Noted, ReadOnlyViewSet):
    """Ways of customers, or of their orders and cases, through journeys."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_run"
    queryset = Run.objects.select_related("version__journey", "customer", "current_stage")
    serializer_class = serializers.RunSerializer
    filterset_class = filters.RunFilterSet


class PassageViewSet(Noted, ReadOnlyViewSet):
    """The times spent in stages."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_passage"
    queryset = Passage.objects.select_related("stage", "run")
    serializer_class = serializers.PassageSerializer
    filterset_class = filters.PassageFilterSet

    def people_of(self, row: Passage) -> tuple[int, ...]:
        return (row.run.customer_id,)


class CurrentStagesView(InUtc, ListAPIView[Run]):
    """Where a person stands now, in every open run of a published journey."""

    scope = Scope.JOURNEYS_READ
    permission = "journeys.view_run"
    serializer_class = serializers.CurrentStageSerializer
    filter_backends = ()
    queryset = Run.objects.live().open().filter(current_stage__isnull=False)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().list(request, *args, **kwargs)
        if may_read_personal_data(request):
            note_access(kind=AccessKind.API, by=request.user, customer=kwargs["customer_id"])
        return answer

    def get_queryset(self) -> QuerySet[Run]:
        customer = get_object_or_404(Customer, pk=self.kwargs["customer_id"])
        runs = super().get_queryset().filter(customer__canonical=customer.canonical_id)
        return runs.select_related("version__journey", "current_stage")
