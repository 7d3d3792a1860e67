"""The printable proof of a mail, from what was written down when it went."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from customers.actions import note_bounce, note_complaint, record_consent, withdraw
from customers.consent import may_contact
from customers.models import Consent, ConsentText, Customer, Suppression
from tests.factories import make_brand, make_customer, make_user
from tests.fixtures.smtp import SmtpSink
from tests.mailing import queue_mail, send
from touchpoints.models import Message

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


@pytest.fixture
def sent(smtp_sink: SmtpSink) -> Message:
    message = queue_mail()
    assert message.customer
    record_consent(
        customer=message.customer, brand=message.brand, purpose="survey", address=ANNA, origin="checkout",
        basis="existing_customer", is_from_sale=True, is_for_similar_goods=True, is_notice_given=True,
        text=ConsentText.objects.create(key="checkout", text_de="{brand} darf fragen.", text_en="{brand} may ask."),
        language="de", proof={"order": "1001"},
    )  # fmt: skip
    send()
    message.refresh_from_db()
    return message


def page(message: Message, *roles: Role) -> tuple[int, str]:
    client = Client()
    client.force_login(make_user(*roles))
    response = client.get(f"/admin/touchpoints/message/{message.pk}/proof/")
    return response.status_code, response.content.decode()


def test_it_shows_mail_basis_entries_conditions_and_suppression(sent: Message) -> None:
    status, html = page(sent, Role.SERVICE_AGENT)

    assert status == 200
    for shown in (
        ANNA, "Musterladen GmbH", "Musterladen GmbH darf fragen.", "checkout v1", "1001",
        "existing customer (§ 7 (3) UWG)", "address from a sale: yes", "notice given: yes", "Not on it",
        "the entry this mail rests on", "Guten Tag Frau Müller",
    ):  # fmt: skip
        assert shown in html, shown


def test_it_stays_right_when_the_ledger_changes(sent: Message) -> None:
    before = page(sent, Role.SERVICE_AGENT)[1]
    withdraw(consent=Consent.objects.newest_first()[0], origin="phone")
    note_complaint(address=ANNA, brand=sent.brand)
    make_customer(canonical=sent.customer)

    assert page(sent, Role.SERVICE_AGENT)[1] == before


def test_it_is_for_those_who_may_see_mails_and_consents(sent: Message) -> None:
    assert page(sent, Role.ANALYST)[0] in {302, 403}
    assert page(sent)[0] in {302, 403}


def test_a_mail_that_never_went_proves_nothing(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    Consent.objects.all().delete()
    send()

    assert "there is nothing to prove" in page(message, Role.SERVICE_AGENT)[1]


def test_a_bounce_ends_all_mail_and_a_complaint_advertising() -> None:
    brand = make_brand()
    people = {name: make_customer(email=f"{name}@example.com") for name in ("gone", "cross")}
    for name, customer in people.items():
        record_consent(
            customer=customer, brand=brand, purpose="survey", address=f"{name}@example.com", origin="checkout"
        )
    for _ in range(2):
        note_bounce(address="gone@example.com")
        note_complaint(address="cross@example.com", brand=brand)
        note_complaint(address="nobody@example.com", brand=brand)

    assert Suppression.objects.count() == 3
    reasons = {(name, purpose): _reason(people[name], purpose) for name in people for purpose in ("survey", "service")}
    assert reasons == {
        ("gone", "survey"): "suppressed", ("gone", "service"): "suppressed",
        ("cross", "survey"): "suppressed", ("cross", "service"): "",
    }  # fmt: skip
    assert Consent.objects.filter(state="objected", origin="complaint", address="cross@example.com").count() == 3


def _reason(customer: Customer, purpose: str) -> str:
    return may_contact(customer, purpose=purpose, channel="email", brand=make_brand(), now=timezone.now()).reason
