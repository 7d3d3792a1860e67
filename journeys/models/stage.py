from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled
from accounts.tracking import Tracked
from journeys.models.journey import JourneyVersion
from touchpoints.models import Channel, Phase, TouchpointType
from touchpoints.models.vocabulary import HIGHEST_VALENCE, LOWEST_VALENCE


class Evidence(models.TextChoices):
    ASSUMED = "assumed", _("assumed")
    OBSERVED = "observed", _("observed")
    MEASURED = "measured", _("measured")


class Stage(Labelled):
    """One step of the journey: a column of the map with all its lanes."""

    personal_fields: ClassVar = ()

    version = models.ForeignKey(
        JourneyVersion,
        on_delete=models.CASCADE,
        related_name="stages",
        verbose_name=_("version"),
        help_text=_("The journey version it belongs to."),
    )
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stays the same from version to version."))
    phase = models.CharField(_("phase"), max_length=16, choices=Phase, help_text=_("Which of the five phases."))
    position = models.PositiveSmallIntegerField(_("position"), help_text=_("Counts from 1, left to right."))
    is_optional = models.BooleanField(_("optional"), default=False, help_text=_("Skipping it is no deviation."))
    is_subject_start = models.BooleanField(
        _("starts the subject"),
        default=False,
        help_text=_("The order, case or subscription begins here; earlier stages are walked before it exists."),
    )
    is_repeatable = models.BooleanField(_("repeatable"), default=False, help_text=_("Coming back is no deviation."))
    designed_emotion = models.SmallIntegerField(
        _("designed emotion"),
        default=0,
        validators=[MinValueValidator(LOWEST_VALENCE), MaxValueValidator(HIGHEST_VALENCE)],
        help_text=_("How it should feel, −2 to +2."),
    )
    goal = models.TextField(_("customer goal"), blank=True, help_text=_("What the customer wants here."))
    needs = models.TextField(_("needs and expectations"), blank=True, help_text=_("What the customer expects."))
    pains = models.TextField(_("pains"), blank=True, help_text=_("What annoys."))
    gains = models.TextField(_("gains"), blank=True, help_text=_("What delights."))
    opportunities = models.TextField(_("opportunities"), blank=True, help_text=_("What we could do better."))
    responsible = models.CharField(_("responsible"), max_length=120, blank=True, help_text=_("Person or team."))
    backstage = models.TextField(_("backstage process"), blank=True, help_text=_("What happens behind the scenes."))
    kpi = models.CharField(_("KPI"), max_length=60, blank=True, help_text=_("Key of the figure that tells success."))
    evidence = models.CharField(
        _("evidence"),
        max_length=10,
        choices=Evidence,
        default=Evidence.ASSUMED,
        help_text=_("How sure we are."),
    )

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["version", "position"]
        triggers = [Tracked(about=("version",))]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="stage_version_key_uniq"),
            models.UniqueConstraint(
                fields=["version"], condition=models.Q(is_subject_start=True), name="stage_subject_start_uniq"
            ),
            models.UniqueConstraint(
                fields=["version", "position"],
                name="stage_version_position_uniq",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(condition=models.Q(phase__in=Phase.values), name="stage_phase_check"),
            models.CheckConstraint(
                condition=models.Q(designed_emotion__range=(LOWEST_VALENCE, HIGHEST_VALENCE)),
                name="stage_designed_emotion_check",
            ),
        ]


class Role(models.TextChoices):
    ENTERS = "enters", _("enters the stage")
    INSIDE = "inside", _("happens inside the stage")
    LEAVES = "leaves", _("leaves the stage")


class ExpectedTouchpoint(models.Model):
    """A touchpoint the stage expects, and what it does to a run: enter the stage, happen in it, leave it."""

    personal_fields: ClassVar = ()

    stage = models.ForeignKey(
        Stage,
        on_delete=models.CASCADE,
        related_name="expected_touchpoints",
        verbose_name=_("stage"),
        help_text=_("The stage that expects it."),
    )
    type = models.ForeignKey(
        TouchpointType,
        on_delete=models.PROTECT,
        related_name="expected_in",
        verbose_name=_("type"),
        help_text=_("What happens."),
    )
    channel = models.ForeignKey(
        Channel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="expected_in",
        verbose_name=_("channel"),
        help_text=_("Only by this channel; empty is any."),
    )
    role = models.CharField(
        _("role"), max_length=8, choices=Role, default=Role.ENTERS, help_text=_("What it does to the run.")
    )
    conditions = models.JSONField(
        _("conditions"),
        default=dict,
        blank=True,
        help_text=_('Properties that must be equal, for example {"is_first": true}.'),
    )

    class Meta:
        verbose_name = _("expected touchpoint")
        verbose_name_plural = _("expected touchpoints")
        ordering = ["stage", "id"]
        triggers = [Tracked(about=("stage",))]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "type", "channel", "role", "conditions"],
                nulls_distinct=False,
                name="expectedtouchpoint_rule_uniq",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="expectedtouchpoint_role_check"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.get_role_display()})"
