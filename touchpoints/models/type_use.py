from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from touchpoints.models.vocabulary import TouchpointType


class TypeUse(models.Model):
    """How often a type arrived and when last, counted by the follower “vocabulary”; never edited."""

    personal_fields: ClassVar = ()

    type = models.OneToOneField(
        TouchpointType, on_delete=models.CASCADE, primary_key=True, related_name="use", verbose_name=_("type")
    )
    arrivals = models.BigIntegerField(_("arrived"), default=0)
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(_("last seen"))
    newest = ArrayField(models.BigIntegerField(), verbose_name=_("newest touchpoints"), default=list)

    class Meta:
        verbose_name = _("use of a type")
        verbose_name_plural = _("uses of types")

    def __str__(self) -> str:
        return f"{self.type_id}: {self.arrivals}"
