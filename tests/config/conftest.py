import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded.sockets import socket_folder
from tests.config.processes import comes_true, pids_of


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """For servers of a test's own; nothing of them may outlive the test."""
    folder = tmp_path / "servers"
    yield folder
    assert comes_true(lambda: not pids_of(folder)), pids_of(folder)
    shutil.rmtree(socket_folder(folder), ignore_errors=True)
