"""Who may be asked now: reason codes in the order in which they are checked, kept on the invitation.

Checked when an invitation is planned, for the moment it is due, and again inside the claim of its mail.
An erased person has no invitations any more; sampling, quota and recontact rules join at the end of this list.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Max, Q

from customers.consent import ContactDecision, contact_decisions
from customers.models.consent import ContactChannel
from surveys.models import Campaign, Invitation
from surveys.models.campaign import InvitationState
from surveys.timing import LATEST_ARRIVAL
from touchpoints.models import Case, Message, Subject
from touchpoints.models.message import MessageState
from touchpoints.models.subject import SubjectKind

# An order that came to nothing is not asked about, a case opened again is not either.
FALLEN_THROUGH = ("cancelled", "returned", "refunded")


class Reason(StrEnum):
    """Beside the codes of the legal gate (customers.consent)."""

    TRIGGER_RETRACTED = "trigger_retracted"
    ANSWERED = "answered"
    SURVEY_CLOSED = "survey_closed"
    CAMPAIGN_PAUSED = "campaign_paused"
    TOO_OLD = "too_old"
    SUBJECT_CANCELLED = "subject_cancelled"
    OPEN_CASE = "open_case"
    QUIET_PERIOD = "quiet_period"
    UNDELIVERABLE = "undeliverable"


# There is nothing left to ask about; all other reasons leave a question that must not be asked.
CANCELLING = (Reason.TRIGGER_RETRACTED, Reason.SUBJECT_CANCELLED)


def planning_refusals(invitations: Collection[Invitation], *, campaign: Campaign, now: datetime) -> list[str]:
    """One reason per invitation, empty where none is known yet. An open case may be closed until the mail is due."""
    decisions = contact_decisions(
        [invitation.customer for invitation in invitations],
        purpose=campaign.purpose,
        channel=ContactChannel.EMAIL,
        brand=campaign.brand,
        now=now,
    )
    last_asked = _last_asked({_person(invitation) for invitation in invitations})
    return [
        decisions[invitation.customer_id].reason
        or _quiet_reason(last_asked.get(_person(invitation)), campaign=campaign, now=invitation.due_at)
        for invitation in invitations
    ]


def sending_decision(invitation: Invitation, *, now: datetime) -> tuple[ContactDecision, str]:
    """The decision of the legal gate, and why not to send the mail that is due (empty: it may go)."""
    campaign = invitation.campaign
    decision = contact_decisions(
        [invitation.customer],
        purpose=campaign.purpose,
        channel=ContactChannel.EMAIL,
        brand=campaign.brand,
        now=now,
    )[invitation.customer_id]
    reasons = (
        _outdated_reason(invitation, now=now),
        decision.reason,
        Reason.OPEN_CASE if not decision.reason and _has_open_case(invitation) else "",
        "" if decision.reason else _quiet_reason(_last_asked_else(invitation), campaign=campaign, now=now),
    )
    return decision, next(filter(None, reasons), "")


def _outdated_reason(invitation: Invitation, *, now: datetime) -> str:
    """Nobody wants this question to be asked any more."""
    if invitation.state not in (InvitationState.PLANNED, InvitationState.SENT):
        return invitation.reason or Reason.ANSWERED
    if invitation.campaign.survey.is_closed:
        return Reason.SURVEY_CLOSED
    if not invitation.campaign.is_active:
        return Reason.CAMPAIGN_PAUSED
    if now > invitation.due_at + LATEST_ARRIVAL:
        return Reason.TOO_OLD
    return Reason.SUBJECT_CANCELLED if _has_fallen_through(invitation) else ""


def _has_fallen_through(invitation: Invitation) -> bool:
    """What the question would be about was cancelled, returned or refunded in the meantime."""
    kind, _separator, key = invitation.subject.partition(":")
    about = Subject.objects.filter(brand_id=invitation.campaign.brand_id, kind=kind, key=key)
    return about.filter(state__in=FALLEN_THROUGH).exists()


def _has_open_case(invitation: Invitation) -> bool:
    """Our own cases, and those an outside helpdesk told us about."""
    person = Q(customer__canonical_id=_person(invitation), brand_id=invitation.campaign.brand_id)
    return (
        Case.objects.open().filter(person).exists()
        or Subject.objects.open().filter(person, kind=SubjectKind.CASE).exists()
    )


def _last_asked(people: Iterable[int]) -> dict[int, datetime]:
    """When each person was last asked anything, over all surveys and all records of the person."""
    asked = Invitation.objects.filter(customer__canonical_id__in=people, sent_at__isnull=False)
    return dict(asked.values_list("customer__canonical_id").annotate(last=Max("sent_at")).order_by())


def _last_asked_else(invitation: Invitation) -> datetime | None:
    """The same for one person and all other invitations, with mails that another sender is delivering right now."""
    others = Invitation.objects.filter(customer__canonical_id=_person(invitation)).exclude(pk=invitation.pk)
    mails = Message.objects.filter(
        customer__canonical_id=_person(invitation), kind="invitation", state=MessageState.SENDING
    ).exclude(reference=invitation.pk)
    moments = (others.aggregate(last=Max("sent_at"))["last"], mails.aggregate(last=Max("data_at"))["last"])
    return max(filter(None, moments), default=None)


def _quiet_reason(last_asked: datetime | None, *, campaign: Campaign, now: datetime) -> str:
    is_quiet = last_asked is not None and last_asked > now - timedelta(days=campaign.quiet_days)
    return Reason.QUIET_PERIOD if is_quiet else ""


def _person(invitation: Invitation) -> int:
    return invitation.customer.canonical_id or invitation.customer_id
