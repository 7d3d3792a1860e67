from pathlib import Path

import pytest

from tests.browser import chromium


@pytest.fixture(autouse=True)
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))


def installed(path: Path) -> str:
    path.touch(mode=0o755)
    return str(path)


def test_it_takes_the_variable_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed(tmp_path / "chromium")
    monkeypatch.setenv("CHROMIUM", installed(tmp_path / "mine"))
    assert chromium() == str(tmp_path / "mine")


def test_it_takes_debians_package_before_playwrights_own(tmp_path: Path) -> None:
    assert chromium(installed(tmp_path / "own")) == str(tmp_path / "own")
    assert chromium(str(tmp_path / "own")) == str(tmp_path / "own")
    assert chromium(installed(tmp_path / "chromium-headless-shell")) == str(tmp_path / "chromium-headless-shell")


def test_it_finds_nothing_where_nothing_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))
    assert chromium(str(tmp_path / "never downloaded")) is None
