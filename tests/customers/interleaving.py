"""Two connections, one step at a time: a seeded scheduler decides whose statement is next.

Blocking is real. Whoever waits for a lock of the other is left waiting, as PostgreSQL says (pg_blocking_pids), until
the other has gone on far enough; then both are in the race again.
"""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection

PATIENCE = 20.0
IS_BLOCKED = "select cardinality(pg_blocking_pids(%s)) > 0"


@dataclass(eq=False)
class Runner:
    """A thread that waits before every statement until it is let on."""

    verbs: list[Callable[[], object]]
    pid: int = 0
    let_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    waits: threading.Event = field(default_factory=threading.Event)
    is_done: bool = False

    def run(self) -> list[object]:
        try:
            connection.ensure_connection()
            self.pid = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._step):
                results = []
                for verb in self.verbs:
                    self._wait()
                    results.append(verb())
                return results
        finally:
            connection.close()
            self.is_done = True
            self.waits.set()

    def _step(self, execute: Callable[..., object], *statement: object) -> object:
        self._wait()
        return execute(*statement)

    def _wait(self) -> None:
        self.waits.set()
        if not self.let_on.acquire(timeout=PATIENCE):
            raise TimeoutError("The scheduler has forgotten this one.")

    def go_on(self) -> bool:
        """Let it do one step; whether it came to its end or the next one, or else is blocked by the other."""
        self.waits.clear()
        self.let_on.release()
        return self.has_stopped()

    def has_stopped(self) -> bool:
        end = time.monotonic() + PATIENCE
        while not self.waits.wait(0.002):
            if self._is_blocked():
                return False
            if time.monotonic() > end:
                raise TimeoutError("Neither blocked nor done.")
        return True

    def _is_blocked(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(IS_BLOCKED, [self.pid])
            return bool(cursor.fetchone()[0])


def interleave(one: list[Callable[[], object]], other: list[Callable[[], object]], *, seed: int) -> None:
    """Do both lists of verbs at once, in the order that the seed gives. Raises what a verb raised."""
    chance = random.Random(seed)  # noqa: S311
    runners = [Runner(one), Runner(other)]
    with ThreadPoolExecutor(2) as threads:
        futures: list[Future[list[object]]] = [threads.submit(runner.run) for runner in runners]
        for runner in runners:
            runner.waits.wait(PATIENCE)
        blocked: set[Runner] = set()
        while open_ones := [runner for runner in runners if not runner.is_done]:
            blocked = {runner for runner in blocked if not runner.waits.is_set()}
            free = [runner for runner in open_ones if runner not in blocked]
            if not free:
                # Both wait: the one whose lock was given back just now is about to wake.
                time.sleep(0.001)
                blocked = {runner for runner in blocked if not runner.has_stopped()}
                continue
            chosen = chance.choice(free)
            if not chosen.go_on():
                blocked.add(chosen)
        for future in futures:
            future.result()
