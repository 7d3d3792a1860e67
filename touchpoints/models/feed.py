from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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
    moved_at = models.DateTimeField(_("moved at"), db_default=Now())

    class Meta:
        verbose_name = _("follower position")
        verbose_name_plural = _("follower positions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
