"""Brings the SDKs to var/sdks, apart from our own environment; a lock says which."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent.parent / "var" / "sdks"
NO_NODE = "the SDKs for Node and browsers need node (18 or newer) and npm: install the packages nodejs and npm"


def python_sdks() -> Path:
    uv = Path(sys.executable).parent / "uv"
    lock, target = HERE / "requirements.txt", FOLDER / "python"
    command = [str(uv), "pip", "install", "-q", "--python", sys.executable, "--target", str(target)]
    _install(target, lock, [*command, "--require-hashes", "-r", str(lock)])
    return target


def node_sdks() -> Path:
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip(NO_NODE)
    lock, target = HERE / "package-lock.json", FOLDER / "node"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, target / name)
    _install(
        target,
        lock,
        ["npm", "install", "--no-save", "--prefix", str(target), "--ignore-scripts", "--no-audit", "--no-fund"],
    )
    return target


def _install(target: Path, lock: Path, command: Sequence[str]) -> None:
    """Once for each lock, also when several test processes want it."""
    target.mkdir(parents=True, exist_ok=True)
    done = target / ".lock-installed"
    with (FOLDER / f"{target.name}.busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        if done.exists() and done.read_text() == lock.read_text():
            return
        subprocess.run(command, check=True, capture_output=True)
        done.write_text(lock.read_text())
