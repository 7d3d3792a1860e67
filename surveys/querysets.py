from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from surveys.models import Answer, Campaign, Invitation, Response, SurveyVersion


class SurveyVersionQuerySet(models.QuerySet["SurveyVersion"]):
    def published(self) -> SurveyVersionQuerySet:
        return self.filter(state="published")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def active(self) -> CampaignQuerySet:
        return self.filter(activated_at__isnull=False)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def due(self, *, now: datetime) -> InvitationQuerySet:
        return self.filter(state="planned", due_at__lte=now)

    def asked_since(self, moment: datetime) -> InvitationQuerySet:
        return self.filter(sent_at__gte=moment)


class ResponseQuerySet(models.QuerySet["Response"]):
    def finished(self) -> ResponseQuerySet:
        return self.filter(finished_at__isnull=False)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def counted(self) -> AnswerQuerySet:
        """Answers of finished responses: what a figure may count."""
        return self.filter(response__finished_at__isnull=False)
