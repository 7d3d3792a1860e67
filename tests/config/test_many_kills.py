"""The long proof: whatever is killed whenever, nothing is left running and no acknowledged row is lost."""

import os
import random
import signal
import sys
import time
from pathlib import Path

import psycopg
import pytest

from config.embedded import own_servers
from tests.config.processes import comes_true, end, pid_of, pids_of, said, start_shell
from tests.config.test_run import _listens, port, read_until, start

__all__ = ["port"]
pytestmark = pytest.mark.prove
chance = random.Random(18)  # noqa: S311
VICTIMS = ("config.embedded.keeper", "bin/postgres", "valkey", "walwriter", "checkpointer", "shell")


@pytest.mark.parametrize("round_", range(5))
def test_servers_survive_many_kills(folder: Path, round_: int) -> None:
    acknowledged: list[int] = []
    for victim in chance.sample(VICTIMS, k=len(VICTIMS)):
        shells = [start_shell(folder) for _ in range(2)]
        assert [said(shell) for shell in shells] == ["ready", "ready"]
        with own_servers(folder) as servers:
            _write(servers.database_url, acknowledged)
            if victim == "shell":
                shells[0].kill()
            else:
                os.kill(pid_of(folder, word=victim), signal.SIGKILL)
            for shell in shells:
                end(shell)
        assert comes_true(lambda: not pids_of(folder), seconds=20), (victim, pids_of(folder))
    with own_servers(folder) as servers, psycopg.connect(servers.database_url) as connection:
        assert [row[0] for row in connection.execute("select n from ledger order by n")] == acknowledged


def _write(database_url: str, acknowledged: list[int]) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("create table if not exists ledger (n integer)")
        for _ in range(chance.randrange(1, 200)):
            connection.execute("insert into ledger values (%s)", [len(acknowledged)])
            acknowledged.append(len(acknowledged))


@pytest.mark.parametrize("seconds", [0.3, 1, 2, 3, 4, 5, 6, 8])
def test_a_run_killed_at_any_moment_leaves_nothing(tmp_path: Path, port: int, seconds: float) -> None:  # noqa: F811
    for number in (signal.SIGKILL, signal.SIGTERM):
        process = start(tmp_path, port=port)
        time.sleep(seconds)
        process.send_signal(number)
        process.communicate(timeout=60)
        assert comes_true(lambda: not pids_of(tmp_path) and not _listens(port)), pids_of(tmp_path)
    process = start(tmp_path, port=port)
    read_until(process, "ready:")
    process.kill()
    process.communicate()
    assert comes_true(lambda: not pids_of(tmp_path) and not _listens(port)), pids_of(tmp_path)


def test_a_killed_make_ends_all_of_it(tmp_path: Path, port: int) -> None:  # noqa: F811
    make = start(tmp_path, port=port, program=["/bin/sh", "-c", f"MAKELEVEL=1 {sys.executable} run.py; exit"])
    read_until(make, "ready:")
    make.kill()
    make.communicate(timeout=60)
    assert comes_true(lambda: not pids_of(tmp_path) and not _listens(port)), pids_of(tmp_path)
