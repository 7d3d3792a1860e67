"""Clients that all meddle with the same few people at once, each over a connection of its own."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

from customers.actions import merge_customers, object_to, record_consent, suppress_address, undo_merge, withdraw
from customers.models import Consent, Customer, Identity, Merge
from tests.customers.desk import Desk
from tests.factories import make_brand, make_source
from touchpoints.actions import SYSTEM_SOURCE, ingest_batch, ingest_sdk_items, record_touchpoint
from touchpoints.decoding import Item, items_of
from touchpoints.models import Source
from touchpoints.segment.arrival import Arrival

Row = TypeVar("Row", bound=Model)

IDENTIFIERS = {
    "user_id": "u{}",
    "loyalty_card": "c{}",
    "email": "a{}@shop.example",
    "phone": "+49301234{:04}",
    "anonymous_id": "d{}",
}
NAMES = ("", "Anna Müller", "Bert Schmidt", "Cem Yılmaz")
DEADLOCKS = "select deadlocks, xact_rollback from pg_stat_database where datname = current_database()"
LONGEST_PAUSE = 0.01
STEPS_PER_PERSON = 4
_message_numbers = count(1)


def figures_of_the_server() -> Counter[str]:
    """Deadlocks and rollbacks so far. Backends report when they end, so ask when the clients are gone."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(DEADLOCKS)
        deadlocks, rollbacks = cursor.fetchone()
    return Counter(deadlocks=deadlocks, rollbacks=rollbacks)


@dataclass
class Client:
    """Draws every step from its seed; what a server would answer with an error raises here."""

    seed: int
    sources: list[Source]
    people: int
    step: int = 0
    done: Counter[str] = field(default_factory=Counter)
    sent: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.brand = make_brand()
        self.verbs: dict[Callable[[], object], int] = {
            self.send: 10, self.tell: 6, self.merge: 3, self.undo: 3, self.note: 2, self.consent: 3, self.suppress: 1
        }  # fmt: skip
        self.verbs |= Desk(self.chance, self.some, self.somebody).verbs

    def work(self, steps: int) -> None:
        with connection.execute_wrapper(self.hesitate):
            for self.step in range(steps):
                (verb,) = self.chance.choices([*self.verbs], [*self.verbs.values()])
                verb()
                self.done[verb.__name__] += 1

    def hesitate(self, execute: Callable[..., object], *statement: object) -> object:
        """Locks are held for longer than the statements of one process would need, so that clients do meet."""
        time.sleep(self.chance.random() ** 4 * LONGEST_PAUSE)
        return execute(*statement)

    def somebody(self) -> int:
        """New people keep coming, about as many for every client at a time, and old ones fall into oblivion."""
        return self.step // STEPS_PER_PERSON + self.chance.randrange(self.people)

    def identifiers(self) -> dict[str, str]:
        """Often a device alone, so that there are anonymous people who become known."""
        is_anonymous = self.chance.random() < 0.3
        kinds = ["anonymous_id"] if is_anonymous else self.chance.sample([*IDENTIFIERS], self.chance.choice([1, 2, 3]))
        return {kind: IDENTIFIERS[kind].format(self.somebody()) for kind in kinds}

    def event(self) -> dict[str, object]:
        message_id = f"{self.seed}-{next(_message_numbers)}"
        self.sent.append(message_id)
        return {
            "message_id": message_id,
            "type": self.chance.choice(["page_viewed", "order_placed", "call_inbound", self.new_word()]),
            "customer": self.identifiers(),
            "occurred_at": "2026-03-02T10:00:00Z",
        }

    def send(self) -> None:
        events = [self.event() for _ in range(self.chance.choice([1, 2, 5, 20]))]
        items = items_of(json.dumps({"touchpoints": events}).encode())
        outcomes = ingest_batch(source=self.chance.choice(self.sources), items=items, now=timezone.now())
        assert {outcome.status for outcome in outcomes} == {"created"}

    def tell(self) -> None:
        """What SDKs tell of people and companies: fields are filled, companies named and joined."""
        items = [Item(b"", self.call()) for _ in range(self.chance.choice([1, 5, 20]))]
        outcomes = ingest_sdk_items(
            source=self.chance.choice(self.sources), items=items, arrival=Arrival("batch", None), now=timezone.now()
        )
        assert {outcome.status for outcome in outcomes} == {"created"}

    def call(self) -> dict[str, object]:
        self.sent.append(message_id := f"{self.seed}-{next(_message_numbers)}")
        by = self.chance.choice(["userId", "anonymousId"])
        who = {by: IDENTIFIERS["user_id" if by == "userId" else "anonymous_id"].format(self.somebody())}
        sent = {"messageId": message_id, "timestamp": "2026-03-02T10:00:00Z"} | who
        match self.chance.choice(["identify", "group", "track"]):
            case "identify":
                contact = {"email": IDENTIFIERS["email"].format(self.somebody())} if self.chance.random() < 0.3 else {}
                name, city = self.chance.choice(NAMES), self.chance.choice(NAMES)
                return sent | {"type": "identify", "traits": contact | {"name": name, "address": {"city": city}}}
            case "group":
                group = f"g{self.somebody()}"
                return sent | {"type": "group", "groupId": group, "traits": {"name": f"{group} GmbH"}}
        return sent | {"type": "track", "event": self.new_word()}

    def new_word(self) -> str:
        """A type that staff have not heard of; new ones keep coming as people do."""
        return f"word {self.somebody()}"

    def some(self, rows: QuerySet[Row], number: int) -> list[Row]:
        """Of the newest rows: there the others are at work."""
        newest = list(rows.order_by("-pk")[: 2 * self.people])
        return self.chance.sample(newest, min(number, len(newest)))

    def merge(self) -> None:
        if len(people := self.some(Customer.objects.all(), 2)) == 2:
            with suppress(ValidationError):  # they are one person already
                merge_customers(kept=people[0], merged=people[1], reason="test")

    def undo(self) -> None:
        for merge in self.some(Merge.objects.standing(), 1):
            undo_merge(merge=merge)

    def note(self) -> None:
        for customer in self.some(Customer.objects.all(), 1):
            self.sent.append(message_id := f"note {self.seed}-{next(_message_numbers)}")
            record_touchpoint(
                source=SYSTEM_SOURCE,
                message_id=message_id,
                type="call_inbound",
                customer=customer,
                occurred_at=timezone.now(),
            )

    def consent(self) -> None:
        found = self.some(Identity.objects.filter(kind="email").select_related("customer"), 1)
        if not found:
            return
        customer, address = found[0].customer, found[0].value
        granted = Consent.objects.filter(customer=customer, state="granted").first()
        match self.chance.choice(["grant", "object", "withdraw"]):
            case "grant":
                record_consent(
                    customer=customer,
                    brand=self.brand,
                    purpose="marketing",
                    address=address,
                    origin="test",
                    proof={"a": 1},
                )
            case "object":
                object_to(customer=customer, brand=self.brand, origin="test")
            case "withdraw" if granted:
                withdraw(consent=granted, origin="test")

    def suppress(self) -> None:
        address = IDENTIFIERS["email"].format(self.somebody())
        suppress_address(address=address, reason="test", scope=self.chance.choice(["all", "advertising"]))


def make_clients(number: int, *, seed: int, people: int) -> list[Client]:
    make_brand()
    sources = [make_source(), make_source(), make_source(kind="browser")]
    return [Client(seed * number + index, sources, people) for index in range(number)]
