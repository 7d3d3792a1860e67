import zoneinfo
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.querysets import BrandQuerySet
from accounts.tracking import Tracked

hex_colour = RegexValidator(r"^#[0-9a-f]{6}\Z", _("Write the colour as # and six hexadecimal digits."))
currency_code = RegexValidator(r"^[A-Z]{3}\Z", _("Write the currency as three capital letters, for example EUR."))


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is no time zone. Write for example Europe/Berlin."), params={"name": name})


class Brand(models.Model):
    """The legal entity that speaks to customers."""

    personal_fields: ClassVar = ()

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("The name customers know."))
    legal_name = models.CharField(
        _("legal name"), max_length=200, blank=True, help_text=_("The company as in the commercial register.")
    )
    postal_address = models.TextField(_("postal address"), blank=True, help_text=_("Stands at the foot of every mail."))
    imprint_url = models.URLField(
        _("imprint"),
        blank=True,
        help_text=_("Linked in every mail and on every public page; required to send."),
    )
    privacy_url = models.URLField(
        _("privacy notice"),
        blank=True,
        help_text=_("Linked in every mail and on every public page; required to send."),
    )
    sender_name = models.CharField(
        _("sender name"), max_length=120, blank=True, help_text=_("The name in the From line of mails.")
    )
    sender_email = models.EmailField(
        _("sender address"), blank=True, help_text=_("The address in the From line; answers go there.")
    )
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#1f5f8b",
        validators=[hex_colour],
        help_text=_("Colour of buttons in mails and on answer pages, for example #1f5f8b."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="Europe/Berlin",
        validators=[validate_time_zone],
        help_text=_("Days, weeks and months of all figures begin by this zone."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="EUR",
        validators=[currency_code],
        help_text=_("For example EUR."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=settings.LANGUAGES,
        default="de",
        help_text=_("For customers whose language is unknown."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        default="DE",
        help_text=_("Two letters; phone numbers without prefix belong to it."),
    )
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("The brand used where none is named; exactly one.")
    )

    objects = BrandQuerySet.as_manager()

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]
        triggers = [Tracked()]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="brand_is_default_uniq"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def may_send_mail(self) -> bool:
        """The law wants sender, imprint and privacy notice in every mail."""
        return all((self.sender_name, self.sender_email, self.imprint_url, self.privacy_url, self.postal_address))
