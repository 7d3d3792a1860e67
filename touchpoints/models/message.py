from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from customers.models import Consent, Customer
from touchpoints.querysets import MessageQuerySet

# A claim ends by itself after this time: the sender is dead. Longer than any SMTP conversation may take.
LEASE = timedelta(seconds=60)
# After a failure before the end of DATA, by the number of attempts so far; then we give up.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (0.5, 2, 10, 60, 240, 480, 720, 1440))
# Servers may deliver minutes after we stopped listening.
DOUBT = timedelta(minutes=15)


class MessageState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("unknown")
    SUPPRESSED = "suppressed", _("suppressed")


class Message(models.Model):
    """One outgoing mail: the outbox row. Its kind decides whether it may go and what it says (touchpoints.mail)."""

    personal_fields: ClassVar = ("recipient", "title", "html", "text", "grounds")

    kind = models.CharField(_("kind"), max_length=40, help_text=_("Registered in touchpoints.mail."))
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("For example invitation:77:first."))
    reference = models.BigIntegerField(_("reference"), null=True, help_text=_("The row the kind renders from."))
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="messages", verbose_name=_("brand"))
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, related_name="messages", verbose_name=_("customer")
    )
    state = models.CharField(_("state"), max_length=12, choices=MessageState, default=MessageState.QUEUED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    lease_until = models.DateTimeField(_("lease until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # How often nobody could tell whether the mail went; it is sent again at most once.
    doubts = models.PositiveSmallIntegerField(_("doubts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    # Set just before DATA: a sender that died after this moment may have delivered the mail.
    data_at = models.DateTimeField(_("data at"), null=True)
    recipient = models.CharField(_("recipient"), max_length=320, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    title = models.CharField(_("subject line"), max_length=300, blank=True)
    html = models.TextField(_("HTML"), blank=True)
    text = models.TextField(_("text"), blank=True)
    consent = models.ForeignKey(
        Consent,
        on_delete=models.SET_NULL,
        null=True,
        related_name="messages",
        verbose_name=_("consent"),
        help_text=_("The entry of the ledger this mail rests on."),
    )
    basis = models.CharField(_("legal basis"), max_length=40, blank=True, help_text=_("Why sending was lawful."))
    # A copy from just before DATA (customers.grounds): the ledger goes on, the proof must not.
    grounds = models.JSONField(_("grounds"), default=dict, help_text=_("What the decision to send it rested on."))
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=MessageState.values), name="message_state_check"),
            models.CheckConstraint(
                condition=models.Q(state="sending", lease_until__isnull=False)
                | (~models.Q(state="sending") & models.Q(lease_until=None)),
                name="message_state_lease_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | (models.Q(sent_at__isnull=False) & ~models.Q(basis="")),
                name="message_sent_basis_check",
            ),
            # Nothing leaves without a basis, whatever becomes of it afterwards.
            models.CheckConstraint(
                condition=models.Q(data_at=None) | (~models.Q(basis="") & ~models.Q(grounds={})),
                name="message_data_basis_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="suppressed") | ~models.Q(reason=""),
                name="message_suppressed_reason_check",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(state__in=["queued", "sending", "unknown"]),
                name="message_due_idx",
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def claimed_at(self) -> datetime | None:
        """By the clock of the database, which all senders share."""
        return self.lease_until - LEASE if self.lease_until else None

    def begin_data(self, *, basis: str, consent_id: int | None, grounds: dict[str, Any]) -> bool:
        """From here on nobody knows, until the server has answered. What it rests on is what the last look saw."""
        rests_on: dict[str, Any] = {"basis": basis, "consent": consent_id, "grounds": grounds}
        return self._move(MessageState.SENDING, data_at=Now(), lease_until=Now() + LEASE, **rests_on)

    def mark_sent(self) -> bool:
        # Also when our lease ran out meanwhile: what we know ends the doubt of others.
        return self._move(MessageState.SENT, also_from=[MessageState.UNKNOWN], sent_at=Now(), reason="")

    def suppress(self, reason: str) -> bool:
        return self._move(MessageState.SUPPRESSED, reason=reason)

    def fail(self, reason: str) -> bool:
        return self._move(MessageState.FAILED, reason=reason)

    def retry(self, reason: str) -> bool:
        """Put it back into the queue for later, or give up after two days."""
        if self.attempts > len(RETRY_AFTER):
            return self.fail(reason)
        wait = RETRY_AFTER[self.attempts - 1]
        return self._move(MessageState.QUEUED, reason=reason, due_at=Now() + wait, data_at=None)

    def doubt(self, reason: str) -> bool:
        """The server took the mail but never said so; sent again at most once (settings.MAIL_RESENDS)."""
        return self._move(MessageState.UNKNOWN, reason=reason, due_at=Now() + DOUBT, doubts=models.F("doubts") + 1)

    def _move(self, state: MessageState, *, also_from: tuple[str, ...] | list[str] = (), **fields: Any) -> bool:
        """Only while this claim is ours: every claim has its own number of attempts."""
        ours = type(self).objects.filter(
            pk=self.pk, attempts=self.attempts, state__in=[MessageState.SENDING, *also_from]
        )
        fields = {"lease_until": None, **fields, "state": state}
        fields["reason"] = str(fields.get("reason", self.reason))[:200]
        if not ours.update(**fields):
            return False
        # By name: to refresh everything would forget customer and brand, too.
        self.refresh_from_db(fields=list(fields))
        return True
