from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from touchpoints.models.source import Source
from touchpoints.querysets import RejectedTouchpointQuerySet


class RejectedTouchpoint(models.Model):
    """The dead letter: an event that could not be stored, kept 30 days with its reason for a replay."""

    personal_fields: ClassVar = ("raw", "message_id")

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="rejected", verbose_name=_("source"))
    message_id = models.CharField(_("message ID"), max_length=100, blank=True)
    code = models.CharField(_("code"), max_length=40)
    detail = models.TextField(_("detail"))
    # Bytes, not JSON: what arrives here may hold NUL or half a character.
    raw = models.BinaryField(_("as received"), max_length=32_768)
    # How to read it again: the path of an SDK and the clock of the sender (touchpoints.segment.arrival).
    path = models.CharField(_("path"), max_length=10, blank=True, default="")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    replayed_at = models.DateTimeField(_("replayed at"), null=True)

    objects = RejectedTouchpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("rejected touchpoint")
        verbose_name_plural = _("rejected touchpoints")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["source", "message_id"], name="rejectedtouchpoint_message_idx"),
            models.Index(fields=["received_at"], name="rejectedtouchpoint_time_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.message_id}"


class IdempotencyRecord(models.Model):
    """The answer given under an Idempotency-Key, written in the same transaction as its effect."""

    personal_fields: ClassVar = ("answer",)

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+", verbose_name=_("source"))
    key = models.CharField(_("key"), max_length=200)
    body_digest = models.BinaryField(_("SHA-256 of the body"), max_length=32)
    status = models.PositiveSmallIntegerField(_("status"))
    answer = models.JSONField(_("answer"))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("idempotency record")
        verbose_name_plural = _("idempotency records")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="idempotencyrecord_source_key_uniq")]

    def __str__(self) -> str:
        return self.key
