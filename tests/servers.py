"""Throwaway PostgreSQL and Valkey for one test run; pytest-xdist's workers inherit their addresses.

A plugin and not a conftest.py, because pytest-django imports the settings before any conftest.py.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.embedded import EmbeddedServersError, own_servers
from tests.translations import compile_stale

VAR = Path(__file__).resolve().parent.parent / "var"
A_DAY = 24 * 3600
_until_the_end = ExitStack()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "1")  # development secrets; pytest-django turns DEBUG off again
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_stale(VAR.parent / "locale")
    (VAR / "static").mkdir(parents=True, exist_ok=True)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _use_a_broker_of_its_own(os.environ["PYTEST_XDIST_WORKER"])
    elif "DATABASE_URL" not in os.environ and "REDIS_URL" not in os.environ:
        _start()
    return (yield)


def pytest_unconfigure() -> None:
    _until_the_end.close()


def _start() -> None:
    for old in VAR.glob("test-*"):  # whose keeper was killed
        if time.time() - old.stat().st_mtime > A_DAY:
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=VAR))
    try:
        servers = _until_the_end.enter_context(own_servers(folder, is_throwaway=True))
    except EmbeddedServersError as error:
        raise pytest.UsageError(str(error)) from None
    servers.enter_environment()


def _use_a_broker_of_its_own(worker: str) -> None:
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] += f"?virtual_host={number}"
