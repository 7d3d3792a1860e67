"""Runs the parts of Kundenpfad beside each other and stops them together. Imports no Django."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

from config.embedded import processes
from config.reaper import reaper

LOOK_EVERY = 0.3  # seconds
COLOURS = (36, 32, 33, 35, 34)

Process = subprocess.Popen[bytes]


class Supervisor:
    """One part ending, a signal, or `trouble()` naming a reason: all of it ends every part."""

    def __init__(
        self, parts: Mapping[str, Sequence[str]], *, trouble: Callable[[], str], stop_seconds: float = 10
    ) -> None:
        self.parts = parts
        self.trouble = trouble
        self.stop_seconds = stop_seconds
        self.asked_to_stop = threading.Event()
        self.running: dict[str, Process] = {}
        self.has_colours = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def run(self, *, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.asked_to_stop.set())
        with reaper() as groups:
            try:
                for (name, command), colour in zip(self.parts.items(), cycle(COLOURS)):
                    self._start(name, command, colour=colour)
                    print(self.running[name].pid, file=groups)
                reason = self._wait(is_ready=is_ready, when_ready=when_ready)
            finally:
                self._stop()
        if reason:
            print(reason, file=sys.stderr, flush=True)
        return 1 if reason else 0

    def _start(self, name: str, command: Sequence[str], *, colour: int) -> None:
        process = subprocess.Popen(  # noqa: S603
            command,
            # A group of its own: Celery takes the terminal's Ctrl-C and ours together for a cold shutdown.
            process_group=0,
            # A pipe is buffered: without this a part’s lines would come minutes late, or never.
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=processes.die_with_parent(signal.SIGTERM),
        )
        self.running[name] = process
        threading.Thread(target=self._copy_lines, args=(name, process, colour), daemon=True).start()

    def _copy_lines(self, name: str, process: Process, colour: int) -> None:
        label = f"{name:>{max(map(len, self.parts))}} | "
        if self.has_colours:
            label = f"\033[{colour}m{label}\033[0m"
        assert process.stdout  # noqa: S101
        for line in process.stdout:
            sys.stdout.write(label + line.decode(errors="replace"))
            sys.stdout.flush()

    def _wait(self, *, is_ready: Callable[[], bool], when_ready: Callable[[], None]) -> str:
        """The reason to stop; empty when somebody asked for it."""
        was_ready = False
        while not self.asked_to_stop.wait(LOOK_EVERY):
            ended = [name for name, process in self.running.items() if process.poll() is not None]
            if reason := self.trouble():
                return reason
            if ended and not self.asked_to_stop.is_set():
                code = self.running[ended[0]].returncode
                return f"{ended[0]} ended by itself (code {code}); its last lines above say why."
            if not was_ready and (was_ready := is_ready()):
                when_ready()
        return ""

    def _stop(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + self.stop_seconds
        for name, process in self.running.items():
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                print(f"{name} does not stop and is killed.", flush=True)
            self._kill_group(process)

    def _kill_group(self, process: Process) -> None:
        try:
            os.killpg(process.pid, signal.SIGKILL)  # also what the part left behind
        except ProcessLookupError:
            return
        process.wait()
