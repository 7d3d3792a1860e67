"""The history of a row as people read it: days, who did something, and what became of which field."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import Change, ChangeKind
from accounts.querysets import reference_to
from accounts.roles import role_label
from accounts.values import changed_leaves, in_words, target

PER_PAGE = 50
MOST_COUNTED = 1000
TOGETHER = (Path(__file__).parent / "sql/changes_together.sql").read_text()


@dataclass(frozen=True)
class Detail:
    """One field: before is empty where nothing was before, and both are where the values are not kept."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Step:
    kind: str
    noun: str
    """What was added, changed or removed; empty when it is the row whose page this is."""
    name: str
    details: list[Detail]


@dataclass
class Act:
    """What somebody did at once."""

    at: datetime
    who: str
    by_way_of: str
    context: str
    steps: list[Step] = field(default_factory=list)
    others: int = 0
    """So many other rows were changed in the same way with it; MOST_COUNTED: at least so many."""

    @property
    def is_many(self) -> bool:
        return self.others >= MOST_COUNTED


@dataclass(frozen=True)
class Day:
    on: date
    acts: list[Act]


@dataclass(frozen=True)
class HistoryPage:
    days: list[Day]
    next_before: int | None
    """Where the next page begins; None at the end."""


def history(rows: Sequence[models.Model], changes: Iterable[Change]) -> HistoryPage:
    """The page of these rows (records of one person); `changes` are newest first, one more than a page holds."""
    found = list(changes)
    shown = found[:PER_PAGE]
    teller = _Teller([reference_to(row) for row in rows], shown)
    by_day = groupby(shown, key=lambda change: timezone.localdate(change.changed_at))
    days = [Day(day, teller.acts(list(those))) for day, those in by_day]
    return HistoryPage(days, next_before=shown[-1].pk if len(found) > PER_PAGE else None)


class _Teller:
    def __init__(self, own: list[str], changes: list[Change]) -> None:
        self.own = own
        self.names = _names(changes)
        self.together = _together(changes)

    def acts(self, changes: list[Change]) -> list[Act]:
        acts = []
        for _same, those in groupby(changes, key=lambda change: (change.context, change.user_id, change.api_key_id)):
            group = list(those)
            who, by_way_of = told_by(group[0])
            act = Act(group[0].changed_at, who, by_way_of, group[0].context)
            act.steps = [self._step(change) for change in reversed(group)]
            act.others = max(self.together[_kind(change)] - self._here(change, group) for change in group)
            acts.append(act)
        return acts

    def _here(self, change: Change, group: list[Change]) -> int:
        return 0 if self.together[_kind(change)] >= MOST_COUNTED else sum(_kind(it) == _kind(change) for it in group)

    def _step(self, change: Change) -> Step:
        model = change.tracked_model
        noun = "" if change.about[:1] == self.own[:1] else str(model._meta.verbose_name if model else change.model)
        name = self.names.get((change.model, change.row_pk), "") if change.kind == ChangeKind.CHANGED else ""
        return Step(change.kind, noun, name if noun else "", list(self._details(change)))

    def _details(self, change: Change) -> Iterable[Detail]:
        for column, values in change.columns.items():
            column_field = change.field(column)
            if self._is_needless(column_field, change, values):
                continue
            label = change.label(column)
            if not values:
                yield Detail(label)
            elif isinstance(column_field, models.JSONField):
                for way, before, after in changed_leaves(*values):
                    yield Detail(f"{label} · {way}" if way else label, before, after)
            else:
                before, after = (in_words(column_field, value, names=self.names) for value in values)
                yield Detail("" if change.is_link else label, before, after)

    def _is_needless(self, column_field: Any, change: Change, values: list[Any]) -> bool:
        """What is off in a new row; and to whom an identity is added is clear on that customer's page."""
        if change.kind != ChangeKind.CHANGED and False in values:
            return True
        if column_field is None or not column_field.is_relation:
            return False
        told = {f"{target(column_field)}:{value}" for value in values if value is not None}
        return bool(told) and told <= set(self.own[:1])


def told_by(change: Change) -> tuple[str, str]:
    """A name, and by which way where that is no page."""
    way, _space, detail = change.origin.partition(" ")
    if change.user_id:
        name = str(change.user) if change.user else gettext("Deleted account %(id)s") % {"id": change.user_id}
        return name, "" if way == "page" else _way(way, detail)
    if change.api_key_id:
        key = change.api_key.name if change.api_key else f"#{change.api_key_id}"
        return gettext("API key %(name)s") % {"name": key}, ""
    if way == "page":
        return gettext("Somebody without an account"), gettext("on a public page")
    return "Kundenpfad" if way != "sql" else gettext("Somebody"), _way(way, detail)


def _way(way: str, detail: str) -> str:
    return {
        "customer": gettext("by a customer import"),
        "api": gettext("by the API"),
        "task": gettext("by itself"),
        "command": gettext("by the command %(name)s") % {"name": detail},
        "sql": gettext("directly in the database, as %(role)s") % {"role": detail},
    }.get(way, way)


def _names(changes: list[Change]) -> dict[tuple[str, Any], str]:
    """Of all rows that are named on the page: one query for each model."""
    wanted: dict[str, set[Any]] = {}
    for change in changes:
        if change.kind == ChangeKind.CHANGED and change.tracked_model:
            wanted.setdefault(change.model, set()).add(change.row_pk)
        for column, values in change.columns.items():
            column_field = change.field(column)
            if column_field and column_field.is_relation:
                wanted.setdefault(target(column_field), set()).update(value for value in values if value is not None)
    return {(label, row.pk): _name(row) for label, pks in wanted.items() for row in _rows(label, pks)}


def _rows(label: str, pks: set[Any]) -> Iterable[models.Model]:
    model: Any = apps.get_model(label)
    relations = [it.name for it in model._meta.concrete_fields if it.is_relation and it.related_model is not model]
    rows: Iterable[models.Model] = model._base_manager.select_related(*relations).filter(pk__in=pks)
    return rows


def _name(row: models.Model) -> str:
    return role_label(row) if isinstance(row, Group) else str(row)


def _together(changes: list[Change]) -> dict[tuple[str, str, str], int]:
    wanted = {_kind(change) for change in changes}
    if not wanted:
        return {}
    asked = json.dumps([dict(zip(("context", "model", "kind"), it, strict=True)) for it in wanted])
    with connection.cursor() as cursor:
        cursor.execute(TOGETHER, {"together": asked, "most": MOST_COUNTED})
        return {(context, model, kind): count for context, model, kind, count in cursor.fetchall()}


def _kind(change: Change) -> tuple[str, str, str]:
    return change.context, change.model, change.kind
