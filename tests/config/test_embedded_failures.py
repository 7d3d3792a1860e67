"""Every way the embedded servers cannot start is one sentence that says what to do."""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config.embedded import EmbeddedServersError, own_servers
from config.embedded.sockets import socket_folder
from tests.config.processes import comes_true, end, pids_of, start_shell

PR_CAPBSET_DROP = 24
CAPABILITIES = {"CAP_CHOWN": 0, "CAP_SETGID": 6, "CAP_SETUID": 7}
only_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can arrange this")


def complaint(folder: Path) -> str:
    with pytest.raises(EmbeddedServersError) as caught, own_servers(folder):
        pass
    return str(caught.value)


def test_data_of_an_older_postgresql(folder: Path) -> None:
    with own_servers(folder):
        pass
    assert comes_true(lambda: not pids_of(folder))
    (folder / "postgresql" / "PG_VERSION").write_text("17\n")
    said = complaint(folder)
    assert "written by PostgreSQL 17, this is PostgreSQL 18" in said
    assert str(folder / "postgresql") in said
    assert "docs/operators.md" in said


def test_a_socket_folder_that_others_may_enter(folder: Path) -> None:
    sockets = socket_folder(folder)
    sockets.mkdir()
    sockets.chmod(0o777)
    assert complaint(folder) == (
        f"{sockets} was made by somebody else, so sockets are not safe in it: remove it and start again."
    )


def test_a_link_in_place_of_the_socket_folder(folder: Path, tmp_path: Path) -> None:
    sockets = socket_folder(folder)
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    sockets.symlink_to(tmp_path / "elsewhere")
    assert "was made by somebody else" in complaint(folder)
    sockets.unlink()


@only_root
def test_a_socket_folder_of_another_user(folder: Path) -> None:
    sockets = socket_folder(folder)
    sockets.mkdir(mode=0o700)
    os.chown(sockets, 12345, 12345)
    assert "was made by somebody else" in complaint(folder)


def test_a_damaged_configuration_names_postgresqls_own_reason(folder: Path) -> None:
    with own_servers(folder):
        pass
    assert comes_true(lambda: not pids_of(folder))
    with (folder / "postgresql" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'many'\n")
    said = complaint(folder)
    assert said.startswith("PostgreSQL did not start: ")
    assert str(folder / "postgresql.log") in said


@only_root
@pytest.mark.parametrize("megabytes", [1, 20])
def test_a_full_disk(folder: Path, megabytes: int) -> None:
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    if not mount or not umount or subprocess.run([mount, *options], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        assert complaint(folder) == f"The disk that holds {folder} is full: free some space and start again."
    finally:
        assert comes_true(lambda: not pids_of(folder))
        subprocess.run([umount, folder], check=True)


@only_root
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_root_without_its_rights(folder: Path, capability: str) -> None:
    libc = ctypes.CDLL(None)
    shell = start_shell(folder, first=lambda: libc.prctl(PR_CAPBSET_DROP, CAPABILITIES[capability]))
    assert end(shell) == (
        "PostgreSQL refuses to run as root, and this root may not switch to another user: "
        "run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
    )
