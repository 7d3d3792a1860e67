"""The follower “campaigns”: what triggers a campaign plans one invitation, for ever."""

import secrets
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from surveys.eligibility import Reason, planning_refusals
from surveys.models import Campaign, Invitation
from surveys.models.campaign import InvitationState
from surveys.triggers import invitation_due_at, is_timely, triggers
from touchpoints.feed import Batch, Follower
from touchpoints.models import Touchpoint

NONCE_BITS = 63


def plan_invitations(batch: Batch) -> None:
    _follow_corrections(batch)
    for campaign in Campaign.objects.active().select_related("brand"):
        invitations = list(_new_invitations(campaign, batch))
        reasons = planning_refusals(invitations, campaign=campaign, now=timezone.now())
        for invitation, reason in zip(invitations, reasons, strict=True):
            if reason:
                invitation.state, invitation.reason = InvitationState.SUPPRESSED, reason
        # (campaign, subject) and (campaign, touchpoint) are unique: what was planned before stays as it is.
        Invitation.objects.bulk_create(invitations, ignore_conflicts=True, batch_size=1000)


# Its judgement reads the subjects, so they must have seen at least what it has.
CAMPAIGNS = Follower("campaigns", plan_invitations, reads_after=("subjects",))


def _new_invitations(campaign: Campaign, batch: Batch) -> Iterator[Invitation]:
    planned_before = Invitation.objects.exclude(state=InvitationState.CANCELLED).filter(
        Q(touchpoint__message_id=OuterRef("replaces")) | Q(touchpoint__replaces=OuterRef("replaces")),
        campaign=campaign,
        touchpoint__source_id=OuterRef("source_id"),
    )
    new = triggers(campaign, batch.touchpoints()).filter(
        Q(replaces="") | ~Exists(planned_before), id__gt=batch.quiet_until_id, occurred_at__gte=campaign.activated_at
    )
    now = timezone.now()
    for touchpoint in new:
        if is_timely(campaign, touchpoint):
            person = touchpoint.customer.canonical or touchpoint.customer
            yield Invitation(
                campaign=campaign,
                customer=touchpoint.customer,
                touchpoint=touchpoint,
                subject=touchpoint.subject,
                due_at=invitation_due_at(campaign, touchpoint),
                nonce=secrets.randbits(NONCE_BITS),
                language=person.language or campaign.brand.language,
                # Not left to the database, so that Django inserts arrays instead of long lists of values.
                created_at=now,
            )


def _follow_corrections(batch: Batch) -> None:
    """Planned invitations go with the touchpoint that corrects their trigger, or are cancelled with it."""
    corrected: defaultdict[int, set[str]] = defaultdict(set)
    for source_id, message_id in batch.touchpoints().exclude(replaces="").values_list("source_id", "replaces"):
        corrected[source_id].add(message_id)
    for source_id, message_ids in corrected.items():
        chain = Q(touchpoint__message_id__in=message_ids) | Q(touchpoint__replaces__in=message_ids)
        planned = Invitation.objects.planned().filter(chain, touchpoint__source_id=source_id)
        for invitation in planned.select_related("campaign__brand", "touchpoint").select_for_update(of=("self",)):
            _follow_correction(invitation)


def _follow_correction(invitation: Invitation) -> None:
    before = invitation.touchpoint
    root = before.replaces or before.message_id
    chain = Touchpoint.objects.filter(Q(message_id=root) | Q(replaces=root), source_id=before.source_id)
    newest = triggers(invitation.campaign, chain).order_by("-id").first()
    if newest is None or newest.subject != invitation.subject:
        invitation.state, invitation.reason = InvitationState.CANCELLED, Reason.TRIGGER_RETRACTED
    else:
        invitation.touchpoint, invitation.customer = newest, newest.customer
        invitation.due_at = invitation_due_at(invitation.campaign, newest)
    invitation.save(update_fields=["state", "reason", "touchpoint", "customer", "due_at"])
