"""The process that owns both servers: `python -m config.embedded.keeper FOLDER [--throwaway]`.

It says `ready` or one sentence through its standard output, then writes to its log only.
"""

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import IO

from config.embedded import locks
from config.embedded.errors import EmbeddedServersError, explained, root_without_rights
from config.embedded.postgresql import PostgreSQL
from config.embedded.sockets import make_socket_folder, socket_folder
from config.embedded.valkey import Valkey

LOOK_EVERY = 0.2  # seconds

Server = PostgreSQL | Valkey


def main(folder: Path, *, is_throwaway: bool) -> int:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)  # a KeyboardInterrupt
    mine = _taken(folder / "keeper")
    running: list[Server] = []
    users = None
    try:
        _start(folder, is_throwaway=is_throwaway, running=running)
        _report("ready", log=folder / "keeper.log")
        users = _last_user_gone(folder / "users", running=running)
    except EmbeddedServersError as error:
        print(error, flush=True)
    except KeyboardInterrupt:
        print("stopped by a signal", flush=True)
    for server in reversed(running):
        server.stop()
    if is_throwaway:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(socket_folder(folder), ignore_errors=True)
    mine.close()  # before the lock on `users`: who gets that one finds no keeper and starts anew
    return 0 if users else 1


def _taken(path: Path) -> IO[str]:
    end = time.monotonic() + 2  # somebody may be asking with a shared lock just now
    while (lock := locks.exclusive_now(path)) is None:
        if time.monotonic() > end:
            raise SystemExit("another keeper lives")
        time.sleep(0.01)
    return lock


def _start(folder: Path, *, is_throwaway: bool, running: list[Server]) -> None:
    try:
        sockets = make_socket_folder(folder)
        for server in (
            PostgreSQL(folder=folder, sockets=sockets, is_throwaway=is_throwaway),
            Valkey(folder=folder, sockets=sockets),
        ):
            server.start()
            running.append(server)
    except PermissionError as error:
        raise root_without_rights() if os.getuid() == 0 else explained(error, folder=folder) from error
    except OSError as error:
        raise explained(error, folder=folder) from error


def _last_user_gone(users: Path, *, running: list[Server]) -> IO[str] | None:
    """Waits for the lock of all users, which whoever comes now must wait for. None: a server died."""
    while (lock := locks.exclusive_now(users)) is None:
        for server in running:
            if not server.is_running():
                print(f"{server.name} died (code {server.process.returncode})", flush=True)
                return None
        time.sleep(LOOK_EVERY)
    return lock


def _report(word: str, *, log: Path) -> None:
    print(word, flush=True)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    if os.fork():  # the process that somebody waits for ends; the keeper belongs to nobody's terminal
        os._exit(0)
    os.setsid()
    os.chdir("/")
    sys.exit(main(target, is_throwaway="--throwaway" in sys.argv[2:]))
