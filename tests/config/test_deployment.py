"""The settings of production, in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
SECRETS = {
    name: f"{name} of fifty-and-more characters, as production wants it"
    for name in ("SECRET_KEY", "LINK_KEY", "ADDRESS_KEY", "WEBHOOK_KEY")
}


# The last one comes from the browser of other tests in this process.
OF_THIS_PROCESS = {"DEBUG", "DEMO", "DJANGO_ALLOW_ASYNC_UNSAFE", *SECRETS}


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in OF_THIS_PROCESS}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT, env=clean | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_passes_the_checks_of_a_deployment() -> None:
    result = check(**SECRETS, SITE_URL="https://pfad.example", ALLOWED_HOSTS="pfad.example")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


@pytest.mark.parametrize("missing", SECRETS)
def test_it_does_not_start_without_a_secret(missing: str) -> None:
    result = check(**{name: value for name, value in SECRETS.items() if name != missing})

    assert result.returncode != 0
    assert f"Set {missing}" in result.stderr
