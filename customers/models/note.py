from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiKey
from accounts.tracking import Tracked
from customers.models.customer import Customer
from customers.querysets import NoteQuerySet

LONGEST_NOTE = 5000


class Note(models.Model):
    """What somebody wrote down about a customer. Only who wrote it changes it or takes it away."""

    personal_fields: ClassVar = ("text",)

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="notes",
        verbose_name=_("customer"),
        help_text=_("Whom it is about."),
    )
    text = models.TextField(
        _("text"), max_length=LONGEST_NOTE, help_text=_("Write so that the customer may read it: one day they may ask.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="notes",
        verbose_name=_("author"),
    )
    api_key = models.ForeignKey(
        ApiKey,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="notes",
        verbose_name=_("API key"),
        help_text=_("The system that wrote it."),
    )
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("edited at"), null=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]
        triggers = [Tracked(about=("customer",), untold=("author", "api_key", "edited_at"))]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="note_text_check")]
        indexes = [models.Index(fields=["customer", "-id"], name="note_customer_idx")]

    def __str__(self) -> str:
        first_line = self.text.strip().partition("\n")[0]
        return f"{first_line[:60]}…" if len(first_line) > 60 else first_line

    @property
    def written_by(self) -> str:
        """The name of the person or system, empty when neither exists any more."""
        return str(self.author or (self.api_key.name if self.api_key else ""))

    def rewrite(self, text: str) -> None:
        self.text, self.edited_at = text, timezone.now()
        self.save(update_fields=["text", "edited_at"])
