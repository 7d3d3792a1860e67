from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import ApiKey, Brand, Change


class BrandQuerySet(models.QuerySet["Brand"]):
    def default(self) -> Brand:
        return self.get(is_default=True)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self, *, now: datetime) -> ApiKeyQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ChangeQuerySet(models.QuerySet["Change"]):
    def about(self, *rows: models.Model) -> ChangeQuerySet:
        return self.filter(about__overlap=[reference_to(row) for row in rows])


def reference_to(row: models.Model) -> str:
    """How accounts_change.about names a row."""
    return f"{row._meta.label_lower}:{row.pk}"
