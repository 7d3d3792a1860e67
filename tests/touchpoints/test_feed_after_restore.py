"""A dump taken while ten writers are at it, restored into a new cluster whose transaction ids start lower, again and
again: the positions still hold, and every follower goes on where it was."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Max

from customers.models import CustomerChange
from tests.fixtures.postgresql import leading_to, own_postgresql
from tests.touchpoints.conftest import Connect
from tests.touchpoints.writing import Writer, again_and_again, logged, make_writer
from touchpoints import feed
from touchpoints.models import FollowerPosition, Touchpoint

WRITERS = 10


@pytest.mark.parametrize(
    ("seed", "clusters", "transactions"),
    [(7, 1, 4), *(pytest.param(seed, 3, 60, marks=pytest.mark.prove) for seed in (1, 2))],
)
def test_it_goes_on_where_it_was(
    logging_follower: str,
    connect: Connect,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    clusters: int,
    transactions: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    writer, seeds, told = make_writer(), count(seed * 1000), list[str]()
    with ExitStack() as restored:
        for number in range(clusters):
            with at_work(writer, connect, logging_follower, transactions=transactions, seeds=seeds):
                server = restored.enter_context(own_postgresql(tmp_path / str(number)))  # takes the dump
            before = transaction_id()
            restored.enter_context(leading_to(server, monkeypatch))
            assert transaction_id() < before
            waiting = newest_touchpoint() - FollowerPosition.objects.get(name=logging_follower).touchpoint_id
            told.append(f"transaction {before:,} → {transaction_id():,}, up to {waiting} touchpoints not yet followed")
        with at_work(writer, connect, logging_follower, transactions=transactions, seeds=seeds):
            pass
        feed.catch_up()

        stored = list(Touchpoint.objects.order_by("id").values_list("id", flat=True))
        changes = list(CustomerChange.objects.order_by("id").values_list("id", flat=True))
        assert len(stored) > WRITERS * transactions
        assert logged("touchpoint") == stored
        assert logged("change") == changes
    with capsys.disabled():
        print(  # noqa: T201
            f"\n  seed {seed}: {len(stored):,} touchpoints and {len(changes):,} changes of {WRITERS} writers over"
            f" {clusters} restores ({'; '.join(told)}): each followed once"
        )


@contextmanager
def at_work(
    writer: Writer, connect: Connect, follower: str, *, transactions: int, seeds: Iterator[int]
) -> Iterator[None]:
    """While the block runs, and until everybody has done as many transactions at least."""
    done, stopped = threading.Event(), threading.Event()
    connections = [connect() for _ in range(WRITERS)]
    with ThreadPoolExecutor() as threads:
        readers = [
            threads.submit(again_and_again, partial(feed.run_follower, follower), until=stopped) for _ in range(2)
        ]
        writers = [
            threads.submit(write, writer, one, until=done, transactions=transactions, seeds=seeds)
            for one in connections
        ]
        time.sleep(0.2)
        try:
            yield
        finally:
            done.set()
            for future in writers:
                future.result()
            stopped.set()
            for future in readers:
                future.result()
    for one in connections:
        one.close()


def write(writer: Writer, one: object, *, until: threading.Event, transactions: int, seeds: Iterator[int]) -> None:
    writer.write_at_random(one, seed=next(seeds), transactions=transactions)
    while not until.is_set():
        writer.write_at_random(one, seed=next(seeds), transactions=1)


def newest_touchpoint() -> int:
    return Touchpoint.objects.aggregate(newest=Max("id"))["newest"] or 0


def transaction_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])
