from rest_framework import serializers

from accounts.api.fields import KeyField
from accounts.api.personal import PseudonymousSerializer
from touchpoints.models import Case, Channel, Touchpoint, TouchpointType


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = ("id", "key", "label_de", "label_en")


class TouchpointTypeSerializer(serializers.ModelSerializer[TouchpointType]):
    channel = KeyField()
    merged_into = KeyField()

    class Meta:
        model = TouchpointType
        fields = (
            "id", "key", "label_de", "label_en", "state", "channel", "phase", "default_valence", "aliases",
            "analysed_properties", "cost", "cost_currency", "merged_into",
        )  # fmt: skip


class TouchpointSerializer(PseudonymousSerializer):
    """`person` is the canonical record of `customer`."""

    source = KeyField()  # type: ignore[assignment]
    type = KeyField()
    channel = KeyField()
    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)
    campaign = serializers.DictField(child=serializers.CharField(), allow_null=True, read_only=True)

    class Meta:
        model = Touchpoint
        fields = (
            "id", "source", "message_id", "customer", "person", "type", "channel", "occurred_at", "received_at",
            "subject", "value", "currency", "valence", "session_id", "campaign", "referrer", "place", "actor",
            "acquisition_channel", "replaces", "properties",
        )  # fmt: skip


class CaseSerializer(PseudonymousSerializer):
    root_cause = KeyField()
    resolution = KeyField()
    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)

    class Meta:
        model = Case
        fields = (
            "id", "brand", "number", "customer", "person", "kind", "title", "description", "state", "priority", "owner",
            "team", "due_at", "related_subject", "root_cause", "resolution",
            "resolution_note", "created_at", "resolved_at",
        )  # fmt: skip
