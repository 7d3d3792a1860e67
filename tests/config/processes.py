"""Looking at and talking to processes of the tests in this folder."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.embedded import holding
from config.embedded.sockets import socket_folder

SHELL = """
import sys
from pathlib import Path
from config.embedded import EmbeddedServersError, own_servers
try:
    with own_servers(Path(sys.argv[1])):
        print("ready", flush=True)
        sys.stdin.read()
except EmbeddedServersError as error:
    sys.exit(str(error))
"""
Process = subprocess.Popen[str]


def start_shell(folder: Path, *, first: Callable[[], object] | None = None) -> Process:
    """A program that uses the servers until its standard input closes; `first` runs in it before."""
    return subprocess.Popen(
        [sys.executable, "-c", SHELL, str(folder)],
        cwd=holding.PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=first,
    )


def said(process: Process) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def end(process: Process) -> str:
    """Closes its standard input; what it complained about."""
    return process.communicate(timeout=60)[1].strip()


def pids_of(folder: Path) -> dict[int, str]:
    """Every process that works in the folder or names it or its sockets: the keeper, servers, backends."""
    names = (str(folder), str(socket_folder(folder)))
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            works_in = str((process / "cwd").readlink())
        except OSError:
            continue
        if "-c" not in command.split()[1:2] and any(name in command or name in works_in for name in names):
            found[int(process.name)] = command
    return found


def pid_of(folder: Path, *, word: str) -> int:
    pids = pids_of(folder)
    return next(pid for pid, command in sorted(pids.items()) if word in command)


def comes_true(condition: Callable[[], object], *, seconds: float = 20) -> bool:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.05)
    return True
