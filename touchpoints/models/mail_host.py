from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

LONGEST_PAUSE = timedelta(seconds=60)
# Longer than a sender needs to find out that a host does not answer.
PROBE = timedelta(seconds=30)


class MailHost(models.Model):
    """The circuit breaker of an SMTP server: while it fails, one sender at a time tries, less and less often."""

    personal_fields: ClassVar = ("error",)

    name = models.CharField(_("name"), max_length=260, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    retry_at = models.DateTimeField(_("next try at"), null=True)
    error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("mail server")
        verbose_name_plural = _("mail servers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def named(cls, name: str) -> "MailHost":
        return cls.objects.get_or_create(name=name)[0]

    def may_try(self) -> bool:
        """While the server fails, whoever moves `retry_at` first may try; the others come back later."""
        if not self.failures:
            return True
        rows = type(self).objects.filter(pk=self.pk, retry_at__lte=Now())
        return bool(rows.update(retry_at=Now() + PROBE))

    def note_failure(self, error: str) -> None:
        self.failures += 1
        pause = min(timedelta(seconds=2 ** min(self.failures, 10)), LONGEST_PAUSE)
        type(self).objects.filter(pk=self.pk).update(
            failures=models.F("failures") + 1, retry_at=Now() + pause, error=error[:200]
        )

    def note_success(self) -> None:
        if self.failures:
            self.failures = 0
            type(self).objects.filter(pk=self.pk).update(failures=0, retry_at=None, error="")
