from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from touchpoints.models.vocabulary import key_of_letters

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

small = RegexValidator(r"^[^A-Z\s,]+\Z", _("Use small letters without spaces."))


def _words(name: StrOrPromise, *, help_text: StrOrPromise) -> ArrayField[list[str], list[str]]:
    return ArrayField(
        models.CharField(max_length=80, validators=[small]), default=list, blank=True, verbose_name=name,
        help_text=help_text,
    )  # fmt: skip


class AcquisitionRule(models.Model):
    """By which way somebody came: of the rules in their order the first one counts of which any condition fits."""

    personal_fields: ClassVar = ()

    position = models.PositiveSmallIntegerField(_("position"), default=100, help_text=_("The smallest is asked first."))
    acquisition_channel = models.CharField(
        _("acquisition channel"),
        max_length=40,
        validators=[key_of_letters],
        help_text=_("What touchpoints are given, for example paid, organic, social, email, referral, store."),
    )
    mediums = _words(_("mediums"), help_text=_("The medium of the campaign (utm_medium) is one of these: cpc, banner."))
    hosts = _words(
        _("referring sites"),
        help_text=_("The page before was on one of these: t.co, or with a dot at the end in any country: google."),
    )
    channels = _words(_("channels"), help_text=_("The touchpoint is of one of these channels, by their keys: store."))

    class Meta:
        verbose_name = _("acquisition rule")
        verbose_name_plural = _("acquisition rules")
        ordering = ["position", "id"]
        triggers = [Tracked()]
        constraints = [
            models.CheckConstraint(
                condition=~Q(mediums=[], hosts=[], channels=[]),
                name="acquisitionrule_condition_check",
                violation_error_message=_("Name at least one medium, site or channel."),
            ),
        ]

    def __str__(self) -> str:
        return self.acquisition_channel
