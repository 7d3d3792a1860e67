"""A process that runs the followers as a Celery worker does, every moment: `python -m tests.touchpoints.follow`."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import django
from django.db import InterfaceError, OperationalError, connection

from config.embedded.processes import die_with_parent


def start_following(environment: dict[str, str], *, log: Path) -> "subprocess.Popen[bytes]":
    with log.open("a") as out:
        return subprocess.Popen(
            [sys.executable, "-m", __name__],
            env=environment, stdout=out, stderr=out, preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from touchpoints.tasks import run_followers

    while True:
        with suppress(OperationalError, InterfaceError):
            run_followers()
        connection.close_if_unusable_or_obsolete()
        time.sleep(0.1)


if __name__ == "__main__":
    main()
