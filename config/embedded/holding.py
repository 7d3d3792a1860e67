"""The side of those who use the servers: hold a shared lock, start a keeper when there is none."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded import locks, processes, sockets
from config.embedded.errors import NO_SPACE, EmbeddedServersError, disk_is_full, explained

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(os.environ.get("VAR_DIR") or PROJECT / "var") / "servers"


@dataclass(frozen=True)
class Servers:
    folder: Path

    @property
    def database_url(self) -> str:
        return sockets.database_url(self.folder)

    @property
    def redis_url(self) -> str:
        return sockets.redis_url(self.folder)

    def are_running(self) -> bool:
        return locks.is_held(self.folder / "keeper")

    def why_they_ended(self) -> str:
        if NO_SPACE in (self.folder / "postgresql.log").read_text(errors="replace"):
            return str(disk_is_full(self.folder))
        said = processes.last_line(self.folder / "keeper.log")
        return f"The embedded servers ended: {said}. Start again; the logs are in {self.folder}."

    def enter_environment(self) -> None:
        os.environ["DATABASE_URL"] = self.database_url
        os.environ["REDIS_URL"] = self.redis_url


@contextmanager
def own_servers(folder: Path = FOLDER, *, is_throwaway: bool = False) -> Iterator[Servers]:
    """Runs them until the block ends here and in every other process that entered it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        users = locks.shared(folder / "users")
    except OSError as error:
        raise explained(error, folder=folder) from error
    with users:
        with locks.exclusive(folder / "starting"):
            if not locks.is_held(folder / "keeper"):
                _start_keeper(folder, is_throwaway=is_throwaway)
        yield Servers(folder)


@contextmanager
def own_servers_unless(are_given: object) -> Iterator[Servers | None]:
    """For manage.py: settings find the addresses in the environment; our own servers mean development."""
    if are_given:
        yield None
        return
    with own_servers() as servers:
        servers.enter_environment()
        os.environ.setdefault("DEBUG", "1")
        yield servers


def _start_keeper(folder: Path, *, is_throwaway: bool) -> None:
    command = [sys.executable, "-m", "config.embedded.keeper", str(folder.resolve())]
    with (
        (folder / "keeper.log").open("a") as log,
        subprocess.Popen(
            [*command, *(["--throwaway"] if is_throwaway else [])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=PROJECT,
            text=True,
        ) as starter,
    ):
        said = starter.stdout.readline().strip() if starter.stdout else ""
    if said != "ready":
        raise EmbeddedServersError(said or f"The keeper of the servers died: see {folder}/keeper.log.")
