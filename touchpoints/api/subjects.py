"""What touchpoints were about: read only, for it is derived from them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.personal import PseudonymousSerializer
from accounts.api.viewsets import ReadOnlyViewSet
from accounts.models import Scope
from customers.api.noting import Noted
from touchpoints import filters
from touchpoints.models import Subject
from touchpoints.order_lines import DONE

COMMON = (
    "id", "brand", "kind", "key", "customer", "person", "state", "is_open", "began_at", "changed_at", "ended_at",
    "value", "currency", "lines", "history",
)  # fmt: skip
OF_ORDERS = (
    "refunded", "net_value", "paid_at", "shipped_at", "delivered_at", "tracking_viewed_at", "promised_on", "days_late",
    "shipments",
)  # fmt: skip
OF_SUBSCRIPTIONS = ("monthly_value", "runs_until")
MOMENT = {"type": "string", "format": "date-time"}
NAMED = {"name": {"type": "string"}, "quantity": {"type": "number"}}
SHIPMENT: dict[str, Any] = {
    "shipment_id": {"type": "string"},
    "shipped_at": MOMENT | {"nullable": True},
    "delivered_at": MOMENT | {"nullable": True},
    "promised_on": {"type": "string", "format": "date", "nullable": True},
    "carrier": {"type": "string"},
    "tracking_number": {"type": "string"},
    "lines": {"type": "array", "items": {"type": "object", "properties": NAMED}},
}


@extend_schema_field({
    "type": "array",
    "items": {},
    "description": "The lines as they were sent. In those of an order also how many of `quantity` were "
    + ", ".join(f"`{what}`" for what in DONE)
    + " (left out: none), and `is_replacement` where one went out in exchange for another.",
})  # fmt: skip
class LinesField(serializers.JSONField):
    pass


@extend_schema_field({
    "type": "array",
    "items": {"type": "object", "properties": {"state": {"type": "string"}, "at": MOMENT}},
    "description": "When it came into which state, in this order.",
})  # fmt: skip
class HistoryField(serializers.JSONField):
    pass


@extend_schema_field({"type": "array", "items": {"type": "object", "properties": SHIPMENT}})
class ShipmentsField(serializers.JSONField):
    pass


class SubjectSerializer(PseudonymousSerializer):
    """Of every kind. Orders alone have what their own list tells, subscriptions alone `monthly_value`."""

    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)
    lines = LinesField(read_only=True)
    history = HistoryField(read_only=True)
    shipments = ShipmentsField(read_only=True)

    class Meta:
        model = Subject
        fields = (*COMMON, *OF_ORDERS, *OF_SUBSCRIPTIONS)


class OrderSerializer(SubjectSerializer):
    class Meta:
        model = Subject
        fields = (*COMMON, *OF_ORDERS)


class SubjectViewSet(Noted, ReadOnlyViewSet):
    """What touchpoints were about: orders, cases, subscriptions, their states and dates.

    Derived from the touchpoints that stand: `GET /api/v1/touchpoints/?subject=order:1001&is_current=true` tells them.
    Amounts are in `currency`; those of two currencies are never added.
    """

    scope = Scope.TOUCHPOINTS_READ
    permission = "touchpoints.view_subject"
    queryset = Subject.objects.select_related("customer")
    serializer_class = SubjectSerializer
    filterset_class = filters.SubjectFilterSet


class OrderViewSet(SubjectViewSet):
    """Orders: what became of their lines, what is left of their value, when they were promised and delivered.

    `net_value` is the value without what was cancelled, returned or refunded; of several reports about one order the
    largest counts, as in the figure `aov_net`. `days_late` is below 0 when it came early.
    """

    queryset = Subject.objects.orders().select_related("customer")
    serializer_class = OrderSerializer
    filterset_class = filters.OrderFilterSet
