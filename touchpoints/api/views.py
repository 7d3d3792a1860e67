from accounts.api.viewsets import ReadOnlyViewSet
from accounts.models import Scope
from customers.api.noting import Noted
from touchpoints import filters
from touchpoints.api import serializers
from touchpoints.models import Channel, Touchpoint, TouchpointType


class TouchpointViewSet(Noted, ReadOnlyViewSet):
    """Everything that happened, as it arrived: the newest arrivals first."""

    scope = Scope.TOUCHPOINTS_READ
    permission = "touchpoints.view_touchpoint"
    queryset = Touchpoint.objects.select_related("source", "type", "channel", "customer")
    serializer_class = serializers.TouchpointSerializer
    filterset_class = filters.TouchpointFilterSet


class TouchpointTypeViewSet(ReadOnlyViewSet):
    """The vocabulary: what can happen."""

    scope = Scope.TOUCHPOINTS_READ
    permission = "touchpoints.view_touchpointtype"
    queryset = TouchpointType.objects.select_related("channel", "merged_into")
    serializer_class = serializers.TouchpointTypeSerializer
    filterset_class = filters.TouchpointTypeFilterSet


class ChannelViewSet(ReadOnlyViewSet):
    """By which ways it can happen."""

    scope = Scope.TOUCHPOINTS_READ
    permission = "touchpoints.view_channel"
    queryset = Channel.objects.all()
    serializer_class = serializers.ChannelSerializer
    filterset_fields = ("key",)
