import signal
import socket
import subprocess
import time
from pathlib import Path

from config.embedded import processes
from config.embedded.errors import EmbeddedServersError
from config.embedded.rights import valkey_program

START_SECONDS = 20


class Valkey:
    """Keeps nothing on disk: the database is the queue, the broker may be lost at any time."""

    name = "Valkey"

    def __init__(self, *, folder: Path, sockets: Path) -> None:
        self.folder = folder
        self.log = folder / "valkey.log"
        self.socket = sockets / "valkey.sock"

    def start(self) -> None:
        options = {
            "port": "0", "unixsocket": str(self.socket), "unixsocketperm": "700", "save": "",
            "appendonly": "no", "maxmemory-policy": "noeviction", "dir": str(self.folder),
        }  # fmt: skip
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [valkey_program(), *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                preexec_fn=processes.die_with_parent(signal.SIGINT),
            )  # fmt: skip
        end = time.monotonic() + START_SECONDS
        while not self._answers():
            if not self.is_running() or time.monotonic() > end:
                raise EmbeddedServersError(f"Valkey did not start: {processes.last_line(self.log)} ({self.log}).")
            time.sleep(0.02)

    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        processes.stop(self.process, signals=[signal.SIGTERM])

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
