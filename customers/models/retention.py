from datetime import datetime, timedelta
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from customers.querysets import RetentionRuleQuerySet


class RetentionRule(models.Model):
    """How long a class of data (customers.privacy.retention) is kept."""

    personal_fields: ClassVar = ()

    key = models.CharField(_("class of data"), max_length=60, unique=True, editable=False)
    days = models.PositiveIntegerField(
        _("kept for days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Deleted in the night after so many days; empty: kept until somebody decides."),
    )

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["key"]
        triggers = [Tracked()]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(days=None) | models.Q(days__gte=1), name="retentionrule_days_check"
            )
        ]

    def __str__(self) -> str:
        return self.key

    def moment(self, now: datetime) -> datetime:
        """What was last needed before is over."""
        return now - timedelta(days=self.days or 0)
