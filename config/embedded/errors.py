import errno
from pathlib import Path

NO_SPACE = "No space left on device"


class EmbeddedServersError(Exception):
    """One sentence a person can act on."""


def disk_is_full(folder: Path) -> EmbeddedServersError:
    return EmbeddedServersError(f"The disk that holds {folder} is full: free some space and start again.")


def root_without_rights() -> EmbeddedServersError:
    return EmbeddedServersError(
        "PostgreSQL refuses to run as root, and this root may not switch to another user: "
        "run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
    )


def explained(error: OSError, *, folder: Path) -> EmbeddedServersError:
    if error.errno == errno.ENOSPC:
        return disk_is_full(folder)
    if isinstance(error, PermissionError):
        return EmbeddedServersError(
            f"{error.filename or folder} belongs to another user ({error.strerror}): remove it or give it to yourself."
        )
    return EmbeddedServersError(f"The embedded servers did not start in {folder}: {error}.")
