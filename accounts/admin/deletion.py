"""What the page before a deletion lists: rows that people know, not the links that join two of them."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst


def without_links(deleted: list[Any], counts: dict[str, int]) -> tuple[list[Any], dict[str, int]]:
    links = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.auto_created]
    plurals = {str(link.verbose_name_plural) for link in links}
    beginnings = tuple(f"{capfirst(str(link.verbose_name))}: " for link in links)
    return _known(deleted, beginnings), {name: count for name, count in counts.items() if str(name) not in plurals}


def _known(rows: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    """Django nests what falls with a row in a list of its own after it."""
    kept: list[Any] = []
    for row in rows:
        if not isinstance(row, list):
            kept += [] if str(row).startswith(beginnings) else [row]
        elif known := _known(row, beginnings):
            kept.append(known)
    return kept
