from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.models.consent import ConsentText, Purpose
from customers.models.customer import Customer
from customers.querysets import ConsentRequestQuerySet

VALID_FOR = timedelta(days=7)


class RequestState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CONFIRMED = "confirmed", _("confirmed")
    EXPIRED = "expired", _("expired")


class ConsentRequest(models.Model):
    """A double opt-in: somebody said yes for an address, and whoever reads its mail is asked to confirm it."""

    personal_fields: ClassVar = ("address", "proof")

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand"))
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="consent_requests", verbose_name=_("customer")
    )
    address = models.CharField(_("e-mail address"), max_length=320)
    purposes = ArrayField(models.CharField(max_length=12, choices=Purpose.choices), verbose_name=_("purposes"))
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="requests", verbose_name=_("text shown")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    origin = models.CharField(_("origin"), max_length=120)
    proof = models.JSONField(_("proof"), default=dict)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested at"), db_default=Now())
    # Its mail stands in the outbox; a sender takes it from there.
    queued_at = models.DateTimeField(_("mail queued at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)

    objects = ConsentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent request")
        verbose_name_plural = _("consent requests")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(purposes=[]), name="consentrequest_purposes_check"),
            models.CheckConstraint(condition=~models.Q(address=""), name="consentrequest_address_check"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(queued_at=None), name="consentrequest_queued_at_idx"),
            models.Index(fields=["address", "-requested_at"], name="consentrequest_address_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {', '.join(self.purposes)}"

    @property
    def expires_at(self) -> datetime:
        return self.requested_at + VALID_FOR

    def state_at(self, now: datetime) -> RequestState:
        if self.confirmed_at:
            return RequestState.CONFIRMED
        return RequestState.WAITING if now < self.expires_at else RequestState.EXPIRED

    @property
    def words(self) -> str:
        """What is agreed to, in the language of the person."""
        return self.text.words(self.language, brand=self.brand)
