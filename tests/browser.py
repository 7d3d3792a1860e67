"""Finds a Chromium: the variable CHROMIUM, the usual names on PATH, else playwright's own."""

import ctypes
import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-headless-shell", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = [
    "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
NO_CHROMIUM = "browser tests need Chromium: install the package chromium-headless-shell or set CHROMIUM to its path"
NO_LIBATOMIC = "browser tests need libatomic.so.1, which Playwright's driver uses: install the package libatomic1"


def has_driver() -> bool:
    """Playwright brings a node of its own, which on a bare Debian lacks one library."""
    if sys.platform != "linux" or "PLAYWRIGHT_NODEJS_PATH" in os.environ:
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def chromium(playwrights_own: str = "") -> str | None:
    for found in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), playwrights_own):
        if found and Path(found).exists():
            return found
    return None
