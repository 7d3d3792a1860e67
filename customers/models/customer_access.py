from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey
from accounts.tracking import AppendOnly
from customers.models.customer import Customer


class AccessKind(models.TextChoices):
    PAGE = "page", _("page of the customer")
    HISTORY = "history", _("history of the customer")
    API = "api", _("one record over the API")
    LIST = "list", _("lists over the API")
    DISCLOSURE = "disclosure", _("everything kept of the person (Art. 15 DSGVO)")


class CustomerAccess(models.Model):
    """Who read the personal data of which customer, and when; append-only until retention takes it.

    Lists taken out are CustomerExport.
    """

    personal_fields: ClassVar = ()

    accessed_at = models.DateTimeField(_("read at"), db_default=Now())
    kind = models.CharField(_("what"), max_length=12, choices=AccessKind)
    # No constraints: who and whom stay known when the rows are gone.
    customer = models.ForeignKey(
        Customer,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="accesses",
        verbose_name=_("customer"),
        help_text=_("Empty: several at once."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="+",
        verbose_name=_("API key"),
    )

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        ordering = ["-id"]
        triggers = [AppendOnly(moment="accessed_at")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AccessKind.values), name="customeraccess_kind_check"),
        ]
        indexes = [
            models.Index(fields=["customer", "-accessed_at"], name="customeraccess_customer_idx"),
            models.Index(fields=["user", "-accessed_at"], name="customeraccess_user_idx"),
            BrinIndex(fields=["accessed_at"], autosummarize=True, name="customeraccess_accessed_at_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.api_key or '–'}: {self.get_kind_display()}"
