from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey, Brand
from accounts.tracking import Tracked
from touchpoints.models.vocabulary import key_of_letters


class SourceKind(models.TextChoices):
    SERVER = "server", _("server (secret key)")
    BROWSER = "browser", _("browser (public key, unverified)")
    IMPORT = "import", _("file import")
    STAFF = "staff", _("staff")
    SYSTEM = "system", _("Kundenpfad itself")


class Source(models.Model):
    """Where touchpoints come from. What a browser source sends is unverified."""

    personal_fields: ClassVar = ()

    key = models.CharField(
        _("key"),
        max_length=40,
        unique=True,
        validators=[key_of_letters],
        help_text=_("For example shop_berlin."),
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("Shown to staff."))
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="sources",
        verbose_name=_("brand"),
        help_text=_("Whose customers it tells about."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=8,
        choices=SourceKind,
        default=SourceKind.SERVER,
        help_text=_("Who can read its key."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Off: its events are refused."))
    events_per_second = models.PositiveIntegerField(
        _("events per second"), default=5000, help_text=_("Sustained rate; twice as many in a burst.")
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]
        triggers = [Tracked()]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=SourceKind.values), name="source_kind_check"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.kind != SourceKind.BROWSER


class WriteKey(models.Model):
    """Ties an API key with the scope touchpoints:write to the one source it writes for; two may live at once."""

    personal_fields: ClassVar = ()

    source = models.ForeignKey(
        Source,
        on_delete=models.CASCADE,
        related_name="write_keys",
        verbose_name=_("source"),
        help_text=_("The source that events sent with this key belong to."),
    )
    api_key = models.OneToOneField(
        ApiKey,
        on_delete=models.CASCADE,
        related_name="write_key",
        verbose_name=_("API key"),
        help_text=_("A key with the scope touchpoints:write."),
    )

    class Meta:
        verbose_name = _("write key")
        verbose_name_plural = _("write keys")
        ordering = ["id"]
        triggers = [Tracked(about=("source",))]

    def __str__(self) -> str:
        return f"{self.source}: {self.api_key}"
