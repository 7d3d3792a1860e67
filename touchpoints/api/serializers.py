from rest_framework import serializers

from accounts.api.fields import KeyField
from accounts.api.personal import PseudonymousSerializer
from touchpoints.models import Channel, Touchpoint, TouchpointType


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
