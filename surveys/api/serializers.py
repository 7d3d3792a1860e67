from rest_framework import serializers

from accounts.api.fields import KeyField
from accounts.api.personal import PseudonymousSerializer
from surveys.models import Answer, Campaign, Invitation, Question, Response, Survey, SurveyVersion


class QuestionSerializer(serializers.ModelSerializer[Question]):
    class Meta:
        model = Question
        fields = ("key", "kind", "position", "text_de", "text_en", "options", "is_required")


class SurveyVersionSerializer(serializers.ModelSerializer[SurveyVersion]):
    questions = QuestionSerializer(many=True, read_only=True)

    class Meta:
        model = SurveyVersion
        fields = ("id", "number", "state", "published_at", "questions")


class SurveySerializer(serializers.ModelSerializer[Survey]):
    versions = SurveyVersionSerializer(many=True, read_only=True)

    class Meta:
        model = Survey
        fields = (
            "id", "key", "label_de", "label_en", "intro_de", "intro_en", "is_anonymous", "is_closed", "versions",
        )  # fmt: skip


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    survey = KeyField()
    trigger_type = KeyField()

    class Meta:
        model = Campaign
        fields = (
            "id", "key", "label_de", "label_en", "brand", "survey", "purpose", "trigger_type", "conditions",
            "delay_minutes", "quiet_days", "expires_days", "activated_at",
        )  # fmt: skip


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    campaign = KeyField()
    person = serializers.IntegerField(source="customer.canonical_id", read_only=True)

    class Meta:
        model = Invitation
        fields = (
            "id", "campaign", "customer", "person", "touchpoint", "subject", "state", "reason", "due_at", "sent_at",
            "answered_at", "language", "created_at",
        )  # fmt: skip


class AnswerSerializer(PseudonymousSerializer):
    question = KeyField()
    kind = serializers.CharField(source="question.kind", read_only=True)

    class Meta:
        model = Answer
        fields = ("question", "kind", "score", "choices", "text")


class ResponseSerializer(serializers.ModelSerializer[Response]):
    """An anonymous response has neither invitation nor customer."""

    survey = serializers.CharField(source="version.survey.key", read_only=True)
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Response
        fields = (
            "id", "survey", "version", "invitation", "customer", "language", "started_at", "finished_at", "answers",
        )  # fmt: skip
