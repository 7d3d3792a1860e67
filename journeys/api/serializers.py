from rest_framework import serializers

from accounts.api.fields import KeyField
from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion, Passage, Run, Stage


class JourneySerializer(serializers.ModelSerializer[Journey]):
    class Meta:
        model = Journey
        fields = (
            "id", "key", "label_de", "label_en", "description_de", "description_en", "subject_kind", "is_archived",
        )  # fmt: skip


class ExpectedTouchpointSerializer(serializers.ModelSerializer[ExpectedTouchpoint]):
    type = KeyField()
    channel = KeyField()

    class Meta:
        model = ExpectedTouchpoint
        fields = ("type", "channel", "role", "conditions")


class StageSerializer(serializers.ModelSerializer[Stage]):
    expected_touchpoints = ExpectedTouchpointSerializer(many=True, read_only=True)

    class Meta:
        model = Stage
        fields = (
            "id", "version", "key", "label_de", "label_en", "phase", "position", "is_optional", "is_repeatable",
            "designed_emotion", "goal", "needs", "pains", "gains", "opportunities", "backstage", "kpi", "evidence",
            "expected_touchpoints",
        )  # fmt: skip


class JourneyVersionSerializer(serializers.ModelSerializer[JourneyVersion]):
    journey = KeyField()
    end_types = KeyField(many=True, read_only=True)
    stages = StageSerializer(many=True, read_only=True)

    class Meta:
        model = JourneyVersion
        fields = ("id", "journey", "number", "state", "inactivity_days", "end_types", "published_at", "stages")


class RunSerializer(serializers.ModelSerializer[Run]):
    journey = serializers.CharField(source="version.journey.key", read_only=True)
    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)
    current_stage = KeyField()

    class Meta:
        model = Run
        fields = (
            "id", "journey", "version", "customer", "person", "subject", "ordinal", "current_stage", "started_at",
            "last_at", "ended_at", "end_reason",
        )  # fmt: skip


class PassageSerializer(serializers.ModelSerializer[Passage]):
    stage = KeyField()

    class Meta:
        model = Passage
        fields = ("id", "run", "stage", "ordinal", "entered_at", "left_at", "touchpoint_count")


class CurrentStageSerializer(serializers.ModelSerializer[Run]):
    """Where a person stands in one run."""

    journey = serializers.CharField(source="version.journey.key", read_only=True)
    stage = serializers.CharField(source="current_stage.key", read_only=True)
    phase = serializers.CharField(source="current_stage.phase", read_only=True)
    run = serializers.IntegerField(source="pk", read_only=True)

    class Meta:
        model = Run
        fields = ("run", "journey", "subject", "stage", "phase", "started_at", "last_at")
