import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from customers.actions import object_to
from customers.models import Consent
from surveys.actions import expire_invitations, pause_campaign, queue_due_invitations
from surveys.models import Answer, Invitation, Response
from tests.factories import make_brand
from tests.fixtures.smtp import SmtpSink
from tests.surveys.factories import REVIEW, make_asked_customer, make_campaign, make_planned, make_survey
from touchpoints.actions import seed_vocabulary, send_due_messages
from touchpoints.models import Message, Subject, Touchpoint

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r"http://[^\s\"<>]+")


@pytest.fixture
def invitation() -> Invitation:
    make_brand()
    seed_vocabulary()
    campaign = make_campaign(
        key="review", purpose="review", trigger="order_delivered", survey=make_survey("review", REVIEW)
    )
    return make_planned(make_asked_customer(), campaign=campaign, subject="order:1001")


def send() -> int:
    queue_due_invitations(now=timezone.now())
    return send_due_messages(seconds=30)


def state(invitation: Invitation) -> tuple[str, str]:
    invitation.refresh_from_db()
    return invitation.state, invitation.reason


def test_it_sends_what_is_due_once(smtp_sink: SmtpSink, invitation):
    later = make_planned(make_asked_customer("ben@example.org"), due_at=timezone.now() + timedelta(minutes=5))
    assert [send(), send()] == [1, 0]
    assert smtp_sink.recipients() == ["anna@example.org"]
    assert state(invitation) == ("sent", "")
    assert invitation.sent_at == Message.objects.get().sent_at
    assert state(later) == ("planned", "")
    told = Touchpoint.objects.get(type__key="survey_invited")
    assert (told.customer, told.subject) == (invitation.customer, "order:1001")


def test_it_speaks_to_the_person_about_the_order(smtp_sink: SmtpSink, invitation):
    now = timezone.now()
    Subject.objects.create(
        brand=invitation.campaign.brand, kind="order", key="1001", customer=invitation.customer, state="delivered",
        is_open=False, began_at=now, changed_at=now, lines=[{"name": "Teekanne <b>"}, {"description": "Tasse"}],
    )  # fmt: skip
    send()
    [mail] = smtp_sink.messages
    assert mail["Subject"] == "Bestellung 1001: Wie viele Sterne?"
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for part in (text, html):
        assert "Guten Tag Frau Müller" in part
        assert "4 Sterne" in part
        assert "1 Stern = schlecht" in part
        assert "5 Sterne = ausgezeichnet" in part
        assert "https://shop.example/impressum" in part
    assert "Teekanne <b>, Tasse" in text
    assert "Teekanne &lt;b&gt;, Tasse" in html


def test_it_writes_english_to_english_customers(smtp_sink: SmtpSink, invitation):
    invitation.customer.language = "en"
    invitation.customer.save()
    send()
    [mail] = smtp_sink.messages
    assert mail["Subject"] == "Order 1001: How many stars?"
    assert "Good day Ms Müller" in mail.get_body(("plain",)).get_content()
    [address] = {found for found in links_of(mail) if found.endswith("score=5")}
    page = Client().get(address)
    assert '<html lang="en">' in page.text


def links_of(mail) -> set[str]:
    bodies = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    found = {address for body in bodies for address in ADDRESS.findall(body)}
    return {address.replace("&amp;", "&").partition(":8000")[2] for address in found if ":8000" in address}


def test_each_score_is_a_link_that_chooses_it(smtp_sink: SmtpSink, invitation):
    send()
    [mail] = smtp_sink.messages
    scored = sorted(address for address in links_of(mail) if "score=" in address)
    assert [address[-1] for address in scored] == ["1", "2", "3", "4", "5"]
    assert re.search(r'value="3"[^>]*checked', Client().get(scored[2]).text)


def test_a_scanner_that_opens_every_link_twice_answers_nothing(smtp_sink: SmtpSink, invitation):
    send()
    [mail] = smtp_sink.messages
    addresses = links_of(mail)
    assert len(addresses) == 8  # five scores, the page itself, unsubscribe, preferences
    for ask in (Client().get, Client().head) * 2:
        assert {ask(address).status_code for address in addresses} == {200}
    assert (Response.objects.count(), Answer.objects.count()) == (0, 0)
    assert state(invitation) == ("sent", "")
    assert set(Consent.objects.values_list("state", flat=True)) == {"granted"}


def test_what_changed_since_planning_stops_the_mail_and_is_kept(smtp_sink: SmtpSink, invitation):
    object_to(customer=invitation.customer, brand=invitation.campaign.brand, origin="phone")
    send()
    assert smtp_sink.messages == []
    assert state(invitation) == ("suppressed", "objected")
    assert Message.objects.get().state == "suppressed"


def test_a_returned_order_is_not_asked_about(smtp_sink: SmtpSink, invitation):
    now = timezone.now()
    Subject.objects.create(
        brand=invitation.campaign.brand, kind="order", key="1001", customer=invitation.customer, state="returned",
        is_open=False, began_at=now, changed_at=now,
    )  # fmt: skip
    send()
    assert smtp_sink.messages == []
    assert state(invitation) == ("cancelled", "subject_cancelled")


def test_two_campaigns_at_once_ask_a_person_once(smtp_sink: SmtpSink, invitation):
    other = make_planned(invitation.customer, campaign=make_campaign())
    send()
    assert len(smtp_sink.messages) == 1
    assert {state(invitation), state(other)} == {("sent", ""), ("suppressed", "quiet_period")}


def test_a_refused_address_is_told_to_the_ledger(smtp_sink: SmtpSink, invitation):
    smtp_sink.refused_recipients["anna@example.org"] = "550 5.1.1 No such user"
    send()
    assert state(invitation) == ("suppressed", "undeliverable")


def test_a_mail_in_doubt_counts_as_asked_and_its_link_works(smtp_sink: SmtpSink, invitation):
    smtp_sink.silent.add("anna@example.org")
    send()
    assert Message.objects.get().state == "unknown"
    assert state(invitation) == ("sent", "")
    [address] = {found for found in links_of(smtp_sink.messages[0]) if found.endswith("score=5")}
    assert Client().get(address).status_code == 200


def test_a_paused_campaign_waits(smtp_sink: SmtpSink, invitation):
    pause_campaign(campaign=invitation.campaign)
    assert send() == 0
    assert state(invitation) == ("planned", "")
    assert not Message.objects.exists()


@pytest.mark.parametrize(("days", "expected"), [(59, "sent"), (61, "expired")])
def test_an_invitation_expires_with_its_link(invitation, days, expected):
    sent_at = timezone.now() - timedelta(days=days)
    Invitation.objects.update(state="sent", sent_at=sent_at)
    expire_invitations(now=timezone.now())
    assert state(invitation) == (expected, "")
