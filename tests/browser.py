"""Finds a Chromium: the variable CHROMIUM, the usual names on PATH, else playwright's own."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-headless-shell", "google-chrome", "google-chrome-stable", "chromium-browser")
FLAGS = [
    "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run",
]  # fmt: skip
MISSING = "browser tests need Chromium: install the package `chromium` or set CHROMIUM to its path"


def chromium(playwrights_own: str = "") -> str | None:
    for found in (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), playwrights_own):
        if found and Path(found).exists():
            return found
    return None
