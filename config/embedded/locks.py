import fcntl
from pathlib import Path
from typing import IO


def shared(path: Path) -> IO[str]:
    """Waits while somebody holds the file for itself."""
    return _locked(path, fcntl.LOCK_SH)


def exclusive(path: Path) -> IO[str]:
    return _locked(path, fcntl.LOCK_EX)


def exclusive_now(path: Path) -> IO[str] | None:
    try:
        return _locked(path, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None


def is_held(path: Path) -> bool:
    """Asks with a shared lock, so that two who ask at once do not see each other."""
    try:
        _locked(path, fcntl.LOCK_SH | fcntl.LOCK_NB).close()
    except BlockingIOError:
        return True
    return False


def _locked(path: Path, operation: int) -> IO[str]:
    file = path.open("a")
    try:
        fcntl.flock(file, operation)
    except OSError:
        file.close()
        raise
    return file
