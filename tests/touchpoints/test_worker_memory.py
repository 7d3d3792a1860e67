"""A worker of the real server stays small, whatever bodies it is sent, by as many clients at once as it has threads."""

import base64
import gzip
import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.config.processes import comes_true
from tests.factories import make_source, make_write_key
from tests.fixtures.celery import PROJECT, environment
from touchpoints.decoding import MOST_COMMAS

THREADS = 8  # as in run.py
MOST_MEMORY = 250  # MB
MEGABYTE = 1024 * 1024
OWN, SDK = "/api/v1/touchpoints/batch", "/v1/batch"
# Each as large as it may be made: what is refused at once, what must be read, unpacked and parsed first.
BODIES = {
    "10 MB": b"x" * 10_000_000,
    "10 MB of lists": b"[" * 10_000_000,
    "2 MB of lists": b"[" * (2 * MEGABYTE),
    "9 MB of lists": b"[" * (9 * MEGABYTE - 1),
    "9 MB of short items": b'{"batch": [' + b"0," * (4 * MEGABYTE) + b"0]}",
    "9 MB of objects": b'{"batch": [' + b'{"a":[{},{}]},' * 620_000 + b"0]}",
    "9 MB in one event": b'{"batch": [{"type": "track", "properties": {"a": [' + b"{}," * (2 * MEGABYTE) + b"0]}}]}",
    "as many items as may be": b'{"batch": [' + b"0," * (MOST_COMMAS - 1) + b"0]}",
    "as many values as may be": b'{"batch": [[' + b"{}," * (MOST_COMMAS - 1) + b"0]]}",
    "as many objects as may be": b'{"touchpoints": [' + b"{}," * (MOST_COMMAS - 1) + b"{}]}",
    "as many objects and more": b'{"touchpoints": [' + b"{}," * (MOST_COMMAS - 1) + b"{]}",
    "2 MB of objects": b'{"touchpoints": [' + b"{}," * 690_000 + b"0]}",
}
BOMBS = {
    "1 GB of spaces": gzip.compress(b" " * (100 * MEGABYTE), 9) * 10,
    "9 MB of lists": gzip.compress(b"[" * (9 * MEGABYTE - 1), 9),
    "9 MB of objects": gzip.compress(b'{"batch": [' + b'{"a":[{},{}]},' * 620_000 + b"0]}", 9),
}


@dataclass
class Server:
    process: "subprocess.Popen[bytes]"
    port: int

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
        except (BrokenPipeError, ConnectionResetError):  # it answered before it had read everything
            return 413
        finally:
            connection.close()

    def peak(self) -> float:
        """MB that its only worker ever held."""
        (worker,) = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())
        assert found
        return int(found[1]) / 1024


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--threads={THREADS}", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--log-level=error"], cwd=PROJECT, env=environment() | {"LOG_LEVEL": "ERROR"})

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        assert comes_true(answers, seconds=60)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(30)


def test_large_bodies_and_bombs_leave_it_small(server: Server):
    key = make_write_key(make_source(events_per_second=100_000_000))
    own = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    sdk = {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(), "Content-Type": "text/plain"}
    packed = {"Content-Encoding": "gzip"}
    requests = [
        *((OWN, body, own) for body in BODIES.values()),
        *((SDK, body, sdk) for body in BODIES.values()),
        *((OWN, body, own | packed) for body in BOMBS.values()),
        *((SDK, body, sdk) for body in BOMBS.values()),
    ]
    assert server.post(OWN, b'{"touchpoints": []}', own) == 200
    before = server.peak()
    with ThreadPoolExecutor(THREADS) as clients:
        for request in requests:
            answers = set(clients.map(lambda it: server.post(*it), [request] * THREADS))
            print(f"{request[0]} {request[1][:16]!r} {len(request[1]):,} bytes: {answers}, peak {server.peak():.0f} MB")
            assert answers <= {200, 400, 413, 422}, request[1][:40]
    assert server.post(OWN, b'{"touchpoints": []}', own) == 200
    print(f"worker: {before:.0f} MB before, {server.peak():.0f} MB at most")
    assert server.peak() < MOST_MEMORY
