"""Eight clients send every batch three times while web workers, followers and PostgreSQL die: what was acknowledged is
there, once, and what follows from it is what a rebuild gives."""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from customers.models import Identity
from surveys.models import Campaign
from tests.customers.graph import assert_canonical
from tests.factories import make_brand, make_source, make_write_key
from tests.fixtures.postgresql import OwnPostgreSQL
from tests.fixtures.web import WebServer, environment_in_production
from tests.following import rebuilt, results
from tests.touchpoints.follow import start_following
from tests.touchpoints.shopping import Parcel, Shop
from touchpoints import feed
from touchpoints.models import RejectedTouchpoint, Touchpoint, TouchpointType, Webhook

CLIENTS, TIMES = 8, 3
PATIENCE = 60  # seconds for one batch, over however many deaths
StartWeb = Callable[[], WebServer]


@dataclass
class Storm:
    web: WebServer
    postgresql: OwnPostgreSQL
    parcels: list[Parcel]
    chance: random.Random
    acknowledged: set[str] = field(default_factory=set)
    created: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    delivered: int = 0

    def __post_init__(self) -> None:
        self.waiting = self.parcels * TIMES
        self.chance.shuffle(self.waiting)
        self.lock = threading.Lock()
        self.environment = environment_in_production()
        self.follower = start_following(self.environment, log=self.web.folder / "follower.log")

    def run(self, victims: list[str]) -> None:
        total = len(self.waiting)
        moments = sorted(self.chance.sample(range(1, total * 9 // 10), len(victims)))
        with ThreadPoolExecutor(CLIENTS) as threads:
            clients = [threads.submit(self._deliver) for _ in range(CLIENTS)]
            try:
                for victim, moment in zip(victims, moments, strict=True):
                    while self.delivered < moment and not any(client.done() for client in clients):
                        time.sleep(0.002)
                    self._kill(victim)
            finally:
                for client in clients:
                    client.result()

    def stop(self) -> None:
        self.follower.kill()
        self.follower.wait()

    def _kill(self, victim: str) -> None:
        time.sleep(self.chance.random() / 20)
        match victim:
            case "web worker":
                self.web.kill_worker(self.chance)
            case "follower":
                self.stop()
                self.follower = start_following(self.environment, log=self.web.folder / "follower.log")
            case "backend":
                self.postgresql.kill_backend()
            case "PostgreSQL":
                self._kill_postgresql()
        connection.close()  # ours is dead as well
        self.killed[victim] += 1

    def _kill_postgresql(self) -> None:
        self.postgresql.kill()
        with self.lock:
            before = set(self.acknowledged)
        self.postgresql.start()
        assert before <= stored(), "acknowledged, and lost with the server"

    def _deliver(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    return
                parcel = self.waiting.pop()
            answered = self._send(parcel)
            with self.lock:
                self.delivered += 1
                self.acknowledged |= parcel.message_ids
                self.created.update(answered)

    def _send(self, parcel: Parcel) -> list[str]:
        """As a client does, again and again; the message IDs it was told are new."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = self.web.post(parcel.path, parcel.body, authorization=parcel.authorization)
            except (OSError, HTTPException) as error:
                self.answers[type(error).__name__] += 1
                time.sleep(0.05)
                continue
            self.answers[str(answer.status)] += 1
            if answer.status in {200, 207}:
                return self._read(parcel, json.loads(answer.body))
            assert answer.status == 503, answer
            assert int(answer.headers["Retry-After"]) > 0
            time.sleep(0.1)
        raise TimeoutError(f"A batch was not taken in {PATIENCE} s: {self.answers}\n{self.web.log()[-2000:]}")

    def _read(self, parcel: Parcel, answer: dict[str, list[dict[str, str]]]) -> list[str]:
        if "items" not in answer:  # SDKs are told no details
            return []
        told = {item["message_id"]: item["status"] for item in answer["items"]}
        assert {message_id for message_id, status in told.items() if status == "rejected"} == parcel.refused
        assert told.keys() == parcel.message_ids | parcel.refused
        return [message_id for message_id, status in told.items() if status == "created"]


def stored() -> set[str]:
    return set(Touchpoint.objects.values_list("message_id", flat=True))


@pytest.mark.parametrize(
    ("seed", "parcels", "size", "victims"),
    [
        (11, 24, 12, {"web worker": 1, "follower": 1, "PostgreSQL": 1}),
        *(
            pytest.param(
                seed, 240, 50, {"web worker": 5, "PostgreSQL": 5, "backend": 2, "follower": 2}, marks=pytest.mark.prove
            )
            for seed in (1, 2, 3)
        ),
    ],
)
def test_it_loses_and_doubles_nothing(
    postgresql: OwnPostgreSQL,
    start_web: StartWeb,
    seed: int,
    parcels: int,
    size: int,
    victims: dict[str, int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    shop = open_shop(seed, people=size * 2)
    storm = Storm(start_web(), postgresql, shop.parcels(parcels, size=size), random.Random(seed))
    began = time.monotonic()
    try:
        in_turn = list(Counter(victims).elements())
        storm.chance.shuffle(in_turn)
        storm.run(in_turn)
    finally:
        storm.stop()
    seconds = time.monotonic() - began
    feed.catch_up()

    sent = set().union(*(parcel.message_ids for parcel in storm.parcels))
    refused = set().union(*(parcel.refused for parcel in storm.parcels))
    assert storm.acknowledged == sent
    assert stored() == sent
    assert Touchpoint.objects.count() == len(sent)
    assert max(storm.created.values()) == 1, "an answer twice told that it is new"
    assert sorted(RejectedTouchpoint.objects.values_list("message_id", flat=True)) == sorted(refused)
    assert_canonical()
    assert_whose()
    followed = results()
    assert all(followed.values())
    assert followed == rebuilt()
    with capsys.disabled():
        made = ", ".join(f"{len(rows):,} {name}" for name, rows in followed.items())
        print(  # noqa: T201
            f"\n  seed {seed}: {len(sent):,} touchpoints in {parcels} batches, each {TIMES} times by {CLIENTS} clients,"
            f" {seconds:.0f} s; killed: {_told(storm.killed)}; answers: {_told(storm.answers)}."
            f" Acknowledged = stored, none twice; {made} as a rebuild makes them"
        )


def open_shop(seed: int, *, people: int) -> Shop:
    """Journeys published, campaigns and a webhook active since yesterday, one source with a key."""
    brand = make_brand()
    for command in ("seed_vocabulary", "seed_journeys", "seed_surveys"):
        call_command(command)
    now = timezone.now()
    Campaign.objects.update(activated_at=now - timedelta(days=1))
    told = Webhook.objects.create(
        name="Desk", url="https://desk.example/", brand=brand, activated_at=now - timedelta(days=1)
    )
    told.types.set(TouchpointType.objects.filter(key__in=["order_placed", "case_opened"]))
    source = make_source(brand=brand, events_per_second=1_000_000)
    return Shop(make_write_key(source), seed, people, began_at=now - timedelta(hours=6))


def assert_whose() -> None:
    """Everybody's identifiers carry their number, and no two numbers are one person."""
    numbers: dict[int, set[str]] = {}
    for value, person in Identity.objects.exclude(kind="external_id").values_list("value", "customer__canonical"):
        numbers.setdefault(person, set()).add(value[1:].partition("@")[0])
    assert [them for them in numbers.values() if len(them) > 1] == []


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
