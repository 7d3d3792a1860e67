"""Six SDKs, unmodified, make the same visit against the real server over HTTP.

Each is told 429, then 503, then loses its first success on the way: all that makes it send again.
"""

import functools
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from customers.models import Customer, Identity, Membership
from tests.sdks.installing import FOLDER, node_sdks, python_sdks
from tests.sdks.relay import Relay, relay_to
from tests.touchpoints.conftest import Connect
from tests.touchpoints.sdk_sending import Sdk, assert_taken
from touchpoints.actions import seed_vocabulary
from touchpoints.api import writers
from touchpoints.feed import catch_up
from touchpoints.models import RejectedTouchpoint, Source, Subject, Touchpoint, TouchpointType
from touchpoints.segment.wire import GZIP_MAGIC

HERE = Path(__file__).resolve().parent.parent / "sdks"
# So few touchpoints per second that the first tries are too fast.
SLOW = 3
# However slow the machine is; it ends as soon as everything has arrived.
MOST_SECONDS = 60
TYPES = {
    "page_viewed", "product_viewed", "identified", "order_placed", "company_joined", "screen_viewed", "Tea Drunk",
}  # fmt: skip
Start = Callable[["Visit"], None]


@dataclass
class Visit:
    """One SDK, with a source and a relay of its own."""

    name: str
    sdk: Sdk
    relay: Relay
    process: "subprocess.Popen[bytes] | None" = None
    calls: set[str] = field(default_factory=lambda: set(TYPES))

    def has_met(self, status: int) -> bool:
        return status in self.relay.statuses()

    def use_up_its_rate(self) -> None:
        with suppress(writers.TooFastError):
            while True:
                writers.take_from_rate(self.sdk.source, count=1)

    def touchpoints(self) -> Any:
        return Touchpoint.objects.filter(source=self.sdk.source)

    def has_arrived(self) -> bool:
        # Two identified: by identify and by alias.
        return self.relay.has_lost and self.touchpoints().count() >= len(self.calls) + 1


@pytest.fixture
def locked(connect: Connect) -> Iterator[Callable[[], None]]:
    """The table is locked, and the server waits for no lock: it answers 503 until this is called."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"alter database {name} set lock_timeout = '200ms'")
    other = connect()
    other.execute("lock table touchpoints_touchpoint in access exclusive mode")
    yield other.rollback
    other.rollback()
    with connection.cursor() as cursor:
        cursor.execute(f"alter database {name} reset lock_timeout")


@pytest.fixture
def pages() -> Iterator[str]:
    """A site of another origin that carries the browser SDKs."""

    class Quiet(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            folder = FOLDER / "node" if path.startswith("/node_modules/") else HERE
            return str(folder / path.partition("?")[0].lstrip("/"))

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(live_server: LiveServer, locked: Callable[[], None]) -> Iterator[Callable[..., list[Visit]]]:
    """Makes visits at the same time, and sees every one through its troubles."""
    seed_vocabulary()
    with ExitStack() as stack:

        def visit(starts: dict[str, Start], *, kind: str, wait: Callable[[float], None] = time.sleep) -> list[Visit]:
            address = (live_server.thread.host, live_server.thread.port)
            visits = []
            for name, start in starts.items():
                sdk = Sdk.new(kind=kind, events_per_second=SLOW)
                made = Visit(name, sdk, stack.enter_context(relay_to(address)))
                made.use_up_its_rate()
                start(made)
                visits.append(made)
                if made.process:
                    stack.callback(functools.partial(_end, made.process))
            _until(lambda: all(it.has_met(429) or it.use_up_its_rate() for it in visits), wait, visits)
            Source.objects.update(events_per_second=1_000_000)
            writers._api_keys.clear()
            _until(lambda: all(it.has_met(503) for it in visits), wait, visits)
            locked()
            _until(lambda: all(it.has_arrived() for it in visits), wait, visits)
            for it in visits:
                if it.process:
                    assert it.process.wait(MOST_SECONDS) == 0
            return visits

        yield visit


def test_python_sdks_deliver_every_event(visit):
    folder = python_sdks()

    def start(it: Visit) -> None:
        command = [sys.executable, "-P", str(HERE / "visit.py"), it.name.partition("-")[0], it.relay.url, it.sdk.key]
        it.process = subprocess.Popen([*command, it.name], env={"PYTHONPATH": str(folder)})

    for it in visit({"segment-python": start, "rudderstack-python": start}, kind="server"):
        assert {passed.body[:2] for passed in it.relay.passed} == {GZIP_MAGIC}
        _assert_server_visit(it)
        _assert_repeats_add_nothing(it)


def test_node_sdks_deliver_every_event(visit):
    folder = node_sdks()

    def start(it: Visit) -> None:
        command = ["node", str(HERE / "visit.mjs"), it.name.partition("-")[0], str(folder), it.relay.url, it.sdk.key]
        it.process = subprocess.Popen([*command, it.name])

    for it in visit({"segment-node": start, "rudderstack-node": start}, kind="server"):
        _assert_server_visit(it)
        _assert_repeats_add_nothing(it)


@pytest.mark.browser
def test_browser_sdks_deliver_every_event(visit, pages, browser: Browser):
    node_sdks()
    with ExitStack() as stack:
        opened = []

        def start(it: Visit) -> None:
            context = stack.enter_context(browser.new_context())
            page = context.new_page()
            opened.append(page)
            file = it.name.partition("-")[0]
            page.goto(f"{pages}/{file}.html?name={it.name}&key={it.sdk.key}&host={it.relay.url}")
            if file == "rudderstack":
                it.calls.remove("screen_viewed")  # it has no screen()

        def wait(seconds: float) -> None:
            opened[0].wait_for_timeout(seconds * 1000)

        visits = visit({"segment-browser": start, "rudderstack-browser": start}, kind="browser", wait=wait)
    for it in visits:
        _assert_browser_visit(it)
        _assert_repeats_add_nothing(it)


def _assert_server_visit(it: Visit) -> None:
    person = _assert_visit(it)
    assert Identity.objects.get(kind="email", value=f"{it.name}@example.org").is_trusted
    assert person.given_name == "Anna"
    membership = Membership.objects.get(person=person)
    assert (membership.company.kind, membership.company.company_name) == ("company", f"{it.name} GmbH")
    order = Subject.objects.get(key=f"{it.name}-1")
    assert (order.kind, order.state, order.value, order.currency) == ("order", "placed", Decimal("59.90"), "EUR")
    assert [line["sku"] for line in order.lines] == ["A-1"]
    assert order.customer == person


def _assert_browser_visit(it: Visit) -> None:
    person = _assert_visit(it)
    assert not Identity.objects.get(kind="email", value=f"{it.name}@example.org").is_trusted
    assert set(it.touchpoints().values_list("channel__key", flat=True)) <= {"web", "app", "system"}
    # A browser's word makes no order and no member.
    assert not Subject.objects.filter(key=f"{it.name}-1").exists()
    assert not Membership.objects.filter(person=person).exists()


def _assert_visit(it: Visit) -> Customer:
    catch_up()
    assert {429, 503, 200} == set(it.relay.statuses())
    assert set(it.touchpoints().values_list("type__key", flat=True)) == it.calls
    assert it.touchpoints().count() == len(it.calls) + 1
    assert not RejectedTouchpoint.objects.filter(source=it.sdk.source).exists()
    assert set(TouchpointType.objects.filter(state="new").values_list("key", flat=True)) == {"Tea Drunk"}
    person = Identity.objects.get(kind="user_id", value=it.name).customer.canonical
    assert person
    devices = Identity.objects.filter(kind="anonymous_id", customer__canonical=person)
    assert devices.count() == 2
    assert devices.filter(value=f"{it.name}-old-device").exists()
    assert it.touchpoints().exclude(customer__canonical=person).count() == 0
    return person


def _assert_repeats_add_nothing(it: Visit) -> None:
    def counts() -> list[int]:
        return [model.objects.count() for model in (Touchpoint, Customer, Identity, RejectedTouchpoint, Membership)]

    before = counts()
    for passed in it.relay.passed:
        headers = {name: value for name, value in passed.headers.items() if name.lower() != "content-type"}
        assert_taken(Client().post(passed.path, passed.body, content_type="text/plain", headers=headers))
    assert counts() == before


def _until(is_done: Callable[[], bool], wait: Callable[[float], None], visits: list[Visit]) -> None:
    end = time.monotonic() + MOST_SECONDS
    while not is_done():
        assert time.monotonic() < end, {it.name: str(Counter(it.relay.statuses())) for it in visits}
        wait(0.1)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
