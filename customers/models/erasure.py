from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.models.consent import ConsentState, ConsentText, ContactChannel, LegalBasis, Purpose
from customers.querysets import ErasureQuerySet


class ErasureReason(models.TextChoices):
    ASKED = "asked", _("the person asked for it (Art. 17)")
    RETENTION = "retention", _("the time to keep is over")
    RESTORED = "restored", _("again, after a backup was restored")


class Erasure(models.Model):
    """A person who is to be forgotten, or was. Says nothing but to who knows an address of theirs."""

    personal_fields: ClassVar = ()

    # Numbers of rows that are gone; needed to go on after a crash.
    records = ArrayField(models.BigIntegerField(), verbose_name=_("records"))
    hmacs = ArrayField(models.BinaryField(max_length=32), verbose_name=_("HMACs of the identifiers"))
    reason = models.CharField(
        _("reason"), max_length=12, choices=ErasureReason, default=ErasureReason.ASKED, help_text=_("Why it is done.")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    requested_at = models.DateTimeField(_("requested at"), db_default=Now())
    erased_at = models.DateTimeField(_("erased at"), null=True)
    counts = models.JSONField(_("rows"), default=dict, help_text=_("How many rows of what were deleted."))

    objects = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        ordering = ["-id"]
        permissions = [("erase_customer", "Can erase a person")]
        indexes = [models.Index(fields=["id"], condition=models.Q(erased_at=None), name="erasure_unfinished_idx")]
        constraints = [
            models.CheckConstraint(condition=models.Q(reason__in=ErasureReason.values), name="erasure_reason_check")
        ]

    def __str__(self) -> str:
        return _("Erasure %(number)s") % {"number": self.pk}


class ConsentProof(models.Model):
    """What remains of the ledger after an erasure: that contacting was lawful (§ 7a UWG), found only by the address."""

    personal_fields: ClassVar = ()

    address_hmac = models.BinaryField(_("HMAC of the address"), max_length=32)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand"))
    channel = models.CharField(_("channel"), max_length=8, choices=ContactChannel)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    state = models.CharField(_("state"), max_length=12, choices=ConsentState)
    basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis, blank=True)
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("text shown")
    )
    origin = models.CharField(_("origin"), max_length=120)
    recorded_at = models.DateTimeField(_("recorded at"))
    erased_at = models.DateTimeField(_("erased at"), db_default=Now())

    class Meta:
        verbose_name = _("proof of a consent")
        verbose_name_plural = _("proofs of consents")
        ordering = ["-id"]
        indexes = [models.Index(fields=["address_hmac"], name="consentproof_address_hmac_idx")]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=ConsentState.values), name="consentproof_state_check")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.channel}: {self.state}"
