"""The mail of an invitation: may it go now, and what does it say (touchpoints.mail)."""

from datetime import datetime
from urllib.parse import urlencode

from customers.links import LinkPurpose, public_url, token
from surveys.eligibility import sending_decision
from surveys.models import Invitation, Question
from touchpoints.mail import Mail, SendDecision, render_mail
from touchpoints.models import Message, Subject

KIND = "invitation"
MOST_PRODUCTS = 5


def may_send(message: Message, now: datetime) -> SendDecision:
    invitation = _invitation(message)
    if invitation is None:
        return SendDecision.refused("erased")
    decision, reason = sending_decision(invitation, now=now)
    return SendDecision.refused(reason, purpose=decision.purpose) if reason else SendDecision.of(decision)


def render(message: Message, _address: str) -> Mail:
    invitation = Invitation.objects.select_related("campaign__survey").get(pk=message.reference or 0)
    survey = invitation.campaign.survey
    question = survey.versions.published().get().headline
    url = public_url("answer", token(LinkPurpose.ANSWER, invitation.pk, nonce=invitation.nonce))
    headline = question.text if question else survey.label
    return render_mail(
        "surveys/mail/invitation",
        title=f"{invitation.subject_label}: {headline}" if invitation.subject else headline,
        context={
            "survey": survey,
            "campaign": invitation.campaign,
            "products": _products(invitation),
            "headline": headline,
            "scores": _score_links(question, url),
            "ends": question.ends if question else (),
            "url": url,
        },
        language=message.language,
        brand=message.brand,
        customer=message.customer,
        subject=invitation.subject,
    )


def _invitation(message: Message) -> Invitation | None:
    found = Invitation.objects.select_related("campaign__brand", "campaign__survey", "customer")
    return found.filter(pk=message.reference or 0).first()


def _score_links(question: Question | None, url: str) -> list[tuple[str, str]]:
    """Each score with the address that chooses it; nothing is stored before the person sends the page."""
    if question is None or question.scale is None:
        return []
    return [(question.score_label(score), f"{url}?{urlencode({'score': score})}") for score in question.scale]


def _products(invitation: Invitation) -> list[str]:
    """One mail per order names its products."""
    kind, _separator, key = invitation.subject.partition(":")
    order = Subject.objects.orders().filter(brand_id=invitation.campaign.brand_id, key=key).first()
    lines = order.lines if order and kind == order.kind else []
    names = [line.get("name") or line.get("description") for line in lines if isinstance(line, dict)]
    return [str(name) for name in names if name][:MOST_PRODUCTS]
