"""People withdraw, object, unsubscribe and complain while mails go out: none leaves after the commit.

Exactly: a sender notes `data_at` while it holds the person's ledger, whoever says no writes the entry while holding it.
So a mail was already inside DATA if and only if its `data_at` is before the entry.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.test import Client

from customers.actions import object_to, suppress_address, withdraw
from customers.links import LinkPurpose, token
from customers.models import Consent, Customer, Identity, Suppression
from customers.suppression import address_hmac
from tests.factories import NOW, make_brand
from tests.fixtures.celery import CeleryProcesses
from tests.fixtures.smtp import SmtpSink
from tests.mailing import SURVEY, queue_mail, send
from tests.touchpoints.test_many_senders import in_threads
from touchpoints.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS = 2
NOBODY_MOVES_SECONDS = 120


@dataclass
class People:
    """Everybody agreed, everybody gets several mails, one after the other in rounds."""

    count: int
    mails_each: int
    consents: list[Consent] = field(default_factory=list)

    def __post_init__(self) -> None:
        queue_mail("first@example.com")  # with what every installation has
        Message.objects.all().delete()
        brand = make_brand()
        people = Customer.objects.bulk_create(Customer(family_name=f"Nr. {n}") for n in range(self.count))
        Customer.objects.bulk_create(Customer(canonical_id=person.pk) for person in people)
        Identity.objects.bulk_create(
            Identity(customer=person, kind="email", value=f"{n}@example.com") for n, person in enumerate(people)
        )
        self.consents = Consent.objects.bulk_create(
            Consent(customer=person, brand=brand, channel="email", address=f"{n}@example.com", purpose="survey",
                    state="granted", basis="opt_in", origin="test", recorded_at=NOW)
            for n, person in enumerate(people)
        )  # fmt: skip
        Message.objects.bulk_create(
            Message(kind=SURVEY.key, key=f"{n}:{number}", reference=number, brand=brand, customer=person)
            for number in range(self.mails_each)
            for n, person in enumerate(people)
        )


def by_link(consent: Consent) -> None:
    address = f"/unsubscribe/{token(LinkPurpose.UNSUBSCRIBE, consent.pk)}/"
    assert Client().post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200


def by_staff(consent: Consent) -> None:
    withdraw(consent=consent, origin="phone")


def on_a_merged_record(consent: Consent) -> None:
    double = Customer.objects.exclude(pk=consent.customer_id).get(canonical=consent.customer_id)
    object_to(customer=double, brand=consent.brand, origin="phone", purposes=["survey"])


def by_complaint(consent: Consent) -> None:
    suppress_address(address=consent.address, reason="complaint", scope="advertising")


WAYS: Sequence[Callable[[Consent], None]] = (by_link, by_staff, on_a_merged_record, by_complaint)


@dataclass
class Withdrawals:
    people: People
    sink: SmtpSink
    count: int
    every: int
    """One withdrawal for so many mails that arrived."""
    committed: dict[str, float] = field(default_factory=dict)

    def run(self, *, threads: int) -> None:
        numbers = iter(range(self.count))
        by_address = {consent.address: consent for consent in self.people.consents}
        chosen = random.Random(11).sample(sorted(by_address), len(by_address))
        lock = threading.Lock()

        def work() -> None:
            while (number := next(numbers, None)) is not None:
                self._wait_for(number * self.every)
                with lock:
                    # Every second one while the server thinks about RCPT TO: decided once, and not yet for good.
                    asked = [it for it in self.sink.asked[-1:] if number % 2 and it in chosen]
                    address = asked[0] if asked else chosen[-1]
                    chosen.remove(address)
                WAYS[number // 2 % len(WAYS)](by_address[address])
                self.committed[address] = time.monotonic()

        for thread in in_threads(*[work] * threads):
            thread.join()

    def _wait_for(self, mails: int) -> None:
        end = time.monotonic() + NOBODY_MOVES_SECONDS * 3
        while len(self.sink.envelopes) < mails:
            assert time.monotonic() < end, "the senders stand still"
            time.sleep(0.05)

    def prove(self) -> str:
        arrived = Counter(self.sink.recipients())
        sent = Counter(Message.objects.filter(state="sent").values_list("recipient", flat=True))
        assert arrived == sent
        assert len(self.committed) == self.count
        ended = Counter(Message.objects.values_list("state", flat=True))
        assert set(ended) == {"sent", "suppressed"}
        reasons = set(Message.objects.filter(state="suppressed").values_list("reason", flat=True))
        assert reasons == {"objected", "withdrawn", "suppressed"}

        said_no_at = self._said_no_at()
        begun = Message.objects.filter(recipient__in=said_no_at, data_at__isnull=False)
        late = [address for address, at in begun.values_list("recipient", "data_at") if at > said_no_at[address]]
        assert late == [], "no mail begins after the no"
        inside = self._arrived_after_the_commit()
        assert max(Counter(address for address, _seconds in inside).values(), default=0) <= SENDERS
        slowest = max((seconds for _address, seconds in inside), default=0.0)
        return (
            f"{ended['sent']} mails sent, {ended['suppressed']} held back, {self.count} withdrawals; "
            f"{len(inside)} were inside DATA at the commit, the last of them taken {slowest * 1000:.0f} ms after it"
        )

    def _said_no_at(self) -> dict[str, datetime]:
        """By the clock of the database, while the ledger was held."""
        noes = Consent.objects.exclude(state="granted").values_list("customer__canonical_id", "recorded_at")
        complaints = Suppression.objects.values_list("address_hmac", "created_at")
        by_person = {consent.customer_id: consent.address for consent in self.people.consents}
        by_key = {address_hmac(address): address for address in self.committed}
        said = {by_person[person]: at for person, at in noes if person is not None}
        said |= {by_key[bytes(key)]: at for key, at in complaints}
        assert set(said) == set(self.committed)
        return said

    def _arrived_after_the_commit(self) -> list[tuple[str, float]]:
        moments = zip(self.sink.recipients(), self.sink.taken_at, strict=True)
        return [
            (address, at - self.committed[address])
            for address, at in moments
            if address in self.committed and at > self.committed[address]
        ]


def until_all_ended() -> None:
    left, end = -1, 0.0
    while now_left := Message.objects.filter(state__in=["queued", "sending"]).count():
        if now_left != left:
            left, end = now_left, time.monotonic() + NOBODY_MOVES_SECONDS
        assert time.monotonic() < end, Message.objects.exclude(state="sent").values("state", "reason")[:5]
        time.sleep(0.5)


def test_no_mail_goes_after_a_withdrawal_in_a_short_run(smtp_sink: SmtpSink) -> None:
    people = People(count=40, mails_each=3)
    withdrawals = Withdrawals(people, smtp_sink, count=20, every=3)
    smtp_sink.rcpt_delay = 0.05
    senders = in_threads(*[send] * SENDERS)
    withdrawals.run(threads=2)
    for sender in senders:
        sender.join()

    withdrawals.prove()


@pytest.mark.prove
@pytest.mark.parametrize(("mails", "count"), [(1_000, 100), (10_000, 1_000)])
def test_no_mail_goes_after_a_withdrawal_with_real_workers(
    smtp_sink: SmtpSink, celery_worker_and_beat: CeleryProcesses, capsys: pytest.CaptureFixture[str],
    mails: int, count: int,
) -> None:  # fmt: skip
    began = time.monotonic()
    people = People(count=mails // 4, mails_each=4)
    withdrawals = Withdrawals(people, smtp_sink, count=count, every=6)
    withdrawals.run(threads=2)
    until_all_ended()

    result = withdrawals.prove()
    with capsys.disabled():
        print(f"\n{mails} mails to {mails // 4} people, {time.monotonic() - began:.0f} s: {result}")  # noqa: T201
