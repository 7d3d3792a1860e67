from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from customers.models import CustomerChange
from touchpoints.models.touchpoint import Touchpoint


class FollowerPosition(models.Model):
    """How far a follower has read the feed (touchpoints.feed)."""

    personal_fields: ClassVar = ()

    name = models.CharField(_("follower"), max_length=40, unique=True)
    touchpoint_id = models.BigIntegerField(_("last touchpoint"), default=0)
    change_id = models.BigIntegerField(_("last customer change"), default=0)
    # Touchpoints up to here are history for this follower: they are applied, but nobody is told.
    quiet_until_id = models.BigIntegerField(_("quiet up to touchpoint"), default=0)
    is_paused = models.BooleanField(_("paused"), default=False, help_text=_("A paused follower reads nothing."))
    failed_at = models.DateTimeField(_("failed at"), null=True)
    last_error = models.TextField(
        _("last error"), blank=True, default="", help_text=_("What stopped the follower; it tries again by itself.")
    )
    # Of the batch at hand; at the third the rows that fail are parked.
    tries = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    moved_at = models.DateTimeField(_("moved at"), db_default=Now())

    class Meta:
        verbose_name = _("follower position")
        verbose_name_plural = _("follower positions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def share_of_history(self) -> float | None:
        """How much of what is quiet it has read, 0 to 1; None once that is done."""
        if self.touchpoint_id >= self.quiet_until_id:
            return None
        return self.touchpoint_id / self.quiet_until_id


class ParkedRow(models.Model):
    """What a follower could not apply in three tries: set aside with its error, so that the rest goes on."""

    personal_fields: ClassVar = ()  # of an error only the first line is kept, which quotes no row

    follower = models.CharField(_("follower"), max_length=40)
    touchpoint = models.ForeignKey(
        Touchpoint,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("touchpoint"),
    )
    change = models.ForeignKey(
        CustomerChange,
        on_delete=models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("customer change"),
    )
    error = models.TextField(_("error"))
    tries = models.PositiveIntegerField(_("failed tries"), default=3)
    parked_at = models.DateTimeField(_("parked at"), db_default=Now())

    class Meta:
        verbose_name = _("parked row")
        verbose_name_plural = _("parked rows")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "touchpoint"], condition=models.Q(change=None), name="parkedrow_touchpoint_uniq"
            ),
            models.UniqueConstraint(
                fields=["follower", "change"], condition=models.Q(touchpoint=None), name="parkedrow_change_uniq"
            ),
            models.CheckConstraint(
                condition=models.Q(touchpoint=None) ^ models.Q(change=None), name="parkedrow_touchpoint_change_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower}: {self.touchpoint or self.change}"
