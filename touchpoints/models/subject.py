from typing import ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Brand
from customers.models import Customer
from touchpoints.querysets import SubjectQuerySet


class SubjectKind(models.TextChoices):
    ORDER = "order", _("order")
    CASE = "case", _("case")
    SUBSCRIPTION = "subscription", _("subscription")


# The states of touchpoints.subject_steps in words: an order is cancelled, a subscription is given notice.
STATE_LABELS: dict[str, dict[str, Promise]] = {
    SubjectKind.ORDER: {
        "placed": pgettext_lazy("order", "placed"),
        "paid": pgettext_lazy("order", "paid"),
        "partly_shipped": pgettext_lazy("order", "partly shipped"),
        "shipped": pgettext_lazy("order", "shipped"),
        "partly_delivered": pgettext_lazy("order", "partly delivered"),
        "delivered": pgettext_lazy("order", "delivered"),
        "exchanged": pgettext_lazy("order", "exchanged"),
        "returned": pgettext_lazy("order", "returned"),
        "refunded": pgettext_lazy("order", "refunded"),
        "cancelled": pgettext_lazy("order", "cancelled"),
    },
    SubjectKind.CASE: {
        "opened": pgettext_lazy("case", "opened"),
        "waiting": pgettext_lazy("case", "waiting"),
        "resolved": pgettext_lazy("case", "resolved"),
        "closed": pgettext_lazy("case", "closed"),
        "reopened": pgettext_lazy("case", "reopened"),
    },
    SubjectKind.SUBSCRIPTION: {
        "started": pgettext_lazy("subscription", "started"),
        "renewed": pgettext_lazy("subscription", "renewed"),
        "paused": pgettext_lazy("subscription", "paused"),
        "cancelled": pgettext_lazy("subscription", "cancelled"),
        "ended": pgettext_lazy("subscription", "ended"),
    },
}


class Subject(models.Model):
    """What touchpoints were about, derived from them by the follower “subjects”; never edited."""

    personal_fields: ClassVar = ("shipments",)

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("brand"))
    kind = models.CharField(_("kind"), max_length=16, choices=SubjectKind)
    key = models.CharField(_("key"), max_length=100)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="subjects", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=24, help_text=_("touchpoints.subject_steps names them."))
    is_open = models.BooleanField(_("open"), default=True)
    began_at = models.DateTimeField(_("began at"))
    changed_at = models.DateTimeField(_("changed at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    lines = models.JSONField(
        _("lines"), default=list, help_text=_("As they were sent, with what became of each: shipped, delivered …")
    )
    history = models.JSONField(_("history"), default=list, help_text=_("When it came into which state."))
    # Orders
    refunded = models.DecimalField(
        _("refunded"), max_digits=16, decimal_places=4, null=True, help_text=_("In the currency of the order.")
    )
    net_value = models.DecimalField(
        _("net value"),
        max_digits=16,
        decimal_places=4,
        null=True,
        help_text=_("Without what was cancelled, returned or refunded; of several reports the largest counts."),
    )
    paid_at = models.DateTimeField(_("paid at"), null=True)
    shipped_at = models.DateTimeField(_("shipped at"), null=True, help_text=_("When all of it was on its way."))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, help_text=_("When all of it had arrived."))
    tracking_viewed_at = models.DateTimeField(_("tracking viewed at"), null=True, help_text=_("For the last time."))
    promised_on = models.DateField(_("promised for"), null=True, help_text=_("The first promise counts."))
    days_late = models.IntegerField(_("days late"), null=True, help_text=_("Below 0 it came early."))
    shipments = models.JSONField(_("shipments"), default=list)
    # Subscriptions
    monthly_value = models.DecimalField(_("monthly value"), max_digits=16, decimal_places=4, null=True)
    runs_until = models.DateField(_("runs until"), null=True)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject")
        verbose_name_plural = _("subjects")
        ordering = ["-began_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "kind", "key"], name="subject_brand_kind_key_uniq"),
            models.CheckConstraint(condition=models.Q(kind__in=SubjectKind.values), name="subject_kind_check"),
            models.CheckConstraint(
                condition=models.Q(changed_at__gte=models.F("began_at")), name="subject_began_changed_check"
            ),
            models.CheckConstraint(
                condition=models.Q(value=None, refunded=None, net_value=None, monthly_value=None)
                | ~models.Q(currency=""),
                name="subject_value_currency_check",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-id"], name="subject_kind_id_idx"),
            # Few orders come late, and somebody asks for them.
            models.Index(fields=["-id"], condition=models.Q(days_late__gt=0), name="subject_late_idx"),
            models.Index(
                fields=["promised_on"],
                condition=models.Q(is_open=True, delivered_at=None, promised_on__isnull=False),
                name="subject_promised_on_idx",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS.get(self.kind, {}).get(self.state, self.state))

    @property
    def is_late(self) -> bool:
        """It came after the day that was promised first."""
        return self.days_late is not None and self.days_late > 0


class Order(Subject):
    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("order")
        verbose_name_plural = _("orders")


class Subscription(Subject):
    class Meta:
        proxy = True
        default_permissions = ("view",)
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
