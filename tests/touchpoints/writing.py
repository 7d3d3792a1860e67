"""Writes touchpoints and customer changes over plain connections, as badly behaved programs do."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import psycopg
from django.db import connection as our_connection

from tests.factories import make_customer, make_source, make_type

Connection = psycopg.Connection[tuple[int]]
_numbers = count(1)

TOUCHPOINT = """
insert into touchpoints_touchpoint (source_id, message_id, customer_id, type_id, occurred_at, subject, currency,
  session_id, referrer, place, actor, acquisition_channel, replaces, properties, fingerprint)
select %(source)s, %(message)s || number, %(customer)s, %(type)s, now(), '', '', '', '', '', 'system', '', '', '{}', 0
from generate_series(1, %(rows)s) number
returning id
"""
CHANGE = "insert into customers_customerchange (kind, customer_pk) values ('erased', 1)"


@dataclass(frozen=True)
class Writer:
    source: int
    customer: int
    type: int

    def insert(self, connection: Connection, *, rows: int = 1) -> list[int]:
        values = {**self.__dict__, "message": f"{next(_numbers)}-", "rows": rows}
        return [id for (id,) in connection.execute(TOUCHPOINT, values)]

    def write_at_random(self, connection: Connection, *, seed: int, transactions: int) -> None:
        """Long, nested and rolled-back transactions, with pauses between drawing ids and committing."""
        chance = random.Random(seed)  # noqa: S311
        for _ in range(transactions):
            with connection.transaction(force_rollback=chance.random() < 0.2):
                for _ in range(chance.randint(1, 3)):
                    with connection.transaction(force_rollback=chance.random() < 0.3):
                        self.insert(connection, rows=chance.randint(1, 4))
                        connection.execute(CHANGE)
                        connection.execute("select pg_sleep(%s)", [chance.random() ** 3 * 0.06])


def make_writer() -> Writer:
    return Writer(source=make_source().pk, customer=make_customer().pk, type=make_type().pk)


def logged(kind: str) -> list[int]:
    with our_connection.cursor() as cursor:
        cursor.execute("select id from feed_log where kind = %s order by id", [kind])
        return [id for (id,) in cursor.fetchall()]


def again_and_again(read: Callable[[], object], *, until: threading.Event) -> None:
    try:
        while not until.is_set():
            read()
            time.sleep(0.002)
    finally:
        our_connection.close()
