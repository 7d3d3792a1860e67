"""Ingest with two server workers, driven by another process, beside a bare view with one INSERT per batch."""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from accounts.actions import issue_api_key
from accounts.models import Brand, Scope
from benchmarks.figures import print_figure
from customers.actions import identify
from customers.claims import ask_claims, read_claims
from customers.identity import Identifier
from touchpoints.models import Source, WriteKey

PATHS = {"ours": "/api/v1/touchpoints/batch", "bare": "/bare"}
BATCHES = {1: 1_000, 100: 200, 500: 60}
ROUNDS = 3
CUSTOMERS = 5_000
GUNICORN = [sys.executable, "-m", "gunicorn", "benchmarks.bare:application", "--workers=2", "--threads=4"]


def run() -> None:
    asked = {"key": make_key(), "customers": make_customers()}
    connection.close()
    with server() as (process, port):
        drive(asked | {"path": PATHS["ours"], "size": 100, "batches": 20, "port": port})
        for size, batches in BATCHES.items():
            asked |= {"size": size, "batches": batches, "port": port}
            measured: dict[str, list[dict[str, Any]]] = {"ours": [], "bare": []}
            for _round in range(ROUNDS):
                for name, path in PATHS.items():
                    measured[name].append(drive(asked | {"path": path}))
            _print(size, measured)
        print_figure("ingest.worker_memory", max(_memory(process.pid)), "MB")


def _print(size: int, measured: dict[str, list[dict[str, Any]]]) -> None:
    ours, bare = (
        statistics.median(size * len(it["milliseconds"]) / it["seconds"] for it in measured[name]) for name in PATHS
    )
    is_goal = size > 1
    print_figure(f"ingest.batch_{size}", ours, "touchpoints/s", other=("bare", bare), goal=12_000 if is_goal else None)
    print_figure(f"ingest.batch_{size}.of_bare", 100 * ours / bare, "%", goal=50 if is_goal else None)
    times = sorted(milliseconds for it in measured["ours"] for milliseconds in it["milliseconds"])
    for percent in (50, 95, 99):
        print_figure(f"ingest.batch_{size}.p{percent}", times[len(times) * percent // 100], "ms")


def make_key() -> str:
    source, _is_new = Source.objects.update_or_create(
        key="bench_ingest",
        defaults={"name": "Benchmark", "brand": Brand.objects.default(), "events_per_second": 100_000_000},
    )
    api_key, key = issue_api_key(name="Benchmark", scopes=[Scope.TOUCHPOINTS_WRITE])
    WriteKey.objects.create(source=source, api_key=api_key)
    return key


def make_customers() -> list[int]:
    names = [f"bench-{number}" for number in range(CUSTOMERS)]
    events = [[Identifier("user_id", name), Identifier("anonymous_id", f"device-{name}")] for name in names]
    identifiers = sorted(identifier for event in events for identifier in event)
    return identify(events=events, claims=read_claims(ask_claims(identifiers)), is_verified=True)


@contextmanager
def server() -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"BEHIND_PROXY": "1"}
    process = subprocess.Popen([*GUNICORN, f"--bind=127.0.0.1:{port}", "--log-level=warning"], env=environment)
    try:
        _wait_for(port)
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _try in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not start.")


def drive(asked: dict[str, Any]) -> dict[str, Any]:
    driver = [sys.executable, "-m", "benchmarks.ingest_driver"]
    answer = subprocess.run(driver, input=json.dumps(asked), capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(answer.stdout)
    return measured


def _memory(parent: int) -> list[float]:
    """Of each worker, in MB."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    found = [re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in children]
    return [int(match.group(1)) / 1024 for match in found if match]
