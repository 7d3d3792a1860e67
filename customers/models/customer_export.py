from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CustomerExport(models.Model):
    """Who took a list of customers out, when, how many, and by which search and filters."""

    # A search term is often a name or an address.
    personal_fields: ClassVar = ("filters",)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="customer_exports",
        verbose_name=_("exported by"),
    )
    created_at = models.DateTimeField(_("exported at"), db_default=Now())
    filters = models.JSONField(_("search and filters"), default=dict, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    is_complete = models.BooleanField(_("complete"), default=False)

    class Meta:
        verbose_name = _("customer export")
        verbose_name_plural = _("customer exports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.created_by or '–'}, {self.rows}"
