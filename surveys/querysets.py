from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import CharField, DurationField, Exists, ExpressionWrapper, F, OuterRef, Value
from django.db.models.functions import Cast, Concat

from touchpoints.models import Message

if TYPE_CHECKING:
    from surveys.models import Answer, Campaign, Invitation, Response, SurveyVersion


class SurveyVersionQuerySet(models.QuerySet["SurveyVersion"]):
    def published(self) -> SurveyVersionQuerySet:
        return self.filter(state="published")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def active(self) -> CampaignQuerySet:
        return self.filter(activated_at__isnull=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def planned(self) -> InvitationQuerySet:
        return self.filter(state="planned")

    def due(self, *, now: datetime) -> InvitationQuerySet:
        return self.planned().filter(due_at__lte=now)

    def without_message(self) -> InvitationQuerySet:
        """No mail was queued for them yet; found by the unique key of the mail."""
        key = Concat(Value("invitation:"), Cast(OuterRef("pk"), CharField()), Value(":first"))
        return self.filter(~Exists(Message.objects.filter(key=key)))

    def outlived(self, *, now: datetime) -> InvitationQuerySet:
        """Sent, never answered, and their link is no longer valid."""
        valid_for = ExpressionWrapper(F("campaign__expires_days") * Value(timedelta(days=1)), DurationField())
        return self.annotate(valid_for=valid_for).filter(state="sent", sent_at__lt=now - F("valid_for"))


class ResponseQuerySet(models.QuerySet["Response"]):
    def finished(self) -> ResponseQuerySet:
        return self.filter(finished_at__isnull=False)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def counted(self) -> AnswerQuerySet:
        """Answers of finished responses: what a figure may count."""
        return self.filter(response__finished_at__isnull=False)
