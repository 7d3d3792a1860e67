from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Brand
from accounts.tracking import Tracked
from customers.models import Customer
from touchpoints.models.circuit_breaker import CircuitBreaker
from touchpoints.models.touchpoint import Touchpoint
from touchpoints.models.vocabulary import TouchpointType
from touchpoints.querysets import WebhookDeliveryQuerySet

# After a failed call, by the number of calls so far, a fifth more or less; then we give up, after some three days.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (0.1, 5, 30, 120, 300, 600, 840, 1200, 1440))
JITTER = 0.2
# A call that was not settled by then lost its caller. Longer than any call may take.
LEASE = timedelta(seconds=60)
# While a secret is replaced, both sign.
ROTATION = timedelta(hours=24)


class DisabledReason(models.TextChoices):
    GONE = "gone", _("the receiver answered 410 Gone")


class Trouble(models.TextChoices):
    """Why a call failed, where the receiver's status does not say it."""

    NOT_PUBLIC = "not_public", _("The address is not public; it was not called.")
    NOT_HTTPS = "not_https", _("Not https; it was not called.")
    NO_ANSWER = "no_answer", _("No answer in time.")
    REDIRECT = "redirect", _("Redirects are not followed: give the final address.")


def told(error: str) -> str:
    return str(Trouble(error).label) if error in Trouble.values else error


class Webhook(CircuitBreaker):
    """Where we tell others what happened, signed as Standard Webhooks say (touchpoints/webhooks/)."""

    personal_fields: ClassVar = ()

    name = models.CharField(_("name"), max_length=120, help_text=_("Who is told, for example “Shipping desk”."))
    url = models.CharField(
        _("address"),
        max_length=500,
        validators=[URLValidator(["https", "http"])],
        help_text=_("Takes POST. https only, and no address inside your own network (docs/operators.md)."),
    )
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="webhooks",
        verbose_name=_("brand"),
        help_text=_("What happens to its customers is told."),
    )
    types = models.ManyToManyField(
        TouchpointType,
        blank=True,
        related_name="webhooks",
        verbose_name=_("types"),
        help_text=_("What is told."),
    )
    tells_case_changes = models.BooleanField(
        _("tells of cases"), default=False, help_text=_("Every change of a case: opened, handed over, resolved …")
    )
    # Only what happens after this is told.
    activated_at = models.DateTimeField(_("active since"), null=True, editable=False)
    disabled_reason = models.CharField(_("switched off because"), max_length=8, choices=DisabledReason, blank=True)
    secret_number = models.PositiveIntegerField(_("number of the secret"), default=1, editable=False)
    both_until = models.DateTimeField(_("both secrets until"), null=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "id"]
        triggers = [Tracked(untold=("failures", "retry_at", "error"))]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.url.startswith("http:") and not settings.WEBHOOK_NETWORKS:
            raise ValidationError({"url": _("Use https: what we send is about your customers.")})

    @property
    def is_active(self) -> bool:
        return self.activated_at is not None

    def secret_numbers(self, now: datetime) -> list[int]:
        """The secrets that sign, the newest first."""
        is_rotating = self.both_until is not None and now < self.both_until
        return [self.secret_number, self.secret_number - 1] if is_rotating else [self.secret_number]


class WebhookType(Webhook.types.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        verbose_name = _("type")
        triggers = [Tracked(about=("webhook",))]


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    CALLING = "calling", _("calling")
    DELIVERED = "delivered", pgettext_lazy("call", "delivered")
    FAILED = "failed", _("given up")


class WebhookDelivery(models.Model):
    """One touchpoint told to one webhook, however many calls it takes; each call reads the touchpoint anew.

    At least once and in order: of a person's deliveries that have not ended, only the oldest is called.
    """

    personal_fields: ClassVar = ()

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    # Empty: a test call.
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("touchpoint")
    )
    person = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("customer")
    )
    type = models.CharField(_("type"), max_length=80)
    state = models.CharField(_("state"), max_length=9, choices=DeliveryState, default=DeliveryState.WAITING)
    calls = models.PositiveIntegerField(_("calls"), default=0)
    # The end of the lease while it is being called.
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "touchpoint"], name="delivery_webhook_touchpoint_uniq"),
            models.CheckConstraint(condition=models.Q(state__in=DeliveryState.values), name="delivery_state_check"),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="delivery_delivered_check",
            ),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "due_at", "id"],
                condition=models.Q(state__in=["waiting", "calling"]),
                name="delivery_due_idx",
            ),
            models.Index(
                fields=["webhook", "person", "id"],
                condition=models.Q(state__in=["waiting", "calling"]),
                name="delivery_order_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.webhook}: {self.type}"

    @property
    def key(self) -> str:
        """The same for every call: whoever got it twice knows by this."""
        return f"msg_{self.pk}"

    def note_delivered(self, status: int) -> None:
        self._end_call(state=DeliveryState.DELIVERED, status=status, error="", delivered_at=Now())

    def note_failure(self, error: str, *, status: int | None, random: Random | None = None) -> None:
        """Call again later, or give up after the last of `RETRY_AFTER`."""
        if self.calls > len(RETRY_AFTER):
            self._end_call(state=DeliveryState.FAILED, status=status, error=error)
            return
        wait = RETRY_AFTER[self.calls - 1] * (random or SystemRandom()).uniform(1 - JITTER, 1 + JITTER)
        self._end_call(state=DeliveryState.WAITING, status=status, error=error, due_at=Now() + wait)

    def _end_call(self, **fields: object) -> None:
        """Only while this call is ours: every claim has its own number of calls."""
        fields["error"] = str(fields["error"])[:200]
        ours = type(self).objects.filter(pk=self.pk, calls=self.calls, state=DeliveryState.CALLING)
        ours.update(**fields)
