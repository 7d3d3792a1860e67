"""Names and texts that staff write in both languages, German first."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def in_language(german: str, english: str) -> str:
    """The text for the active language; a missing translation falls back to the other language."""
    first, second = (english, german) if (get_language() or "de").startswith("en") else (german, english)
    return first or second


class Labelled(models.Model):
    label_de = models.CharField(_("label (German)"), max_length=120, help_text=_("Shown to German users."))
    label_en = models.CharField(
        _("label (English)"),
        max_length=120,
        blank=True,
        help_text=_("Shown to English users; empty falls back to German."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_language(self.label_de, self.label_en)
