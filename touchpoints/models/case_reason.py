from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.labels import Labelled
from accounts.tracking import Tracked
from touchpoints.models.vocabulary import key_of_letters
from touchpoints.querysets import CaseReasonQuerySet


class ReasonKind(models.TextChoices):
    ROOT_CAUSE = "root_cause", _("root cause")
    RESOLUTION = "resolution", _("resolution")


class CaseReason(Labelled):
    """Why cases happen and how they end: two trees of two levels that staff curate."""

    personal_fields: ClassVar = ()

    kind = models.CharField(
        _("kind"), max_length=10, choices=ReasonKind, help_text=_("A reason why, or a way in which it was solved.")
    )
    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[key_of_letters],
        help_text=_("Used in the API, for example late_delivery."),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The group it stands in; a group itself is in none."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Order in lists."))
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("Off: no longer offered; cases that have it keep it.")
    )

    objects = CaseReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason of cases")
        verbose_name_plural = _("reasons of cases")
        ordering = ["kind", "position", "key"]
        triggers = [Tracked()]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ReasonKind.values), name="casereason_kind_check"),
            models.CheckConstraint(condition=~models.Q(parent=models.F("id")), name="casereason_parent_check"),
        ]

    def __str__(self) -> str:
        return f"{self.parent.label} › {self.label}" if self.parent else self.label

    def clean(self) -> None:
        if self.parent is None:
            return
        if self.parent.kind != self.kind:
            raise ValidationError({"parent": _("A root cause stands among root causes, a resolution among those.")})
        if self.parent.parent_id or self.parts.exists():
            raise ValidationError({"parent": _("Two levels are enough: choose a group that stands in none itself.")})
