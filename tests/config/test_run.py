"""`run.py` with everything real: web, worker, beat, mailbox and servers of its own."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from config.embedded import holding
from config.embedded.sockets import database_url
from tests.config.processes import comes_true, pids_of

Process = subprocess.Popen[str]
PROGRAM = (sys.executable, "run.py")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def started(tmp_path: Path) -> Iterator[list[Process]]:
    processes: list[Process] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()
    assert comes_true(lambda: not pids_of(tmp_path)), pids_of(tmp_path)


def start(var: Path, *, port: int, program: Sequence[str] = PROGRAM, **environment: str) -> Process:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DEMO", "EMAIL_HOST", "EMAIL_PORT", "SITE_URL", "MAKELEVEL"}
    }
    return subprocess.Popen(
        program,
        cwd=holding.PROJECT,
        env={**inherited, "VAR_DIR": str(var), "PORT": str(port), "DEMO": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def read_until(process: Process, text: str) -> str:
    assert process.stdout
    lines = []
    too_long = threading.Timer(120, process.kill)
    too_long.start()
    try:
        while text not in (line := process.stdout.readline()):
            lines.append(line)
            assert line, "".join(lines)
    finally:
        too_long.cancel()
    return line


def answer(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/admin/login/", timeout=20) as page:
            return int(page.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_it_runs_everything_and_a_kill_leaves_nothing(tmp_path: Path, port: int, started: list[Process]) -> None:
    first = start(tmp_path, port=port)
    started.append(first)
    assert "Kundenpfad is ready" in read_until(first, "ready:")
    assert answer(port) == 200
    with psycopg.connect(database_url(tmp_path / "servers"), autocommit=True) as connection:
        connection.execute("create table kept (note text)")
    first.kill()
    first.communicate()
    assert comes_true(lambda: not pids_of(tmp_path) and not _listens(port), seconds=5)

    second = start(tmp_path, port=port)
    started.append(second)
    read_until(second, "ready:")
    with psycopg.connect(database_url(tmp_path / "servers")) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (0,)
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert comes_true(lambda: not pids_of(tmp_path))


def test_it_keeps_mails_as_files(tmp_path: Path, port: int, started: list[Process]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mail_port = int(probe.getsockname()[1])
    process = start(tmp_path, port=port, EMAIL_PORT=str(mail_port))
    started.append(process)
    read_until(process, "Mails go to")
    with smtplib.SMTP("127.0.0.1", mail_port) as client:
        client.sendmail("shop@example.org", ["kundin@example.org"], "Subject: Danke\r\n\r\nBis bald!")
    (file,) = (tmp_path / "mailbox").glob("*.eml")
    assert "Subject: Danke" in file.read_text()


def test_dead_servers_end_it_with_one_sentence(tmp_path: Path, port: int, started: list[Process]) -> None:
    process = start(tmp_path, port=port)
    started.append(process)
    read_until(process, "ready:")
    postmaster = (tmp_path / "servers" / "postgresql" / "postmaster.pid").read_text().split()[0]
    os.kill(int(postmaster), signal.SIGKILL)
    output = process.communicate(timeout=60)[0]
    assert process.returncode == 1
    assert "The embedded servers ended: PostgreSQL died (code -9)." in output


def test_a_taken_port_is_one_sentence(tmp_path: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = start(tmp_path, port=port)
        assert process.communicate(timeout=60)[0] == (
            f"Port {port} is taken by another program: `make run PORT={port + 1}` uses another one.\n"
        )
    assert process.returncode == 1
    assert not (tmp_path / "servers").exists()


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_one_server_of_its_own_is_not_enough(tmp_path: Path, port: int, name: str) -> None:
    process = start(tmp_path, port=port, **{name: "somewhere://else"})
    assert f"Only {name} is set" in process.communicate(timeout=60)[0]
    assert process.returncode == 1


def test_given_servers_keep_the_embedded_ones_off(tmp_path: Path, port: int, started: list[Process]) -> None:
    given = {"DATABASE_URL": os.environ["DATABASE_URL"], "REDIS_URL": os.environ["REDIS_URL"]}
    process = start(tmp_path, port=port, **given)
    started.append(process)
    read_until(process, "ready:")
    assert not (tmp_path / "servers").exists()
    process.terminate()
    process.communicate(timeout=60)


def _listens(port: int) -> bool:
    time.sleep(0.1)
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
