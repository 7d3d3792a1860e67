"""What a sender does with each answer of a server (docs/adr: sending exactly once)."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.roles import Role
from customers.consent import may_contact
from customers.models import Suppression
from tests.factories import make_user
from tests.fixtures.smtp import SmtpSink
from tests.mailing import SURVEY, queue_mail, send, state, wait
from touchpoints.mail import MessageKind, register_kind
from touchpoints.models import MailHost, Message

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"
BASED: dict[str, Any] = {"basis": "opt_in", "grounds": {"basis": "opt_in"}}


def test_it_tries_later_after_4xx_and_gives_up_after_two_days(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    smtp_sink.refused_recipients[ANNA] = "451 4.7.1 Greylisted"
    send()
    assert state(message) == ("queued", "451 4.7.1 Greylisted")
    assert send() == 0, "not before its time"

    for _ in range(20):
        wait(days=2)
        send()
    assert state(message) == ("failed", "451 4.7.1 Greylisted")
    assert message.attempts == 9

    smtp_sink.refused_recipients.clear()
    wait(days=2)
    assert send() == 0


@pytest.mark.parametrize("where", ["refused_recipients", "refusals"])
def test_it_sends_after_a_greylisting_ends(smtp_sink: SmtpSink, where: str) -> None:
    message = queue_mail()
    getattr(smtp_sink, where)[ANNA] = "451 try later"
    send()
    getattr(smtp_sink, where).clear()
    wait(minutes=1)
    send()

    assert state(message) == ("sent", "")
    assert len(smtp_sink.messages) == 1


@pytest.mark.parametrize("where", ["refused_recipients", "refusals"])
def test_it_fails_for_good_after_5xx(smtp_sink: SmtpSink, where: str) -> None:
    message = queue_mail()
    getattr(smtp_sink, where)[ANNA] = f"550 5.7.1 <{ANNA}> rejected"
    send()

    assert state(message) == ("failed", "550 5.7.1 <…> rejected")
    wait(days=2)
    assert send() == 0
    assert not Suppression.objects.exists(), "a refused mail is no dead mailbox"


def test_it_never_writes_again_to_a_mailbox_that_does_not_exist(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    smtp_sink.refused_recipients[ANNA] = "550 5.1.1 No such user"
    send()

    assert message.customer
    decision = may_contact(
        message.customer, purpose="service", channel="email", brand=message.brand, now=timezone.now()
    )
    assert decision.reason == "suppressed"


def test_it_is_in_doubt_when_the_server_stores_and_never_answers(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    smtp_sink.silent.add(ANNA)
    send()
    assert state(message)[0] == "unknown"
    assert len(smtp_sink.messages) == 1
    wait(minutes=14)
    assert send() == 0, "never sooner than 15 minutes"

    wait(minutes=2)
    send()
    assert state(message)[0] == "unknown"
    wait(days=2)
    assert send() == 0, "at most one resend"
    assert len(smtp_sink.messages) == 2
    assert len({mail["Message-ID"] for mail in smtp_sink.messages}) == 1


def test_it_leaves_a_doubt_alone_where_staff_say_so(smtp_sink: SmtpSink, settings: Settings) -> None:
    settings.MAIL_RESENDS = 0
    message = queue_mail()
    smtp_sink.silent.add(ANNA)
    send()
    wait(days=2)

    assert send() == 0
    assert state(message)[0] == "unknown"
    assert len(smtp_sink.messages) == 1


def test_it_ends_the_doubt_with_the_resend(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    smtp_sink.silent.add(ANNA)
    send()
    smtp_sink.silent.clear()
    wait(minutes=16)
    send()

    assert state(message) == ("sent", "")


def test_it_takes_back_what_a_dead_sender_had_claimed(smtp_sink: SmtpSink) -> None:
    before, after = queue_mail("before@example.com"), queue_mail("after@example.com")
    Message.objects.update(state="sending", lease_until=Now() + timedelta(seconds=60), attempts=1)
    Message.objects.filter(pk=after.pk).update(data_at=Now(), **BASED)
    assert send() == 0, "its sender may still be alive"

    wait(seconds=61)
    assert send() == 1
    assert state(before)[0] == "sent"
    assert state(after) == ("unknown", "sender_lost")
    wait(minutes=15)
    send()
    assert state(after)[0] == "sent"


def test_it_does_not_count_a_sender_that_lost_its_claim(smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    claimed = Message.objects.claim_next(lease=timedelta(seconds=60))
    assert claimed
    wait(seconds=61)
    send()
    assert state(message)[0] == "sent"

    assert not claimed.begin_data(**BASED, consent_id=None)
    assert not claimed.retry("too late")
    assert not claimed.suppress("too late")
    assert state(message)[0] == "sent"


def test_it_keeps_all_mail_while_the_server_is_away(settings: Settings, smtp_sink: SmtpSink) -> None:
    message = queue_mail()
    port = settings.EMAIL_PORT
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = closed.getsockname()[1]
        for _ in range(10):
            assert send() == 0
            wait(minutes=1)
        host = MailHost.objects.get()

    assert (host.failures, "refused" in host.error) == (10, True)
    assert state(message) == ("queued", "")
    assert message.attempts == 0
    MailHost.objects.update(name=f"127.0.0.1:{port}", retry_at=Now() + timedelta(seconds=50))
    settings.EMAIL_PORT = port
    assert send() == 0, "the breaker is open"
    wait()
    assert send() == 1
    assert MailHost.objects.get().failures == 0


def test_it_asks_a_failing_server_with_one_sender_at_a_time() -> None:
    host = MailHost.named("mail.example:25")
    assert host.may_try()
    host.note_failure("refused")
    assert not MailHost.named("mail.example:25").may_try()
    MailHost.objects.update(retry_at=Now())

    assert MailHost.named("mail.example:25").may_try()
    assert not MailHost.named("mail.example:25").may_try()


def test_it_doubts_what_a_breaking_connection_lost(smtp_sink: SmtpSink) -> None:
    """The server hangs up before it stored the mail, but after DATA: only it knows, so we doubt."""
    broken = queue_mail()
    smtp_sink.deaf.add(ANNA)
    later = queue_mail("ben@example.com")
    send()
    assert state(broken)[0] == "unknown"
    wait(seconds=40)
    send()
    assert state(later)[0] == "sent"

    smtp_sink.deaf.clear()
    wait(minutes=15)
    send()
    assert state(broken)[0] == "sent"
    assert sorted(smtp_sink.recipients()) == [ANNA, "ben@example.com"]


def test_it_lets_staff_send_again_what_failed(smtp_sink: SmtpSink, client: Client) -> None:
    message = queue_mail()
    smtp_sink.refused_recipients[ANNA] = "550 5.7.1 not from you"
    send()
    smtp_sink.refused_recipients.clear()
    url = f"/admin/touchpoints/message/{message.pk}/resend/"
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    assert client.post(url).status_code == 302
    assert state(message)[0] == "queued"
    send()

    assert state(message) == ("sent", "")
    assert client.post(url).status_code == 403, "once it arrived"
    client.force_login(make_user(Role.ANALYST))
    assert client.post(url).status_code in {403, 404}


def test_it_tells_the_kind_of_a_doubt_that_a_dead_sender_left(smtp_sink: SmtpSink) -> None:
    told: list[str] = []
    register_kind(
        MessageKind("telling", SURVEY.may_send, SURVEY.render, settled=lambda message: told.append(message.state))
    )
    queue_mail(kind="telling")
    Message.objects.update(
        state="sending", lease_until=Now() - timedelta(seconds=1), attempts=1, data_at=Now(), **BASED
    )
    send()

    assert told == ["unknown"]
