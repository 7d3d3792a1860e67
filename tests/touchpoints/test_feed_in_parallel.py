"""Real connections in parallel: nothing is skipped, nothing is given twice, and a naive reader fails at it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.db import connection

from customers.models import CustomerChange
from tests.touchpoints.conftest import Connect
from tests.touchpoints.writing import Connection, Writer, again_and_again, logged, make_writer
from touchpoints import feed
from touchpoints.models import FollowerPosition, Touchpoint

WRITERS = 10


@dataclass
class Naive:
    """The control: reads whatever is committed after the greatest id it has seen."""

    ids: list[int] = field(default_factory=list)

    def read(self) -> None:
        after = self.ids[-1] if self.ids else 0
        self.ids += Touchpoint.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)


@pytest.mark.parametrize(
    ("seed", "transactions"),
    [(20_261, 25), *(pytest.param(seed, 250, marks=pytest.mark.prove) for seed in (1, 2, 3))],
)
def test_it_gives_everything_once_while_writers_misbehave(
    logging_follower: str, connect: Connect, seed: int, transactions: int
) -> None:
    writer, done, naive = make_writer(), threading.Event(), Naive()
    connections = [connect() for _ in range(WRITERS)]
    readings = [partial(feed.run_follower, logging_follower), partial(feed.run_follower, logging_follower), naive.read]
    with ThreadPoolExecutor() as threads:
        readers = [threads.submit(again_and_again, reading, until=done) for reading in readings]
        writers = [
            threads.submit(writer.write_at_random, one, seed=seed * WRITERS + number, transactions=transactions)
            for number, one in enumerate(connections)
        ]
        killed = threads.submit(_write_and_be_killed, writer, connect(), connect())
        for future in [*writers, killed]:
            future.result()
        done.set()
        for reader in readers:
            reader.result()
    feed.catch_up()
    naive.read()

    stored = list(Touchpoint.objects.order_by("id").values_list("id", flat=True))
    assert len(stored) > WRITERS * transactions
    assert logged("touchpoint") == stored
    assert logged("change") == list(CustomerChange.objects.order_by("id").values_list("id", flat=True))
    assert naive.ids != stored, "the control lost nothing, so this run proved nothing"
    assert FollowerPosition.objects.get(name=logging_follower).touchpoint_id >= stored[-1]


def test_it_gives_everything_once_when_the_follower_is_killed(logging_follower: str, connect: Connect) -> None:
    """A backend killed between applying and committing has applied nothing, and its position stands."""
    writer, killer = make_writer(), connect()
    ids = writer.insert(killer, rows=20)
    killer.commit()
    follower = feed._followers[logging_follower]

    def apply_and_die(batch: feed.Batch) -> None:
        follower.apply(batch)
        killer.execute("select pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])

    feed._followers[logging_follower] = feed.Follower(logging_follower, apply_and_die, batch_limit=7)
    with pytest.raises(Exception, match="terminating connection|connection"):
        feed.run_follower(logging_follower)
    connection.close()
    feed._followers[logging_follower] = follower

    assert logged("touchpoint") == []
    feed.catch_up()
    assert logged("touchpoint") == ids


def test_it_leaves_a_busy_follower_to_its_process(logging_follower: str, connect: Connect) -> None:
    other = connect()
    feed.catch_up()
    (id,) = make_writer().insert(other)
    other.commit()
    other.execute("select * from touchpoints_followerposition where name = %s for update", [logging_follower])

    assert feed.run_follower(logging_follower, skip_busy=True) == 0
    other.rollback()
    assert feed.run_follower(logging_follower, skip_busy=True) == 1
    assert logged("touchpoint") == [id]


def _write_and_be_killed(writer: Writer, victim: Connection, killer: Connection) -> None:
    time.sleep(0.2)
    writer.insert(victim, rows=3)
    time.sleep(0.1)
    killer.execute("select pg_terminate_backend(%s, 5000)", [victim.info.backend_pid])
