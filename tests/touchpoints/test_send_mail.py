"""What is sent, and how it looks on the wire."""

import pytest

from customers.models import Consent
from tests.fixtures.smtp import SmtpSink
from tests.mailing import queue_mail, send, state
from touchpoints.models import Message, Touchpoint

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


def test_it_sends_each_message_once_over_one_connection(smtp_sink: SmtpSink) -> None:
    for number in range(5):
        queue_mail(f"{number}@example.com")

    assert send() == 5
    assert send() == 0
    assert sorted(smtp_sink.recipients()) == [f"{number}@example.com" for number in range(5)]
    assert smtp_sink.connections == 1
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}


def test_it_queues_a_key_once(smtp_sink: SmtpSink) -> None:
    assert queue_mail(key="invitation:77:first") == queue_mail(key="invitation:77:first")
    send()
    queue_mail(key="invitation:77:first")

    assert send() == 0
    assert len(smtp_sink.messages) == 1


def test_it_keeps_the_basis_and_a_copy_without_tokens(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    send()
    message.refresh_from_db()

    assert message.consent == Consent.objects.get()
    assert (message.basis, message.recipient, message.language) == ("opt_in", ANNA, "de")
    link = smtp_sink.messages[0]["List-Unsubscribe"].strip("<>")
    assert link.rstrip("/").split("~")[1] not in message.html + message.text
    assert "unsubscribe" in message.html


def test_it_records_a_touchpoint_with_the_mail(smtp_sink: SmtpSink) -> None:
    message = queue_mail(key="invitation:77:first")
    send()
    touchpoint = Touchpoint.objects.get()

    assert (touchpoint.message_id, touchpoint.source.key) == ("invitation:77:first", "kundenpfad")
    assert touchpoint.type
    assert (touchpoint.type.key, touchpoint.subject) == ("survey_invited", "order:1001")
    assert touchpoint.customer == message.customer


def test_it_writes_a_mail_as_the_standards_say(smtp_sink: SmtpSink) -> None:
    queue_mail(key="invitation:77:first")
    send()
    (mail,) = smtp_sink.messages

    assert mail["From"] == "Musterladen <service@shop.example>"
    assert mail["To"] == ANNA
    assert mail["Message-ID"].endswith("@shop.example>")
    assert "invitation" not in mail["Message-ID"]
    assert mail["Date"].datetime.utcoffset() is not None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/unsubscribe/")
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "Guten Tag Frau Müller," in mail.get_body(("plain",)).get_content()
    assert mail.get_body(("html",)).get_content().startswith("<!DOCTYPE html>")
    assert max(len(line) for line in smtp_sink.envelopes[0].original_content.splitlines()) <= 998


def test_it_doubles_leading_dots(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    brand = message.brand
    brand.postal_address = "Musterweg 1\n.\n.Hinterhaus\n\n"
    brand.save()
    send()

    text = smtp_sink.messages[0].get_body(("plain",)).get_content()
    assert "\n.\n.Hinterhaus\n" in text.replace("\r\n", "\n")


@pytest.mark.parametrize("address", ["a,b@example.com", "größe@example.com", "a@b@example.com"])
def test_it_fails_for_an_address_it_cannot_write(smtp_sink: SmtpSink, address: str) -> None:
    message = queue_mail(address)
    send()

    assert state(message) == ("failed", "address_invalid")


def test_it_writes_to_a_domain_with_umlauts(smtp_sink: SmtpSink) -> None:
    queue_mail("anna@müller.example")
    send()

    assert smtp_sink.recipients() == ["anna@xn--mller-kva.example"]


def test_it_ends_its_run_in_time(smtp_sink: SmtpSink) -> None:
    for number in range(5):
        queue_mail(f"{number}@example.com")

    assert send(seconds=0) == 1
