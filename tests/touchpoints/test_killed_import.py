"""`kill -9` at any moment of an import, then the same command again: complete, and nothing twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from customers.models import Customer, Identity
from tests.fixtures.celery import PROJECT, environment
from tests.touchpoints.importing import TILL, TILL_HEADER
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint

ROWS, PEOPLE = 60_000, 7_000


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_an_import_killed_three_times_ends_complete(transactional_db, tmp_path, seed):
    seed_vocabulary()
    chance = random.Random(seed)  # noqa: S311
    command = _command(tmp_path)
    for _kill in range(3):
        reached = Touchpoint.objects.count() + chance.randrange(1, 15_000)
        _run_until(command, reached=reached, then_wait=chance.random() / 4)
    assert 0 < Touchpoint.objects.count() < ROWS
    subprocess.run(command, env=environment(), cwd=PROJECT, check=True, capture_output=True)
    assert Touchpoint.objects.count() == ROWS
    assert Touchpoint.objects.values("message_id").distinct().count() == ROWS
    assert Customer.objects.filter(touchpoints__isnull=False).distinct().count() == PEOPLE
    assert Identity.objects.count() == Customer.objects.count() == PEOPLE


def _command(folder: Path) -> list[str]:
    lines = (f"{n};K{n % PEOPLE};01.02.2025 10:{n % 60:02};1,50;Köln\n" for n in range(ROWS))
    (folder / "till.csv").write_text(TILL_HEADER + "".join(lines))
    (folder / "till.toml").write_text(TILL)
    manage = str(PROJECT / "manage.py")
    return [
        sys.executable, manage, "import_touchpoints", str(folder / "till.csv"), "--mapping", str(folder / "till.toml"),
        "--errors", str(folder / "errors.csv"),
    ]  # fmt: skip


def _run_until(command: list[str], *, reached: int, then_wait: float) -> None:
    with subprocess.Popen(
        command, env=environment(), cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while Touchpoint.objects.count() < min(reached, ROWS - 15_000) and process.poll() is None:
            time.sleep(0.02)
        time.sleep(then_wait)
        process.kill()
