"""Whose the touchpoints of a batch are: resolved and stored by one writer, by eight, and beside a bare INSERT.

Every batch of 500 events names 400 people seen before and 100 new ones, each by user ID and device. The bare INSERT
writes the customers and identities of the new ones and looks for nobody.
"""

import itertools
import random
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.figures import print_figure
from customers.actions import identify
from customers.claims import LostRaceError, ask_claims, read_claims
from customers.holding import hold_people
from customers.identity import Identifier

BARE = (Path(__file__).parent / "identities_insert.sql").read_text()
EVENTS, KNOWN, WRITERS, BATCHES, ROUNDS = 500, 400, 8, 40, 3
PEOPLE = 20_000
Event = list[Identifier]
_run, _numbers = time.time_ns(), itertools.count()
_lost = itertools.count()


def run() -> None:
    people = [_somebody() for _ in range(PEOPLE)]
    for number in range(0, PEOPLE, EVENTS):
        _resolve(people[number : number + EVENTS])
    with connection.cursor() as cursor:
        cursor.execute("analyze customers_customer, customers_identity")
    chance = random.Random(7)  # noqa: S311
    batches = lambda: [_batch(chance, people) for _ in range(BATCHES)]  # noqa: E731
    print_figure("identities.statements", max(_statements(size, chance, people) for size in (10, EVENTS)), "per batch")
    rates: dict[str, list[float]] = {"bare": [], "one": [], "eight": []}
    for _round in range(ROUNDS):
        rates["bare"].append(_rate(_insert, batches(), writers=1))
        rates["one"].append(_rate(_resolve, batches(), writers=1))
        rates["eight"].append(_rate(_resolve, batches(), writers=WRITERS))
    bare, one, eight = (statistics.median(them) for them in rates.values())
    print_figure("identities.one_writer", one, "events/s", other=("bare insert", bare))
    print_figure("identities.eight_writers", eight, "events/s", other=("one writer", one))
    print_figure("identities.eight_writers.of_bare", eight, "events/s", other=("bare insert", bare))
    print_figure("identities.races_lost", next(_lost), "batches begun again")


def _somebody() -> Event:
    number = f"{_run}-{next(_numbers)}"
    return [Identifier("user_id", f"bench-{number}"), Identifier("anonymous_id", f"bench-device-{number}")]


def _batch(chance: random.Random, people: Sequence[Event]) -> list[Event]:
    events = chance.sample(people, KNOWN) + [_somebody() for _ in range(EVENTS - KNOWN)]
    chance.shuffle(events)
    return events


def _statements(size: int, chance: random.Random, people: Sequence[Event]) -> int:
    """Of a batch in which also a tenth are visitors who log in, so that people are merged."""
    visitors = [_somebody()[1:] for _ in range(size // 10)]
    _resolve(visitors)
    logins = [
        [user, device] for (user, _own), (device,) in zip(chance.sample(people, len(visitors)), visitors, strict=True)
    ]
    with CaptureQueriesContext(connection) as queries:
        _resolve(logins + _batch(chance, people)[: size - len(logins)])
    return sum("customers_" in it["sql"] or "hold_people" in it["sql"] for it in queries)


def _resolve(events: Sequence[Event]) -> None:
    """As touchpoints.actions.ingest_batch does, without the touchpoints."""
    hold: frozenset[int] = frozenset()
    while True:
        try:
            with transaction.atomic():
                held = hold_people(hold) if hold else {}
                claims = read_claims(ask_claims(sorted({it for event in events for it in event})))
                identify(events=events, claims=claims, is_verified=True, held=held)
                return
        except LostRaceError as lost:
            hold = lost.records
            next(_lost)


def _insert(events: Sequence[Event]) -> None:
    """The same number of new rows, and no question asked."""
    new = [_somebody() for _ in range(len(events) - KNOWN)]
    rows = [{"person": number, "kind": it.kind, "value": it.value} for number, event in enumerate(new) for it in event]
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"people": len(new), "rows": msgspec.json.encode(rows).decode()})


def _rate(write: Callable[[Sequence[Event]], None], batches: Sequence[Sequence[Event]], *, writers: int) -> float:
    def work(mine: Sequence[Sequence[Event]]) -> None:
        try:
            for events in mine:
                write(events)
        finally:
            connection.close()

    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as threads:
        for done in [threads.submit(work, batches[number::writers]) for number in range(writers)]:
            done.result()
    return len(batches) * EVENTS / (time.perf_counter() - began)
