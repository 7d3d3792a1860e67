from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.models.customer import Customer
from customers.querysets import PauseQuerySet


class Pause(models.Model):
    """For a while no surveys, requests or advertising; what was allowed before counts again afterwards."""

    personal_fields: ClassVar = ()

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand"))
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="pauses", verbose_name=_("customer"))
    began_at = models.DateTimeField(_("began at"), db_default=Now())
    until_at = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended early at"), null=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.customer} – {self.until_at:%Y-%m-%d}"
