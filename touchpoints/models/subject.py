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


# The states of touchpoints.subject_states in words: an order is cancelled, a subscription is given notice.
STATE_LABELS: dict[str, dict[str, Promise]] = {
    SubjectKind.ORDER: {
        "placed": pgettext_lazy("order", "placed"),
        "paid": pgettext_lazy("order", "paid"),
        "shipped": pgettext_lazy("order", "shipped"),
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

    personal_fields: ClassVar = ()

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="subjects", verbose_name=_("brand"))
    kind = models.CharField(_("kind"), max_length=16, choices=SubjectKind)
    key = models.CharField(_("key"), max_length=100)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="subjects", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=24, help_text=_("touchpoints.subject_states names them."))
    is_open = models.BooleanField(_("open"), default=True)
    began_at = models.DateTimeField(_("began at"))
    changed_at = models.DateTimeField(_("changed at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    lines = models.JSONField(_("lines"), default=list)

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
                condition=models.Q(value=None) | ~models.Q(currency=""), name="subject_value_currency_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS.get(self.kind, {}).get(self.state, self.state))
