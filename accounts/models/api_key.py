from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import ApiKeyQuerySet
from accounts.tracking import Tracked

USE_NOTED_EVERY = timedelta(minutes=1)


class Scope(models.TextChoices):
    TOUCHPOINTS_WRITE = "touchpoints:write", _("write touchpoints")
    TOUCHPOINTS_READ = "touchpoints:read", _("read touchpoints")
    CUSTOMERS_READ = "customers:read", _("read customers")
    CUSTOMERS_WRITE = "customers:write", _("write customers")
    CASES_WRITE = "cases:write", _("open and change cases")
    SEGMENTS_READ = "segments:read", _("read segments and how many are in them")
    JOURNEYS_READ = "journeys:read", _("read journeys")
    SURVEYS_READ = "surveys:read", _("read surveys and answers")
    KPIS_READ = "kpis:read", _("read KPIs")
    METRICS_READ = "metrics:read", _("read operating metrics")


class ApiKey(models.Model):
    """A key of an integration. Only its SHA-256 is kept; the key itself is shown once (accounts.keys)."""

    personal_fields: ClassVar = ()

    name = models.CharField(_("name"), max_length=120, help_text=_("Who uses it, for example “Shop Berlin”."))
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    digest = models.BinaryField(_("SHA-256"), max_length=32, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=32, choices=Scope.choices),
        verbose_name=_("scopes"),
        default=list,
        help_text=_("What the key may do; give it as little as it needs."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="api_keys",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(
        _("expires at"),
        null=True,
        blank=True,
        help_text=_("After this time the key is refused; empty is never."),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name", "id"]
        triggers = [Tracked(untold=("last_used_at", "created_by"), secret=("digest",))]
        constraints = [
            models.CheckConstraint(condition=~models.Q(scopes=[]), name="apikey_scopes_check"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def note_use(self, *, now: datetime) -> None:
        """To the minute, so that a busy key does not write with every request."""
        if self.last_used_at is None or self.last_used_at < now - USE_NOTED_EVERY:
            ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)
