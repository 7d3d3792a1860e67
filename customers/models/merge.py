from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.tracking import Tracked
from customers.models.customer import Customer
from customers.querysets import MergeQuerySet


class Merge(models.Model):
    """An edge saying that two records are one person. Undoing it removes the edge from the graph, not from history."""

    personal_fields: ClassVar = ("reason",)

    kept = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="merges_kept",
        verbose_name=_("kept"),
        help_text=_("The record that goes on standing for the person."),
    )
    merged = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="merges_merged",
        verbose_name=_("merged"),
        help_text=_("The record found to be the same person."),
    )
    reason = models.CharField(
        _("reason"),
        max_length=200,
        help_text=_("What showed that they are one, for example “same loyalty card”."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merges",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    undone_at = models.DateTimeField(_("undone at"), null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="undone_merges",
        verbose_name=_("undone by"),
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-id"]
        triggers = [Tracked(about=("kept", "merged"), untold=("created_by", "undone_by"))]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="merge_kept_merged_check"),
            models.UniqueConstraint(
                fields=["kept", "merged"], condition=models.Q(undone_at=None), name="merge_kept_merged_uniq"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kept_id} ← {self.merged_id}"


class CustomerChangeKind(models.TextChoices):
    MERGED = "merged", _("merged")
    UNMERGED = "unmerged", _("unmerged")
    ERASED = "erased", _("erased")


class CustomerChange(models.Model):
    """Tells the followers that the touchpoints of these records now belong together differently (feed.md)."""

    personal_fields: ClassVar = ()

    kind = models.CharField(_("kind"), max_length=8, choices=CustomerChangeKind)
    # Plain numbers: the row must outlive an erased customer.
    customer_pk = models.BigIntegerField(_("customer"))
    other_pk = models.BigIntegerField(_("other customer"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("customer change")
        verbose_name_plural = _("customer changes")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=CustomerChangeKind.values), name="customerchange_kind_check"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_pk}"
