"""The parts end together: by a signal, when one of them ends, when the supervisor itself is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import holding
from tests.config.processes import comes_true

SCRIPT = """
import sys
from config.supervisor import Supervisor
part = [sys.executable, "-c", "import sys, time; print('up', flush=True); time.sleep(float(sys.argv[1]))"]
stubborn = [sys.executable, "-c", "import signal, time, subprocess\\n"
            "signal.signal(signal.SIGTERM, signal.SIG_IGN)\\n"
            "subprocess.Popen(['sleep', '1000.%(mark)s'])\\nprint('up', flush=True)\\ntime.sleep(1000)"]
parts = {"first": [*part, "1000.%(mark)s"], "second": [*part, "%(second)s"]}
if %(has_stubborn)s:
    parts["stubborn"] = stubborn
trouble = iter(%(trouble)s)
supervisor = Supervisor(parts, trouble=lambda: next(trouble, ""), stop_seconds=1)
sys.exit(supervisor.run(is_ready=lambda: True, when_ready=lambda: print("ready", flush=True)))
"""
Process = subprocess.Popen[str]


def start(*, mark: int, second: str = "1000", has_stubborn: bool = False, trouble: str = "[]") -> Process:
    values = {"mark": mark, "second": second, "has_stubborn": has_stubborn, "trouble": trouble}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT % values],
        cwd=holding.PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_ready(process: Process) -> list[str]:
    assert process.stdout
    lines = []
    while "ready" not in lines:
        lines.append(process.stdout.readline().strip())
    return lines


def is_anything_left(mark: int) -> bool:
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if "\0" + f"1000.{mark}" in command.read_text():
                return True
        except OSError:
            continue
    return False


@pytest.fixture
def mark(tmp_path: Path) -> int:
    """A number in the command lines of this test's processes."""
    return os.getpid() * 100_000 + abs(hash(tmp_path)) % 100_000


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_it_quietly(mark: int, number: signal.Signals) -> None:
    process = start(mark=mark)
    wait_until_ready(process)
    process.send_signal(number)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert not is_anything_left(mark)


def test_it_names_the_part_before_each_line(mark: int) -> None:
    process = start(mark=mark, has_stubborn=True)
    lines = wait_until_ready(process)
    process.terminate()
    rest = process.communicate(timeout=60)[0].splitlines()
    assert {"first | up", "second | up", "stubborn | up"} <= {line.strip() for line in lines + rest}


def test_a_part_that_ends_takes_the_others_with_it(mark: int) -> None:
    process = start(mark=mark, second="0.5")
    complaint = process.communicate(timeout=60)[1]
    assert complaint == "second ended by itself (code 0); its last lines above say why.\n"
    assert process.returncode == 1
    assert not is_anything_left(mark)


def test_trouble_elsewhere_ends_it_with_its_reason(mark: int) -> None:
    process = start(mark=mark, trouble="['', 'The servers died.']")
    assert process.communicate(timeout=60)[1] == "The servers died.\n"
    assert process.returncode == 1
    assert not is_anything_left(mark)


def test_a_part_that_does_not_listen_is_killed_with_its_children(mark: int) -> None:
    process = start(mark=mark, has_stubborn=True)
    wait_until_ready(process)
    assert comes_true(lambda: is_anything_left(mark))
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert not is_anything_left(mark)


@pytest.mark.parametrize("has_stubborn", [False, True])
def test_nothing_outlives_a_killed_supervisor(mark: int, has_stubborn: bool) -> None:
    process = start(mark=mark, has_stubborn=has_stubborn)
    wait_until_ready(process)
    assert is_anything_left(mark)
    process.kill()
    process.communicate(timeout=60)
    assert comes_true(lambda: not is_anything_left(mark))
