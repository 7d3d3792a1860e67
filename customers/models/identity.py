from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.tracking import tracked_in_bulk
from customers.models.customer import Customer
from customers.querysets import IdentityQuerySet


class IdentityKind(models.TextChoices):
    USER_ID = "user_id", _("user ID")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")
    LOYALTY_CARD = "loyalty_card", _("loyalty card")
    ANONYMOUS_ID = "anonymous_id", _("anonymous ID")
    RECEIPT = "receipt", _("receipt")
    EXTERNAL_ID = "external_id", _("external ID")


class Identity(models.Model):
    """One identifier of a customer, normalised by customers.identity; unique by kind and value."""

    personal_fields: ClassVar = ("value",)

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("customer"),
        help_text=_("Whose identifier this is."),
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=IdentityKind, help_text=_("What sort of identifier this is.")
    )
    value = models.CharField(
        _("value"),
        max_length=320,
        help_text=_("E-mail in lower case, phone as +49…, everything else as it is."),
    )
    is_trusted = models.BooleanField(
        _("trusted"),
        default=True,
        help_text=_("Given by a server or by staff; off when only a browser claimed it: never written to."),
    )
    is_by_hand = models.BooleanField(
        _("given by hand"),
        db_default=False,
        default=False,
        editable=False,
        help_text=_("Given by staff or another system, and named by no touchpoint so far: it may be removed."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        ordering = ["customer_id", "kind", "id"]
        triggers = tracked_in_bulk(about=("customer",))
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="identity_kind_value_uniq"),
            models.CheckConstraint(condition=models.Q(kind__in=IdentityKind.values), name="identity_kind_check"),
            models.CheckConstraint(condition=~models.Q(value=""), name="identity_value_check"),
        ]
        indexes = [
            # Search by the beginning of an address or number, whatever kind it is of.
            models.Index(OpClass("value", name="varchar_pattern_ops"), name="identity_value_like_idx"),
            # Search by any part of a phone number: people leave the area code out.
            GinIndex(
                OpClass("value", name="gin_trgm_ops"), name="identity_phone_part_idx", condition=models.Q(kind="phone")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"
