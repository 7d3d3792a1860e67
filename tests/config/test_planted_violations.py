"""Each contract of the architecture turns red when it is broken: a copy of the sources gets one planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UPWARD_IMPORT = "from journeys.models import Journey  # noqa: F401\n"
UPWARD_RELATION = """

class Planted(models.Model):
    journey = models.ForeignKey("journeys.Journey", on_delete=models.CASCADE)

    def __str__(self) -> str:
        return "planted"
"""
ARCHITECTURE = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "tests/test_architecture.py", "-k"]


@pytest.fixture
def checkout(tmp_path):
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, target)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def plant(checkout, name, text):
    path = checkout / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)


def is_green(checkout, *command):
    done = subprocess.run([sys.executable, *command], cwd=checkout, capture_output=True, text=True, check=False)
    return done.returncode == 0


def architecture(checkout, test):
    return is_green(checkout, *ARCHITECTURE, test)


def import_contract(checkout):
    return is_green(checkout, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")


def test_an_upward_import_breaks_the_contract(checkout):
    assert import_contract(checkout)
    plant(checkout, "customers/naming.py", UPWARD_IMPORT)
    assert not import_contract(checkout)


def test_an_upward_relation_is_found_even_as_a_string(checkout):
    assert architecture(checkout, "relations")
    plant(checkout, "customers/models/customer.py", UPWARD_RELATION)
    assert not architecture(checkout, "relations")


def test_a_long_file_is_found(checkout):
    assert architecture(checkout, "too_long")
    plant(checkout, "customers/planted.py", "# a line\n" * 400)
    assert not architecture(checkout, "too_long")


def test_an_inline_script_is_found(checkout):
    assert architecture(checkout, "inline_script")
    plant(checkout, "templates/planted.html", "<script>alert(1)</script>\n")
    assert not architecture(checkout, "inline_script")


def test_a_missing_migration_is_found(checkout):
    check = ("manage.py", "makemigrations", "--check", "--dry-run")
    assert is_green(checkout, *check)
    plant(
        checkout,
        "accounts/models/user.py",
        UPWARD_RELATION.replace("ForeignKey", "OneToOneField").replace("journeys.Journey", "User"),
    )
    assert not is_green(checkout, *check)
