from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from journeys.models import JourneyVersion, Passage, Run


class JourneyVersionQuerySet(models.QuerySet["JourneyVersion"]):
    def published(self) -> JourneyVersionQuerySet:
        return self.filter(state="published", journey__is_archived=False)


class RunQuerySet(models.QuerySet["Run"]):
    def live(self) -> RunQuerySet:
        """Runs of the published versions; those of retired versions are history."""
        return self.filter(version__state="published")

    def open(self) -> RunQuerySet:
        return self.filter(ended_at=None)

    def of_person(self, customer_id: int) -> RunQuerySet:
        return self.filter(customer__canonical_id=customer_id)


class PassageQuerySet(models.QuerySet["Passage"]):
    def open(self) -> PassageQuerySet:
        return self.filter(left_at=None)
