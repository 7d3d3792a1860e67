from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import ApiKey, Brand, Change


class BrandQuerySet(models.QuerySet["Brand"]):
    def default(self) -> Brand:
        return self.get(is_default=True)

    def home_country(self) -> str:
        """Where phone numbers without prefix belong that nothing more is known of."""
        return self.filter(is_default=True).values_list("country", flat=True).first() or "DE"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self, *, now: datetime) -> ApiKeyQuerySet:
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class ChangeQuerySet(models.QuerySet["Change"]):
    def about(self, *rows: models.Model) -> ChangeQuerySet:
        return self.filter(about__overlap=[reference_to(row) for row in rows])

    def of_models(self, labels: Collection[str]) -> ChangeQuerySet:
        return self.filter(model__in=labels)

    def of_field(self, label: str, column: str) -> ChangeQuerySet:
        """Changes of one column; without a column those of the whole model."""
        found = self.filter(model=label)
        return found.filter(changes__has_key=column) if column else found

    def by(self, user: int | None) -> ChangeQuerySet:
        """None: by whatever is no user."""
        return self.filter(user=user)

    def older_than(self, pk: int) -> ChangeQuerySet:
        return self.filter(pk__lt=pk)


def reference_to(row: models.Model) -> str:
    """How accounts_change.about names a row."""
    return f"{row._meta.label_lower}:{row.pk}"
