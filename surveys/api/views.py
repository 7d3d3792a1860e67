from accounts.api.viewsets import ReadOnlyViewSet
from accounts.models import Scope
from customers.api.noting import Noted
from surveys import filters
from surveys.api import serializers
from surveys.models import Campaign, Invitation, Response, Survey


class SurveyViewSet(ReadOnlyViewSet):
    """Surveys with their versions and questions."""

    scope = Scope.SURVEYS_READ
    permission = "surveys.view_survey"
    queryset = Survey.objects.prefetch_related("versions__questions")
    serializer_class = serializers.SurveySerializer
    filterset_fields = ("key", "is_anonymous", "is_closed")


class CampaignViewSet(ReadOnlyViewSet):
    """When whom is asked which survey."""

    scope = Scope.SURVEYS_READ
    permission = "surveys.view_campaign"
    queryset = Campaign.objects.select_related("survey", "trigger_type")
    serializer_class = serializers.CampaignSerializer
    filterset_class = filters.CampaignFilterSet


class InvitationViewSet(Noted, ReadOnlyViewSet):
    """The ledger of everybody who could have been asked, with what became of it and why."""

    scope = Scope.SURVEYS_READ
    permission = "surveys.view_invitation"
    queryset = Invitation.objects.select_related("campaign", "customer")
    serializer_class = serializers.InvitationSerializer
    filterset_class = filters.InvitationFilterSet


class ResponseViewSet(Noted, ReadOnlyViewSet):
    """What people sent back, with their answers."""

    scope = Scope.SURVEYS_READ
    permission = "surveys.view_response"
    queryset = Response.objects.select_related("version__survey").prefetch_related("answers__question")
    serializer_class = serializers.ResponseSerializer
    filterset_class = filters.ResponseFilterSet
