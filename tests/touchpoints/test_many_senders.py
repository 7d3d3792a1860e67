"""Several senders at once: nothing twice, and nobody waits for a slow mail."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from customers.actions import object_to, suppress_address, withdraw
from customers.models import Consent, Customer
from tests.factories import make_brand, make_consent, make_customer
from tests.fixtures.smtp import SmtpSink
from tests.mailing import queue_mail, send
from touchpoints.models import Message, Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)


def in_threads(*jobs: Callable[[], object]) -> list[threading.Thread]:
    def run(job: Callable[[], object]) -> None:
        try:
            job()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    return threads


def test_it_sends_nothing_twice_with_many_senders_and_ticks(smtp_sink: SmtpSink) -> None:
    for number in range(40):
        queue_mail(f"{number}@example.com")

    # As with two beats and every task delivered again.
    for _ in range(2):
        for thread in in_threads(*[send] * 4):
            thread.join()

    assert Counter(smtp_sink.recipients()) == {f"{number}@example.com": 1 for number in range(40)}
    assert Message.objects.filter(state="sent", attempts=1).count() == 40
    assert Touchpoint.objects.filter(type__key="survey_invited").count() == 40


def test_it_lets_no_slow_mail_block_the_others(smtp_sink: SmtpSink) -> None:
    smtp_sink.delays["slow@example.com"] = 4
    queue_mail("slow@example.com")
    (slow,) = in_threads(send)
    while not Message.objects.filter(state="sending", data_at__isnull=False).exists():
        time.sleep(0.02)
    for number in range(10):
        queue_mail(f"{number}@example.com")

    assert send() == 10
    assert slow.is_alive(), "the others went while the slow one was under way"
    assert Message.objects.filter(state="sent").count() == 10
    slow.join()
    assert Message.objects.filter(state="sent").count() == 11


def test_it_sends_nothing_after_a_withdrawal(smtp_sink: SmtpSink) -> None:
    """Objections arrive while two senders are at work; each commits before or after DATA began, never between."""
    messages = [queue_mail(f"{number}@example.com") for number in range(40)]
    senders = in_threads(send, send)
    while len(smtp_sink.messages) < 2:
        time.sleep(0.01)
    too_late: set[int] = set()
    for message in reversed(messages):
        assert message.customer
        object_to(customer=message.customer, brand=message.brand, origin="phone")
        # After the commit of the objection: has DATA begun before?
        if Message.objects.filter(pk=message.pk, data_at__isnull=False).exists():
            too_late.add(message.pk)
    for sender in senders:
        sender.join()

    sent = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
    assert sent == too_late
    assert 0 < len(sent) < 40, "both must have happened"
    assert Message.objects.filter(state="suppressed", reason="objected").count() == 40 - len(sent)
    assert len(smtp_sink.messages) == len(sent)


@pytest.mark.parametrize(
    "change",
    [
        lambda person, double: object_to(customer=double, brand=make_brand(), origin="phone"),
        lambda person, double: withdraw(consent=Consent.objects.get(customer=double), origin="phone"),
        lambda person, double: suppress_address(address="double@example.com", reason="hard bounce"),
        lambda person, double: suppress_address(address="anna@example.com", reason="complaint", scope="advertising"),
    ],
)
def test_a_change_of_mind_waits_while_a_sender_decides(change: Callable[[Customer, Customer], object]) -> None:
    """Also of a merged record: else it could be committed between the last look and the note that DATA begins."""
    person = make_customer(email="anna@example.com")
    double = make_customer(email="double@example.com", canonical=person)
    make_consent(double, address="double@example.com")
    with transaction.atomic():
        list(Customer.objects.filter(group=double).hold())  # as a sender does
        (changing,) = in_threads(lambda: change(person, double))
        changing.join(0.3)
        assert changing.is_alive()
    changing.join(10)
    assert not changing.is_alive()
