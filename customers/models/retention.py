from datetime import datetime, timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from customers.querysets import RetentionRuleQuerySet

# Who did or read what is kept at least so long (accounts/migrations/0007_letting_go.sql holds it as well).
TRACES = ("accounts.changes", "customers.accesses")
TRACES_LEAST_DAYS = 90


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
            ),
            models.CheckConstraint(
                condition=models.Q(days=None) | ~models.Q(key__in=TRACES) | models.Q(days__gte=TRACES_LEAST_DAYS),
                name="retentionrule_traces_check",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    def clean(self) -> None:
        if self.key in TRACES and self.days is not None and self.days < TRACES_LEAST_DAYS:
            least = _("At least %(days)s days, so that nobody can make their own traces vanish.")
            raise ValidationError({"days": least % {"days": TRACES_LEAST_DAYS}})

    def moment(self, now: datetime) -> datetime:
        """What was last needed before is over."""
        return now - timedelta(days=self.days or 0)
