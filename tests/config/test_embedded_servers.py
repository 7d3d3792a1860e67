"""One keeper for all who use the servers; they end with the last of them, however it ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded import holding, own_servers
from config.embedded.sockets import socket_folder
from tests.config.processes import comes_true, end, pid_of, pids_of, said, start_shell


def remember(database_url: str, note: str) -> list[str]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("create table if not exists notes (note text)")
        connection.execute("insert into notes values (%s)", [note])
        return [row[0] for row in connection.execute("select note from notes order by note")]


def test_it_serves_both_and_keeps_the_data(folder: Path) -> None:
    with own_servers(folder) as servers:
        assert remember(servers.database_url, "first") == ["first"]
        assert redis.Redis(unix_socket_path=servers.redis_url.removeprefix("redis+socket://")).ping()
    assert comes_true(lambda: not pids_of(folder))
    with own_servers(folder) as servers:
        assert remember(servers.database_url, "second") == ["first", "second"]


def test_it_knows_umlauts_and_keeps_other_users_out(folder: Path) -> None:
    with own_servers(folder) as servers, psycopg.connect(servers.database_url) as connection:
        assert connection.execute("select lower('ÄÖÜ'), 'Müller' ilike 'MÜLLER'").fetchone() == ("äöü", True)
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert socket_folder(folder).stat().st_mode & 0o077 == 0


def test_it_starts_one_keeper_for_many_at_once(folder: Path) -> None:
    shells = [start_shell(folder) for _ in range(4)]
    assert [said(shell) for shell in shells] == ["ready"] * 4
    assert len([command for command in pids_of(folder).values() if "config.embedded.keeper" in command]) == 1
    for shell in shells[1:]:
        assert end(shell) == ""
    assert pid_of(folder, word="config.embedded.keeper")
    end(shells[0])
    assert comes_true(lambda: not pids_of(folder))


def test_it_leaves_others_alone_when_the_one_that_started_it_is_killed(folder: Path) -> None:
    starter = start_shell(folder)
    assert said(starter) == "ready"
    with own_servers(folder) as servers:
        starter.kill()
        starter.communicate()
        assert not comes_true(lambda: not servers.are_running(), seconds=1)
        assert remember(servers.database_url, "still here") == ["still here"]


def test_it_ends_when_its_only_user_is_killed(folder: Path) -> None:
    shell = start_shell(folder)
    assert said(shell) == "ready"
    shell.kill()
    shell.communicate()
    assert comes_true(lambda: not pids_of(folder))


@pytest.mark.parametrize(
    ("victim", "name"), [("config.embedded.keeper", "keeper"), ("bin/postgres", "PostgreSQL"), ("valkey", "Valkey")]
)
def test_it_recovers_after_a_kill(folder: Path, victim: str, name: str) -> None:
    with own_servers(folder) as servers:
        remember(servers.database_url, "before")
        os.kill(pid_of(folder, word=victim), signal.SIGKILL)
        assert comes_true(lambda: not servers.are_running())
        assert "The embedded servers ended" in servers.why_they_ended()
        assert name == "keeper" or f"{name} died" in servers.why_they_ended()
    assert comes_true(lambda: not pids_of(folder))
    with own_servers(folder) as servers:
        assert remember(servers.database_url, "then") == ["before", "then"]


def test_it_starts_over_a_pid_file_that_names_a_stranger(folder: Path) -> None:
    with own_servers(folder):
        file = folder / "postgresql" / "postmaster.pid"
        content = file.read_text()
    assert comes_true(lambda: not pids_of(folder))
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    file.write_text(content.replace(content.split()[0], str(stranger.pid), 1))
    with own_servers(folder) as servers:
        assert remember(servers.database_url, "up") == ["up"]
    assert stranger.poll() is None
    stranger.communicate(b"\n")


def test_it_makes_the_cluster_anew_after_a_killed_start(folder: Path) -> None:
    half = folder / "postgresql-new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with own_servers(folder) as servers:
        assert remember(servers.database_url, "up") == ["up"]
    assert not half.exists()


def test_it_works_under_a_very_long_path(folder: Path) -> None:
    deep = folder / ("long" * 30) / ("path" * 30)
    with own_servers(deep) as servers:
        assert remember(servers.database_url, "up") == ["up"]
    assert comes_true(lambda: not pids_of(deep))


def test_throwaway_servers_leave_nothing(folder: Path) -> None:
    with own_servers(folder, is_throwaway=True) as servers:
        assert remember(servers.database_url, "gone soon") == ["gone soon"]
    assert comes_true(lambda: not folder.exists() and not socket_folder(folder).exists())


def test_a_dump_carries_the_data_over(tmp_path: Path) -> None:
    def run(program: str, *, var: str, text: str = "") -> str:
        environment = {**os.environ, "VAR_DIR": str(tmp_path / var)}
        command = [sys.executable, "-m", "config.embedded", *program.split()]
        return subprocess.run(
            command, cwd=holding.PROJECT, env=environment, input=text, capture_output=True, text=True, check=True
        ).stdout

    run("psql -q", var="old", text="create table notes (note text); insert into notes values ('Grüße');")
    run("psql -q", var="new", text=run("pg_dump", var="old"))
    assert run("psql -At", var="new", text="select note from notes") == "Grüße\n"


def test_it_needs_no_django() -> None:
    check = "import sys, config.embedded.keeper, config.supervisor, run; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], cwd=holding.PROJECT, check=False).returncode == 0
