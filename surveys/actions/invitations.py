from datetime import datetime

from django.db import transaction

from surveys.eligibility import CANCELLING, Reason
from surveys.invitation_mail import KIND
from surveys.models import Invitation
from surveys.models.campaign import InvitationState
from touchpoints.actions import queue_message
from touchpoints.models import Message
from touchpoints.models.message import MessageState

# Per tick; what is left waits a second.
MOST_AT_ONCE = 500


@transaction.atomic
def queue_due_invitations(*, now: datetime) -> int:
    """Write the mails of invitations that are due into the outbox; campaigns that are paused wait."""
    due = (
        Invitation.objects.due(now=now)
        .without_message()
        .filter(campaign__activated_at__isnull=False)
        .select_related("campaign__brand", "customer")
        .order_by("due_at", "id")[:MOST_AT_ONCE]
    )
    for invitation in due:
        queue_message(
            kind=KIND,
            key=f"invitation:{invitation.pk}:first",
            reference=invitation.pk,
            brand=invitation.campaign.brand,
            customer=invitation.customer,
        )
    return len(due)


def expire_invitations(*, now: datetime) -> int:
    """Close the invitations whose link is no longer valid, so that the ledger says so."""
    return Invitation.objects.outlived(now=now).update(state=InvitationState.EXPIRED)


def note_settled(message: Message) -> None:
    """Tell the invitation what became of its mail; called inside the transaction that moves the message."""
    if message.state == MessageState.SENT:
        _note_sent(message, sent_at=message.sent_at)
    elif message.state == MessageState.UNKNOWN:
        # Perhaps it arrived: it counts as asked, and its link works.
        _note_sent(message, sent_at=message.data_at)
    elif message.state in {MessageState.SUPPRESSED, MessageState.FAILED}:
        reason = message.reason[:40] if message.state == MessageState.SUPPRESSED else Reason.UNDELIVERABLE
        state = InvitationState.CANCELLED if reason in CANCELLING else InvitationState.SUPPRESSED
        Invitation.objects.planned().filter(pk=message.reference or 0).update(state=state, reason=reason)


def _note_sent(message: Message, *, sent_at: datetime | None) -> None:
    invitation = Invitation.objects.filter(pk=message.reference or 0)
    invitation.update(sent_at=sent_at, language=message.language)
    invitation.planned().update(state=InvitationState.SENT)
