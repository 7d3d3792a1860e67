"""What happened just now: a few orders and one case that really send mails, so a newcomer has one to open."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Brand
from customers.actions import request_consent
from customers.models import Customer, Identity
from customers.models.consent import Purpose
from customers.wording import stored, text_for
from surveys.models import Campaign, Invitation
from touchpoints.actions import record_touchpoint
from touchpoints.feed import followers
from touchpoints.models import FollowerPosition, Touchpoint

FRESH_ORDERS = 5


@transaction.atomic
def silence_history() -> None:
    """What is loaded up to now stays quiet for every follower."""
    last = Touchpoint.objects.order_by("-id").values_list("id", flat=True).first() or 0
    for follower in followers():
        FollowerPosition.objects.update_or_create(name=follower.name, defaults={"quiet_until_id": last})


@transaction.atomic
def switch_campaigns_on(*, now: datetime) -> None:
    """From nine days ago, and at any hour: whoever tries the demo wants to see a mail now."""
    Campaign.objects.update(
        activated_at=now - timedelta(days=9), window_from_hour=0, window_to_hour=24, is_weekdays_only=False
    )


@transaction.atomic
def tell_fresh(*, now: datetime) -> None:
    """Orders delivered seven days ago to the minute, a case resolved half an hour ago, a newsletter asked for."""
    delays = dict(Campaign.objects.values_list("trigger_type__key", "delay_minutes"))
    never_asked = Customer.objects.canonical().known().exclude(pk__in=Invitation.objects.values("customer"))
    mailable = Identity.objects.mailable().filter(customer__consents__isnull=False).values("customer")
    customers = never_asked.filter(pk__in=mailable).order_by("pk")[: FRESH_ORDERS + 1]
    for number, customer in enumerate(customers[:FRESH_ORDERS], start=1):
        delivered = now - timedelta(minutes=delays["order_delivered"]) + timedelta(seconds=20 * number)
        _tell_order(customer, f"order:F{number}", delivered=delivered)
    for customer in customers[FRESH_ORDERS:]:
        resolved = now - timedelta(minutes=delays["case_resolved"]) + timedelta(seconds=30)
        _tell_case(customer, "case:F1", resolved=resolved)
        _ask_for_consent(customer)


def _ask_for_consent(customer: Customer) -> None:
    request_consent(
        customer=customer,
        brand=Brand.objects.default(),
        address=customer.identities.filter(kind="email")[0].value,
        purposes=[Purpose.MARKETING],
        text=stored(text_for(Purpose.MARKETING)),
        origin="newsletter form",
    )


def _tell_order(customer: Customer, subject: str, *, delivered: datetime) -> None:
    for type, days_before in (
        ("order_placed", 4.0),
        ("order_paid", 4.0),
        ("order_shipped", 2.0),
        ("order_delivered", 0),
    ):
        _tell(customer, type, at=delivered - timedelta(days=days_before), subject=subject)


def _tell_case(customer: Customer, subject: str, *, resolved: datetime) -> None:
    for type, days_before in (("call_inbound", 1.0), ("case_opened", 1.0), ("case_resolved", 0)):
        _tell(customer, type, at=resolved - timedelta(days=days_before), subject=subject)


def _tell(customer: Customer, type: str, *, at: datetime, subject: str) -> None:
    record_touchpoint(
        source="demo_call_centre" if subject.startswith("case") else "demo_shop",
        message_id=f"fresh:{subject}:{type}",
        type=type,
        customer=customer,
        occurred_at=at,
        subject=subject,
    )
