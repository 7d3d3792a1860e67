"""What clients are told while Valkey or PostgreSQL is away: 200 without the one, 503 in good time without the other."""

import json
import os
import signal
import statistics
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from tests.factories import make_source, make_write_key
from tests.fixtures.postgresql import OwnPostgreSQL, leading_to, own_postgresql
from tests.fixtures.valkey import OwnValkey
from tests.fixtures.web import Answer, WebServer
from tests.touchpoints.ingesting import URL, event
from touchpoints.models import Touchpoint

StartWeb = Callable[[], WebServer]
Outage = Callable[[OwnPostgreSQL], AbstractContextManager[None]]
# More than the server has threads, so that some wait in its queue.
CLIENTS = 12
IN_TIME_SECONDS = 5
NEARLY_AS_USUAL_MS = 50
SMALL_DISK_MB = 200
TIMES = 300


@dataclass
class Client:
    """Sends batches of its own; what it was told is stored, and how long each answer took."""

    web: WebServer
    key: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    acknowledged: set[str] = field(default_factory=set)

    def send(self, *, size: int = 20) -> Answer:
        ids = [f"m{next(self.numbers)}" for _ in range(size)]
        events = [event(message_id, customer={"user_id": f"u{message_id}"}) for message_id in ids]
        answer = self.web.post(
            URL, json.dumps({"touchpoints": events}).encode(), authorization=f"Bearer {self.key}", timeout=120
        )
        if answer.status == 200:
            self.acknowledged.update(ids)
        return answer

    def send_from_many(self, *, until: Callable[[list[Answer]], bool], longest: float = 90) -> list[Answer]:
        answers: list[Answer] = []
        end, done = time.monotonic() + longest, threading.Event()

        def work() -> None:
            while not done.is_set() and time.monotonic() < end:
                answers.append(self.send())
                if until(answers):
                    done.set()

        with ThreadPoolExecutor(CLIENTS) as threads:
            for future in [threads.submit(work) for _ in range(CLIENTS)]:
                future.result()
        return answers


@dataclass
class Report:
    outage: str
    refused: list[float]
    """Seconds until each 503."""
    back_after: float

    @property
    def slowest(self) -> float:
        return max(self.refused)

    def __str__(self) -> str:
        return (
            f"PostgreSQL, {self.outage}: {len(self.refused)} × 503 to {CLIENTS} clients, half of them within"
            f" {statistics.median(self.refused):.2f} s, the slowest after {self.slowest:.2f} s; only 200 again after"
            f" {self.back_after:.1f} s, same workers, all that was acknowledged is stored"
        )


@pytest.fixture
def client(valkey: OwnValkey, postgresql: OwnPostgreSQL, start_web: StartWeb) -> Client:
    key = make_write_key(make_source(events_per_second=1_000_000))
    return Client(start_web(), key)


@contextmanager
def down(server: OwnPostgreSQL) -> Iterator[None]:
    server.kill()
    yield
    server.start()


@contextmanager
def frozen(server: OwnPostgreSQL) -> Iterator[None]:
    with server.frozen():
        yield


@contextmanager
def disk_full(server: OwnPostgreSQL) -> Iterator[None]:
    ballast = server.data.parent / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(64 * 1024))
        except OSError:
            pass
    yield
    ballast.unlink()
    if not server.is_running():
        server.start()


def test_without_valkey_nobody_notices_and_without_postgresql_they_are_told(
    client: Client, valkey: OwnValkey, postgresql: OwnPostgreSQL
) -> None:
    """The short form: what is answered, not how soon."""
    with valkey.frozen():
        prove_outage(client, postgresql, frozen)
    prove_that_a_statement_under_way_is_given_up(postgresql)
    valkey.kill()
    prove_outage(client, postgresql, down)


def prove_that_a_statement_under_way_is_given_up(server: OwnPostgreSQL) -> None:
    freezer = threading.Timer(0.3, server.signal, [signal.SIGSTOP])
    freezer.start()
    try:
        with pytest.raises(OperationalError, match="does not answer"), connection.cursor() as cursor:
            cursor.execute("select pg_sleep(600)")
    finally:
        freezer.join()
        server.signal(signal.SIGCONT)
        connection.close()
        _wait_until_we_try_again()


def _wait_until_we_try_again() -> None:
    """This process was told of the silence as well, and rests."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with suppress(OperationalError):
            connection.ensure_connection()
            return
        time.sleep(0.1)


@pytest.mark.prove
@pytest.mark.parametrize("outage", [down, frozen])
def test_without_postgresql_they_hear_in_time_to_send_again(
    client: Client, postgresql: OwnPostgreSQL, outage: Outage, capsys: pytest.CaptureFixture[str]
) -> None:
    report = prove_outage(client, postgresql, outage)
    with capsys.disabled():
        print(f"\n  {report}")  # noqa: T201
    assert report.slowest < IN_TIME_SECONDS


@pytest.mark.prove
def test_with_a_full_disk_they_hear_in_time_to_send_again(
    transactional_db: None,
    small_disk: Path,
    start_web: StartWeb,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with own_postgresql(small_disk) as server, leading_to(server, monkeypatch):
        client = Client(start_web(), make_write_key(make_source(events_per_second=1_000_000)))
        report = prove_outage(client, server, disk_full)
        client.web.stop()
    with capsys.disabled():
        print(f"\n  {report}")  # noqa: T201
    assert report.slowest < IN_TIME_SECONDS


def all_is_well(answers: list[Answer]) -> bool:
    """From both workers: two dozen in a row."""
    return len(answers) >= 24 and all(it.status == 200 for it in answers[-24:])


def prove_outage(client: Client, server: OwnPostgreSQL, outage: Outage) -> Report:
    client.send_from_many(until=all_is_well)
    workers = sorted(client.web.workers())
    with outage(server):
        # The first are on old connections, the next make new ones.
        refused = client.send_from_many(until=lambda answers: sum(it.status == 503 for it in answers) >= 4 * CLIENTS)
        health = client.web.get("/health/")
    began = time.monotonic()
    after = client.send_from_many(until=all_is_well)
    seconds = time.monotonic() - began
    connection.close()

    statuses = Counter(it.status for it in refused)
    assert statuses[503] >= 4 * CLIENTS
    assert set(statuses) <= {503} | ({200} if outage is disk_full else set())
    assert all_is_well(after)
    assert {it.status for it in after} <= {200, 503}
    for it in [*refused, *after]:
        if it.status == 503:
            assert it.headers["Content-Type"] == "application/problem+json"
            assert int(it.headers["Retry-After"]) > 0
            assert json.loads(it.body)["code"] == "unavailable"
    assert health.status == 503 or outage is disk_full
    assert sorted(client.web.workers()) == workers, "the web server was restarted"
    assert set(Touchpoint.objects.values_list("message_id", flat=True)) >= client.acknowledged
    return Report(outage.__name__, [it.seconds for it in refused if it.status == 503], seconds)


@pytest.mark.prove
def test_without_valkey_they_are_answered_as_soon_as_ever(
    client: Client, valkey: OwnValkey, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = percentiles(client)
    with valkey.frozen():
        black_holed = percentiles(client)
        health = client.web.get("/health/")
    again = percentiles(client)
    valkey.kill()
    dead = percentiles(client)

    told = json.loads(health.body)
    assert (health.status, told["status"], told["broker"]) == (200, "degraded", "down")
    with capsys.disabled():
        print(  # noqa: T201
            f"\n  Valkey: p50 and p95 of {TIMES} batches in ms: usual {_told(usual)}, black-holed {_told(black_holed)},"
            f" usual {_told(again)}, dead {_told(dead)}; health told after {health.seconds:.1f} s"
        )
    assert health.seconds < IN_TIME_SECONDS
    assert max(black_holed[1], dead[1]) <= max(usual[1], again[1]) + NEARLY_AS_USUAL_MS


def percentiles(client: Client) -> tuple[float, float]:
    """p50 and p95 of answers that are all 200, in ms."""
    answers = [client.send() for _ in range(TIMES)]
    assert {answer.status for answer in answers} == {200}
    ordered = sorted(answer.seconds * 1000 for answer in answers)
    return ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_MB}m,mode=0755", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _told(times: tuple[float, float]) -> str:
    return " and ".join(f"{it:.0f}" for it in times)
