from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled, in_language
from accounts.tracking import Tracked
from journeys.querysets import JourneyVersionQuerySet
from touchpoints.models import TouchpointType
from touchpoints.models.subject import SubjectKind


class Persona(Labelled):
    """A made-up person who stands for a group of customers."""

    personal_fields: ClassVar = ()

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Used in exports."))
    need = models.TextField(_("need"), blank=True, help_text=_("What this person wants to get done."))
    expectation = models.TextField(_("expectation"), blank=True, help_text=_("What this person takes for granted."))

    class Meta:
        verbose_name = _("persona")
        verbose_name_plural = _("personas")
        ordering = ["key"]
        triggers = [Tracked()]


class Journey(Labelled):
    """A curated template of the path customers should take; its content lives in versions."""

    personal_fields: ClassVar = ()

    key = models.SlugField(_("key"), max_length=60, unique=True, help_text=_("Used in the API, e.g. online-purchase."))
    description_de = models.TextField(_("description (German)"), blank=True, help_text=_("What the journey is about."))
    description_en = models.TextField(_("description (English)"), blank=True, help_text=_("The same in English."))
    subject_kind = models.CharField(
        _("one run per"),
        max_length=16,
        choices=SubjectKind,
        blank=True,
        help_text=_("Order, case or subscription: parallel ones never mix. Empty: one run per customer."),
    )
    personas = models.ManyToManyField(
        Persona,
        blank=True,
        related_name="journeys",
        verbose_name=_("personas"),
        help_text=_("Who goes this way."),
    )
    is_archived = models.BooleanField(_("archived"), default=False, help_text=_("Hidden; its runs are kept."))

    class Meta:
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        ordering = ["key"]
        triggers = [Tracked()]

    @property
    def description(self) -> str:
        return in_language(self.description_de, self.description_en)


class JourneyPersona(Journey.personas.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("persona")
        triggers = [Tracked(about=("journey",))]


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


class JourneyVersion(models.Model):
    """What a journey looked like while it was valid. A draft is edited, a published one is matched."""

    personal_fields: ClassVar = ()

    journey = models.ForeignKey(
        Journey,
        on_delete=models.CASCADE,
        related_name="versions",
        verbose_name=_("journey"),
        help_text=_("The journey this is a version of."),
    )
    number = models.PositiveIntegerField(_("number"), default=1, help_text=_("Counts up with every draft."))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT, editable=False
    )
    end_types = models.ManyToManyField(
        TouchpointType,
        blank=True,
        related_name="+",
        verbose_name=_("ends a run"),
        help_text=_("A touchpoint of one of these types ends the run."),
    )
    inactivity_days = models.PositiveIntegerField(
        _("inactivity"),
        default=180,
        validators=[MinValueValidator(1)],
        help_text=_("A run ends after so many days without a touchpoint; the next touchpoint may start a new one."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="published_journeys",
        verbose_name=_("published by"),
    )

    matched_until_id = models.BigIntegerField(
        _("matched up to customer"),
        null=True,
        editable=False,
        help_text=_("While publishing, the last customer whose runs are computed; empty: all."),
    )

    objects = JourneyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("journey version")
        verbose_name_plural = _("journey versions")
        ordering = ["journey", "-number"]
        triggers = [Tracked(about=("journey",), untold=("matched_until_id", "published_by"))]
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="journeyversion_journey_number_uniq"),
            models.UniqueConstraint(
                fields=["journey"],
                condition=models.Q(state="published"),
                name="journeyversion_published_uniq",
            ),
            models.UniqueConstraint(
                fields=["journey"], condition=models.Q(state="draft"), name="journeyversion_draft_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", published_at=None)
                | models.Q(state__in=["published", "retired"], published_at__isnull=False),
                name="journeyversion_state_published_check",
            ),
            models.CheckConstraint(condition=models.Q(inactivity_days__gte=1), name="journeyversion_inactivity_check"),
        ]

    def __str__(self) -> str:
        return f"{self.journey} v{self.number}"


class JourneyVersionEnd(JourneyVersion.end_types.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("ends a run")
        triggers = [Tracked(about=("journeyversion",))]
