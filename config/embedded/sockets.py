import hashlib
import os
import stat
from pathlib import Path

from config.embedded.errors import EmbeddedServersError
from config.embedded.rights import NOBODY


def socket_folder(folder: Path) -> Path:
    """A short path for the sockets: their names may have 107 bytes, a checkout's path more.

    Not $TMPDIR or $XDG_RUNTIME_DIR: they differ between the shells that must meet here.
    """
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
    return Path("/tmp") / f"kundenpfad-{os.getuid()}-{key}"  # noqa: S108 (made with 0700, owner checked)


def make_socket_folder(folder: Path) -> Path:
    sockets = socket_folder(folder)
    sockets.mkdir(mode=0o700, exist_ok=True)
    found = sockets.lstat()
    owners = {0, NOBODY} if os.getuid() == 0 else {os.getuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o077:
        raise EmbeddedServersError(
            f"{sockets} was made by somebody else, so sockets are not safe in it: remove it and start again."
        )
    if os.getuid() == 0:
        os.chown(sockets, NOBODY, NOBODY)
    return sockets


def database_url(folder: Path) -> str:
    return f"postgresql://postgres@/kundenpfad?host={socket_folder(folder)}"


def redis_url(folder: Path) -> str:
    return f"redis+socket://{socket_folder(folder)}/valkey.sock"
