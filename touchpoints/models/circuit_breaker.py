from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class CircuitBreaker(models.Model):
    """A host that others call: while it fails, one caller at a time tries, less and less often."""

    longest_pause: ClassVar = timedelta(seconds=60)
    # Longer than a caller needs to find out that the host does not answer.
    probe: ClassVar = timedelta(seconds=30)

    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    retry_at = models.DateTimeField(_("next try at"), null=True, editable=False)
    error = models.CharField(_("last error"), max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True

    def may_try(self) -> bool:
        """While the host fails, whoever moves `retry_at` first may try; the others come back later."""
        if not self.failures:
            return True
        rows = type(self)._default_manager.filter(pk=self.pk, retry_at__lte=Now())
        return bool(rows.update(retry_at=Now() + self.probe))

    def note_failure(self, error: str) -> None:
        self.failures += 1
        pause = min(timedelta(seconds=2 ** min(self.failures, 10)), self.longest_pause)
        type(self)._default_manager.filter(pk=self.pk).update(
            failures=models.F("failures") + 1, retry_at=Now() + pause, error=error[:200]
        )

    def note_success(self) -> None:
        if self.failures:
            self.failures = 0
            type(self)._default_manager.filter(pk=self.pk).update(failures=0, retry_at=None, error="")
