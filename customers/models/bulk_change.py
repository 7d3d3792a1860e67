from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.models.tag import Tag


class BulkChangeKind(models.TextChoices):
    ADD_TAG = "add_tag", _("tag added")
    REMOVE_TAG = "remove_tag", _("tag removed")
    SET_OWNER = "set_owner", _("owner set")


class BulkChange(models.Model):
    """One change of many customers, with what is needed to take back exactly that and nothing else."""

    personal_fields: ClassVar = ()

    kind = models.CharField(_("what"), max_length=12, choices=BulkChangeKind)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("tag"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    # Pairs of a customer and what was before: of an added tag the link made, of an owner the one before.
    rows = models.JSONField(_("rows"), default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="bulk_changes",
        verbose_name=_("changed by"),
    )
    created_at = models.DateTimeField(_("changed at"), db_default=Now())
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=BulkChangeKind.values), name="bulkchange_kind_check"),
            models.CheckConstraint(
                condition=models.Q(kind="set_owner", tag=None) | models.Q(tag__isnull=False),
                name="bulkchange_kind_tag_check",
            ),
        ]

    def __str__(self) -> str:
        what = self.tag or self.owner or _("nobody")
        people = ngettext("%(count)s person", "%(count)s people", self.count) % {"count": self.count}
        return f"{self.get_kind_display()}: {what} ({people})"

    @property
    def count(self) -> int:
        return len(self.rows)
