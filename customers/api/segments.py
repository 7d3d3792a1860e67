from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.viewsets import InUtc, ReadOnlyViewSet
from accounts.models import Scope
from customers.actions.accesses import note_access
from customers.api.serializers import CustomerSerializer
from customers.filters import SegmentFilterSet, people_in
from customers.models import AccessKind, Customer, Segment


class SegmentSerializer(serializers.ModelSerializer[Segment]):
    class Meta:
        model = Segment
        fields = ("id", "name", "description", "kind", "rules", "brand", "created_at", "changed_at")


class SegmentCountSerializer(serializers.Serializer[Any]):
    segment = serializers.IntegerField()
    count = serializers.IntegerField(help_text="People; merged records count once.")
    counted_at = serializers.DateTimeField()


class SegmentViewSet(ReadOnlyViewSet):
    """Groups of people, found by rules or put on a list by hand."""

    scope = Scope.SEGMENTS_READ
    permission = "customers.view_segment"
    queryset = Segment.objects.all()
    serializer_class = SegmentSerializer
    filterset_class = SegmentFilterSet


class SegmentCustomersView(InUtc, ListAPIView[Customer]):
    """Who is in the segment now, one row per person. 409 when its rules lost what they ask for."""

    scope = (Scope.SEGMENTS_READ, Scope.CUSTOMERS_READ)
    permission = "customers.view_customer"
    serializer_class = CustomerSerializer
    filter_backends = ()
    queryset = Customer.objects.prefetch_related("identities", "tags")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        note_access(kind=AccessKind.LIST, by=request.user)
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Customer]:
        segment = get_object_or_404(Segment, pk=self.kwargs["segment_id"])
        return super().get_queryset().filter(pk__in=people_in(segment).order_by().values("pk"))


class SegmentCountView(InUtc, GenericAPIView[Segment]):
    """How many people are in the segment now. 409 when its rules lost what they ask for."""

    scope = Scope.SEGMENTS_READ
    permission = "customers.view_segment"
    serializer_class = SegmentCountSerializer
    queryset = Segment.objects.all()
    lookup_url_kwarg = "segment_id"
    filter_backends = ()
    pagination_class = None

    @extend_schema(responses=SegmentCountSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        segment = self.get_object()
        counted = {"segment": segment.pk, "count": people_in(segment).count(), "counted_at": timezone.now()}
        return Response(SegmentCountSerializer(counted).data)
