"""Ends what a killed supervisor left behind: `kill -9` gives it no chance to do that itself."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import IO

PATIENCE = 2  # seconds; with what the servers then need, nothing is left after five


@contextmanager
def reaper() -> Iterator[IO[str]]:
    """Yields a pipe: who starts a process group writes its number there.

    A fork reads it until it closes, however that happens. It holds copies of this process's locks meanwhile, so
    the groups, which the kernel has told to end, still have their embedded database and broker while they do.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        _reap(reading)
    os.close(reading)
    with os.fdopen(writing, "w", buffering=1) as pipe:
        yield pipe
    os.waitpid(child, 0)


def _reap(reading: int) -> None:
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    with os.fdopen(reading) as pipe:
        groups = [int(line) for line in pipe]
    end = time.monotonic() + PATIENCE
    while _living(groups) and time.monotonic() < end:
        time.sleep(0.1)
    for group in _living(groups):
        os.killpg(group, signal.SIGKILL)
    os._exit(0)


def _living(groups: Sequence[int]) -> list[int]:
    living = []
    for group in groups:
        with suppress(ProcessLookupError):
            os.killpg(group, 0)
            living.append(group)
    return living
