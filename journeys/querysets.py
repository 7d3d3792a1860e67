from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Value

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

    def inactive(self, *, now: datetime) -> RunQuerySet:
        """Open runs in which nothing has happened for longer than their version allows."""
        day = Value(timedelta(days=1), output_field=DurationField())
        allowed = ExpressionWrapper(F("version__inactivity_days") * day, output_field=DurationField())
        ends_at = ExpressionWrapper(F("last_at") + allowed, output_field=DateTimeField())
        return self.live().open().alias(ends_at=ends_at).filter(ends_at__lt=now).select_related("version")

    def of_person(self, customer_id: int) -> RunQuerySet:
        return self.filter(customer__canonical_id=customer_id)

    def of_subject(self, subject: str) -> RunQuerySet:
        """Of all versions: they are named so that the index (version, subject) answers."""
        versions: Any = self.model._meta.get_field("version").related_model
        return self.filter(version_id__in=list(versions.objects.values_list("pk", flat=True)), subject=subject)


class PassageQuerySet(models.QuerySet["Passage"]):
    def open(self) -> PassageQuerySet:
        return self.filter(left_at=None)
