"""Every text of the product is in the German catalogue, translated."""

import re
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
from django.utils.translation import templatize

PROJECT = Path(__file__).resolve().parent.parent
CATALOGUE = PROJECT / "locale/de/LC_MESSAGES/django.po"
APPS = ("accounts", "config", "customers", "insights", "journeys", "surveys", "touchpoints", "workspace")
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def test_it_translates_every_text(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []


def test_it_keeps_no_guesses_and_no_leftovers(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in [*catalogue.fuzzy_entries(), *catalogue.obsolete_entries()]] == []


def test_it_keeps_the_placeholders(catalogue: polib.POFile) -> None:
    def of(text: str) -> set[str]:
        return set(PLACEHOLDER.findall(text))

    # A singular may say “one” instead of the number.
    wrong = [
        entry.msgid
        for entry in catalogue
        if of(entry.msgstr_plural[1] if entry.msgid_plural else entry.msgstr) != of(entry.msgid_plural or entry.msgid)
    ]
    assert wrong == []


def test_it_is_sorted_so_that_branches_merge(catalogue: polib.POFile) -> None:
    texts = [entry.msgid.encode() for entry in catalogue]
    assert texts == sorted(texts)


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext")
def test_it_holds_the_texts_of_the_sources(catalogue: polib.POFile, tmp_path: Path) -> None:
    found = _texts_of_the_sources(tmp_path)
    kept = {(entry.msgctxt, entry.msgid) for entry in catalogue}

    assert found - kept == set(), "run `make messages` and translate"
    assert kept - found == set(), "run `make messages`: these texts are gone"


def _texts_of_the_sources(folder: Path) -> set[tuple[str | None, str]]:
    sources = [path for app in APPS for path in (PROJECT / app).rglob("*.py")]
    templates = [*(PROJECT / "templates").rglob("*.*"), *(t for app in APPS for t in (PROJECT / app).rglob("*.html"))]
    for number, template in enumerate(path for path in templates if path.suffix in {".html", ".txt", ".mjml"}):
        copy = folder / f"{number}.py"
        copy.write_text(templatize(template.read_text(), origin=str(template)))
        sources.append(copy)
    keywords = ["gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3",
                "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3"]  # fmt: skip
    pot = folder / "all.pot"
    subprocess.run(
        ["xgettext", "--language=Python", "--from-code=UTF-8", f"--output={pot}", *(f"--keyword={k}" for k in keywords),
         *map(str, sources)],
        check=True, capture_output=True,
    )  # fmt: skip
    return {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(pot))}
