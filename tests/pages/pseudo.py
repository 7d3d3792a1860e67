"""A made-up language that brackets every text, so that what stands outside brackets was never translated."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser

from django.apps import apps
from django.db import models
from django.utils.translation import trans_real

OPEN, CLOSE = "⟦", "⟧"
WORD = re.compile(r"[^\W\d_]{2,}")
# Names that are the same in every language.
NAMES = ("Kundenpfad", "NPS", "CSAT", "CES", "API", "OpenAPI", "REST", "E-Mail", "ID", "HTML", "SHA-256", "JSON")
SILENT = {"script", "style", "svg", "template", "noscript"}
BLOCKS = {"p", "div", "li", "td", "th", "dt", "dd", "h1", "h2", "h3", "h4", "label", "option", "title", "form", "a"}
SPOKEN = ("aria-label", "title", "alt", "placeholder")


class Pseudo(trans_real.DjangoTranslation):
    def gettext(self, message: str) -> str:
        return OPEN + message.rpartition(trans_real.CONTEXT_SEPARATOR)[2] + CLOSE

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@contextmanager
def pseudo_english() -> Iterator[None]:
    """English speaks the made-up language."""
    before = trans_real.translation("en")
    trans_real._translations["en"] = Pseudo("en")
    try:
        yield
    finally:
        trans_real._translations["en"] = before


def untranslated(html: str) -> list[str]:
    """The texts of a page in the made-up language that are in no brackets and no column of the database."""
    collector = _Collector()
    collector.feed(html)
    data = _data()
    return [text for text in collector.texts if WORD.search(data.sub(" ", text))]


class _Collector(HTMLParser):
    """Visible and spoken texts outside brackets, without what is marked `translate="no"`."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.depth = 0
        self.open_tags: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_silent = tag in SILENT or given.get("translate") == "no"
        if not is_silent and not self._is_silent():
            spoken = [given.get(name) or "" for name in SPOKEN]
            if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
                spoken.append(given.get("value") or "")
            for text in spoken:
                self._note(re.sub(f"{OPEN}.*{CLOSE}", " ", text, flags=re.S))
        if tag not in VOID:
            self.open_tags.append((tag, is_silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open_tags:
            if self.open_tags.pop()[0] == tag:
                break
        if tag in BLOCKS:
            self.depth = 0  # a text cut in its middle lost its bracket; do not hide the rest of the page

    def handle_data(self, data: str) -> None:
        outside = []
        for character in data:
            self.depth = max(0, self.depth + (character == OPEN) - (character == CLOSE))
            outside.append(" " if self.depth or character == CLOSE else character)
        if not self._is_silent():
            self._note("".join(outside))

    def _is_silent(self) -> bool:
        return any(silent for _tag, silent in self.open_tags)

    def _note(self, text: str) -> None:
        if WORD.search(text):
            self.texts.append(" ".join(text.split()))


VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def _data() -> re.Pattern[str]:
    """Everything that a column of text holds, longest first: data are not translated."""
    values = set(NAMES)
    for model in apps.get_models():
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            values.update(" ".join(text.split()) for value in row for text in _texts(value))
    longest_first = sorted((value for value in values if len(value) > 1), key=len, reverse=True)
    return re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in longest_first))


def _texts(value: object) -> Iterator[str]:
    """The value itself, or every text inside a JSON value."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)
    elif value:
        yield str(value)
