from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from touchpoints.models.vocabulary import TouchpointType
from touchpoints.querysets import RereadingQuerySet


class Rereading(models.Model):
    """After a change of the vocabulary a follower reads the touchpoints of some types again, quietly."""

    personal_fields: ClassVar = ()

    follower = models.CharField(_("follower"), max_length=40)
    type = models.ForeignKey(
        TouchpointType,
        on_delete=models.CASCADE,
        related_name="rereadings",
        verbose_name=_("type"),
        help_text=_("The type that was changed."),
    )
    type_ids = ArrayField(models.BigIntegerField(), verbose_name=_("types to read again"))
    touchpoint_id = models.BigIntegerField(_("last touchpoint"), default=0)
    until_id = models.BigIntegerField(_("up to touchpoint"))
    begun_at = models.DateTimeField(_("begun at"), db_default=Now())
    finished_at = models.DateTimeField(_("finished at"), null=True)
    failed_at = models.DateTimeField(_("failed at"), null=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    objects = RereadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recomputation")
        verbose_name_plural = _("recomputations")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(finished_at=None), name="rereading_unfinished_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.follower}: {self.type}"

    @property
    def share(self) -> float:
        """How much is read, 0 to 1."""
        return 1.0 if self.finished_at or not self.until_id else min(self.touchpoint_id / self.until_id, 1.0)
