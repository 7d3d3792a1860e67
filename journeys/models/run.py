from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from journeys.models.journey import JourneyVersion
from journeys.models.stage import Stage
from journeys.querysets import PassageQuerySet, RunQuerySet


class EndReason(models.TextChoices):
    END_RULE = "end_rule", _("end rule")
    INACTIVITY = "inactivity", _("inactivity")


class Run(models.Model):
    """One customer’s, or one subject’s, way through a journey; computed by journeys.matching, never edited."""

    personal_fields: ClassVar = ()

    version = models.ForeignKey(
        JourneyVersion, on_delete=models.CASCADE, related_name="runs", verbose_name=_("version")
    )
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="runs", verbose_name=_("customer"))
    subject = models.CharField(_("subject"), max_length=120, blank=True, help_text=_("For example order:1001."))
    ordinal = models.PositiveIntegerField(_("ordinal"), default=1, help_text=_("First, second … run of the same."))
    current_stage = models.ForeignKey(
        Stage,
        on_delete=models.CASCADE,
        null=True,
        related_name="current_runs",
        verbose_name=_("current stage"),
    )
    started_at = models.DateTimeField(_("started at"))
    last_at = models.DateTimeField(_("last touchpoint at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    end_reason = models.CharField(_("end reason"), max_length=10, choices=EndReason, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "customer", "subject", "ordinal"],
                name="run_version_customer_subject_ordinal_uniq",
            ),
            models.CheckConstraint(condition=models.Q(last_at__gte=models.F("started_at")), name="run_last_at_check"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end_reason="")
                | models.Q(ended_at__isnull=False, end_reason__in=EndReason.values, current_stage=None),
                name="run_ended_check",
            ),
        ]
        indexes = [models.Index(fields=["version", "subject"], name="run_version_subject_idx")]

    def __str__(self) -> str:
        return f"{self.version} · {self.customer} {self.subject}".strip()

    @property
    def subject_key(self) -> str:
        """1001 of order:1001."""
        return self.subject.partition(":")[2]


class Passage(models.Model):
    """The time in one stage of a run."""

    personal_fields: ClassVar = ()

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="passages", verbose_name=_("run"))
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="passages", verbose_name=_("stage"))
    ordinal = models.PositiveIntegerField(_("ordinal"))
    entered_at = models.DateTimeField(_("entered at"))
    left_at = models.DateTimeField(_("left at"), null=True)
    touchpoint_count = models.PositiveIntegerField(_("touchpoints"), default=0)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["run", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "ordinal"], name="passage_run_ordinal_uniq"),
            models.UniqueConstraint(fields=["run"], condition=models.Q(left_at=None), name="passage_open_uniq"),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("entered_at")),
                name="passage_left_at_check",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} ({self.ordinal})"
