from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from accounts.tracking import Tracked
from customers.models.customer import Customer


class SegmentKind(models.TextChoices):
    DYNAMIC = "dynamic", _("by rules")
    STATIC = "static", _("list made by hand")


class Segment(models.Model):
    """A group of people: who fits its rules now, or who was put on its list."""

    personal_fields: ClassVar = ()

    name = models.CharField(
        _("name"), max_length=120, unique=True, help_text=_("For example “Regular customers in Berlin”.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("What it is for, so that all use it alike.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=SegmentKind,
        default=SegmentKind.DYNAMIC,
        help_text=_("Rules are applied anew each time; a list stays as it was made. It stays as chosen."),
    )
    rules = models.JSONField(
        _("rules"),
        default=dict,
        blank=True,
        help_text=_("Who belongs to it (customers.segments.rules)."),
    )
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="segments",
        verbose_name=_("brand"),
        help_text=_("Only what happened with this brand counts; empty: with any."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="segments",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "id"]
        triggers: ClassVar = [Tracked(untold=("changed_at", "changed_by"))]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=SegmentKind.values), name="segment_kind_check"),
            models.CheckConstraint(
                condition=models.Q(kind="static", rules={}) | (models.Q(kind="dynamic") & ~models.Q(rules={})),
                name="segment_kind_rules_check",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="segment_name_check"),
        ]

    def __str__(self) -> str:
        return self.name


class SegmentMember(models.Model):
    """A record on a list made by hand; merged later, the person still counts once."""

    personal_fields: ClassVar = ()

    segment = models.ForeignKey(
        Segment,
        on_delete=models.CASCADE,
        related_name="entries",
        verbose_name=_("segment"),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="segment_entries",
        verbose_name=_("customer"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"), db_default=Now())

    class Meta:
        verbose_name = _("segment member")
        verbose_name_plural = _("segment members")
        ordering = ["segment", "id"]
        constraints = [
            models.UniqueConstraint(fields=["segment", "customer"], name="segmentmember_segment_customer_uniq"),
        ]

    def __str__(self) -> str:
        return f"{self.segment}: {self.customer_id}"
