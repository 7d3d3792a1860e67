"""A kind of mail for tests of the sender: a survey that goes through the real gate."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import Now

from customers.consent import may_contact
from customers.models import Customer
from tests.factories import make_brand, make_consent, make_customer
from touchpoints.actions import SYSTEM_SOURCE, queue_message, seed_vocabulary, send_due_messages
from touchpoints.mail import Mail, MessageKind, SendDecision, register_kind, render_mail
from touchpoints.models import MailHost, Message, Source


def may_send(message: Message, now: datetime) -> SendDecision:
    assert message.customer
    return SendDecision.of(
        may_contact(message.customer, purpose="survey", channel="email", brand=message.brand, now=now)
    )


def render(message: Message, address: str) -> Mail:
    return render_mail(
        "mail/notice",
        title=f"Wie war es, {message.reference}?",
        context={"body": "Sagen Sie es uns.", "url": "https://shop.example/s", "label": "Antworten"},
        language=message.language,
        brand=message.brand,
        customer=message.customer,
        subject="order:1001",
    )


SURVEY = MessageKind("survey_for_tests", may_send, render, touchpoint_type="survey_invited")
register_kind(SURVEY)


def queue_mail(email: str = "anna@example.com", *, key: str = "", **fields: Any) -> Message:
    """A message to somebody who agreed to surveys."""
    brand = make_brand()
    if not Source.objects.filter(key=SYSTEM_SOURCE).exists():
        seed_vocabulary()
    customer = Customer.objects.filter(identities__value=email).first()
    if customer is None:
        customer = make_customer(email=email)
        make_consent(customer, address=email)
    return queue_message(
        **{"kind": SURVEY.key, "key": key or f"test:{email}", "brand": brand, "customer": customer} | fields
    )


def send(*, seconds: float = 30) -> int:
    return send_due_messages(seconds=seconds)


def state(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


def wait(**time: Any) -> None:
    """As if this much time had gone by for every message."""
    for message in Message.objects.all():
        message.due_at -= timedelta(**time)
        if message.lease_until:
            message.lease_until -= timedelta(**time)
        if message.data_at:
            message.data_at -= timedelta(**time)
        message.save()
    MailHost.objects.exclude(retry_at=None).update(retry_at=Now() - timedelta(seconds=1))
