"""Eight clients, with pages and the API, and the followers at work on the same few people: no deadlock, nothing lost,
one truth at the end.

Deadlocks are counted by the server, so none can hide behind a retry.
"""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection

from tests.customers.clients import Client, figures_of_the_server, make_clients
from tests.customers.graph import assert_canonical
from touchpoints import feed
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8


@pytest.mark.parametrize(
    ("steps", "people"),
    [(320, 5), *(pytest.param(10_000, people, marks=pytest.mark.prove) for people in (5, 40))],
)
def test_it_never_deadlocks_and_loses_nothing(steps: int, people: int, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("seed_vocabulary")
    clients = make_clients(CLIENTS, seed=people, people=people)
    before, begin = figures_of_the_server(), time.monotonic()
    done = threading.Event()
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        following = threads.submit(_follow, until=done)
        working = [threads.submit(_work, client, steps // CLIENTS) for client in clients]
        try:
            for future in working:
                future.result()
        finally:
            done.set()
        following.result()
    seconds = time.monotonic() - begin
    figures = figures_of_the_server() - before

    verbs = sum((client.done for client in clients), Counter[str]())
    with capsys.disabled():
        told = ", ".join(f"{verb} {count:,}" for verb, count in verbs.most_common())
        print(  # noqa: T201
            f"\n  {verbs.total():,} steps of {CLIENTS} clients on {people} people in {seconds:.0f} s ({told}):"
            f" {figures['deadlocks']} deadlocks, {figures['rollbacks']} transactions begun again"
        )
    assert figures["deadlocks"] == 0
    assert verbs.total() == steps
    sent = sorted(message_id for client in clients for message_id in client.sent)
    assert sorted(Touchpoint.objects.values_list("message_id", flat=True)) == sent
    assert_canonical()


def _work(client: Client, steps: int) -> None:
    try:
        client.work(steps)
    finally:
        connection.close()


def _follow(*, until: threading.Event) -> None:
    try:
        while not until.is_set():
            for follower in feed.followers():
                feed.run_follower(follower.name)
            time.sleep(0.05)
    finally:
        connection.close()
