from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.models import Customer
from touchpoints.querysets import SubjectQuerySet


class SubjectKind(models.TextChoices):
    ORDER = "order", _("order")
    CASE = "case", _("case")
    SUBSCRIPTION = "subscription", _("subscription")


class Subject(models.Model):
    """What touchpoints were about, derived from them by the follower “subjects”; never edited."""

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
