"""What a person finds behind the link to their preferences: each purpose, whether it is allowed, and why.

The link in a mail is for the address the mail went to: whoever opens it reads its mails, and may allow things for it.
A link handed out by staff is for the person; what is allowed there is confirmed by a mail first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Brand
from customers.consent import ADVERTISING_PURPOSES, ContactDecision, Refusal, may_contact
from customers.links import LinkPurpose, claimed_row, is_genuine, public_url, token
from customers.models import Consent, ConsentText, Customer, Identity, Pause
from customers.models.consent import ConsentState, ContactChannel, Purpose
from customers.wording import text_for

# Whoever may be written to is never asked again; whom nothing helps is told whom to write to.
BEYOND_A_CLICK = (Refusal.SUPPRESSED, Refusal.BRAND_INCOMPLETE)


@dataclass(frozen=True)
class Holder:
    """Who opened the link."""

    customer: Customer
    brand: Brand
    identity: Identity | None = None
    """The address the link was mailed to."""

    @property
    def address(self) -> str:
        if self.identity:
            return self.identity.value
        known = Identity.objects.mailable().filter(customer__canonical__group=self.customer)
        return known.order_by("-id").values_list("value", flat=True).first() or ""

    @property
    def shown_address(self) -> str:
        """Enough to recognise one's own, not enough to learn somebody's."""
        local, _at, domain = self.address.partition("@")
        return f"{local[:1]}…@{domain}" if domain else ""


@dataclass(frozen=True)
class PurposeState:
    purpose: Purpose
    decision: ContactDecision
    is_on: bool
    said_at: datetime | None
    """When the person last said something about it."""
    text: ConsentText
    words: str

    @property
    def may_be_allowed(self) -> bool:
        return not self.is_on and self.decision.reason not in (*BEYOND_A_CLICK, Refusal.PAUSED)


def mailed_url(address: str, brand: Brand) -> str:
    """For the foot of a mail; empty for an address that nobody has confirmed."""
    identity = Identity.objects.mailable().filter(value=address).first()
    if identity is None:
        return ""
    return public_url("preferences", token(_named(LinkPurpose.PREFERENCES, brand), identity.pk))


def handed_url(customer: Customer, brand: Brand) -> str:
    return public_url("preferences", token(_named(LinkPurpose.HANDED_PREFERENCES, brand), customer.pk))


def holder_of(text: str) -> Holder | None:
    row = claimed_row(text)
    if row is None:
        return None
    for brand in Brand.objects.all():
        if is_genuine(text, purpose=_named(LinkPurpose.PREFERENCES, brand), row=row):
            identity = Identity.objects.select_related("customer").filter(pk=row).first()
            return Holder(identity.customer, brand, identity) if identity else None
        if is_genuine(text, purpose=_named(LinkPurpose.HANDED_PREFERENCES, brand), row=row):
            customer = Customer.objects.filter(pk=row).first()
            return Holder(customer, brand) if customer else None
    return None


def purpose_states(holder: Holder, *, language: str, now: datetime) -> list[PurposeState]:
    return [
        _state(holder, purpose, language=language, now=now) for purpose in (*ADVERTISING_PURPOSES, Purpose.PROFILING)
    ]


def reachable_by(holder: Holder, *, channel: str, now: datetime) -> bool:
    """Whether anything but service comes by phone or post."""
    return any(
        may_contact(holder.customer, purpose=purpose, channel=channel, brand=holder.brand, now=now).is_allowed
        for purpose in ADVERTISING_PURPOSES
    )


def running_pause(holder: Holder, *, now: datetime) -> Pause | None:
    return Pause.objects.running(now=now).of_person(holder.customer).filter(brand=holder.brand).first()


def last_word(holder: Holder, purpose: str, *, channel: str, before: int | None = None) -> Consent | None:
    said = Consent.objects.of_person(holder.customer).filter(brand=holder.brand, purpose=purpose, channel=channel)
    return (said.filter(pk__lt=before) if before else said).newest_first().first()


def _state(holder: Holder, purpose: Purpose, *, language: str, now: datetime) -> PurposeState:
    last = last_word(holder, purpose, channel=ContactChannel.EMAIL)
    decision = may_contact(holder.customer, purpose=purpose, channel=ContactChannel.EMAIL, brand=holder.brand, now=now)
    is_on = decision.is_allowed
    if purpose == Purpose.PROFILING:  # Art. 21 (1) DSGVO: until the person objects
        is_on = last is None or last.state == ConsentState.GRANTED
    text = text_for(purpose)
    return PurposeState(
        purpose=purpose,
        decision=decision,
        is_on=is_on,
        said_at=last.recorded_at if last else None,
        text=text,
        words=text.words(language, brand=holder.brand),
    )


def _named(purpose: LinkPurpose, brand: Brand) -> str:
    return f"{purpose}:{brand.pk}"


def proof_of_link(holder: Holder) -> dict[str, Any]:
    return {"link": "mail", "identity": holder.identity.pk} if holder.identity else {"link": "handed"}
