from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from touchpoints.models.circuit_breaker import CircuitBreaker


class MailHost(CircuitBreaker):
    """An SMTP server, and whether it takes our mails."""

    personal_fields: ClassVar = ("error",)

    name = models.CharField(_("name"), max_length=260, unique=True)

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(cls, name: str) -> "MailHost":
        return cls.objects.get_or_create(name=name)[0]
