"""Rules while somebody builds them: unfinished rows keep what was typed, and each change gives the whole anew.

In the form a group at `rules-1` has `rules-1-op`, a condition `rules-1-is` and its own fields `rules-1-…`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from customers.segments.condition import Condition, find
from customers.segments.rules import DEEPEST, MOST_CONDITIONS, Check, Group, InvalidRulesError, Operator, Problem

if TYPE_CHECKING:
    from django.http import QueryDict

    Data = QueryDict | Mapping[str, Any]

ROOT = "rules"


@dataclass
class Row:
    """A condition, perhaps not chosen yet."""

    place: str
    key: str = ""
    form: Condition | None = None
    is_new: bool = False

    @property
    def label(self) -> str:
        return str(self.form.label) if self.form else _("new condition")

    @property
    def problem(self) -> str:
        if self.form:
            return ""
        return _("There is no condition “%(key)s”.") % {"key": self.key} if self.key else _("Choose a condition.")


@dataclass
class Box:
    """A group with what stands in it."""

    place: str
    operator: str = Operator.AND
    rules: list[Box | Row] = field(default_factory=list)
    is_new: bool = False

    @property
    def depth(self) -> int:
        return self.place.count("-")

    @property
    def may_hold_groups(self) -> bool:
        return self.depth < DEEPEST - 1

    @property
    def problem(self) -> str:
        return "" if self.rules else _("This group is empty: add a condition, or remove the group.")

    def everything(self) -> Iterator[Box | Row]:
        yield self
        for rule in self.rules:
            if isinstance(rule, Box):
                yield from rule.everything()
            else:
                yield rule


@dataclass
class Draft:
    box: Box
    is_checked: bool = False
    """With what is wrong shown beside it."""

    def bound(self) -> Group[Condition]:
        """Raises InvalidRulesError with what is missing."""
        if problems := list(self.problems()):
            raise InvalidRulesError(problems)
        return _bound(self.box)

    def problems(self) -> Iterator[Problem]:
        rows = [it for it in self.box.everything() if isinstance(it, Row)]
        if len(rows) > MOST_CONDITIONS:
            yield Problem("", _("More than %(most)s conditions are too many.") % {"most": MOST_CONDITIONS})
        for rule in self.box.everything():
            if rule.problem:
                yield Problem(rule.place, rule.problem)
            elif isinstance(rule, Row) and rule.form:
                yield from _missing(rule.form)

    def written(self) -> dict[str, Any]:
        return _written(self.bound())


def _missing(form: Condition) -> Iterator[Problem]:
    for name, errors in form.errors.items():
        label = form[name].label if name in form.fields else ""
        where = form[name].auto_id if name in form.fields else ""
        yield from (Problem(where, f"{form.label}, {label}: {error}") for error in errors)


def _bound(box: Box) -> Group[Condition]:
    rules = [_bound(rule) if isinstance(rule, Box) else rule.form for rule in box.rules]
    return Group(Operator(box.operator), tuple(rule for rule in rules if rule))


def _written(rule: Group[Condition] | Condition) -> dict[str, Any]:
    if isinstance(rule, Condition):
        return {"condition": rule.key, "with": rule.values()}
    return {rule.operator.value: [_written(inner) for inner in rule.rules]}


def new() -> Draft:
    return Draft(Box(ROOT, rules=[Row(f"{ROOT}-1")]))


def stored(rule: Group[Check]) -> Draft:
    """To go on with what was saved."""
    return Draft(_stored_box(rule, ROOT))


def _stored_box(group: Group[Check], place: str) -> Box:
    box = Box(place, group.operator)
    for number, rule in enumerate(group.rules, 1):
        inner = f"{place}-{number}"
        if isinstance(rule, Group):
            box.rules.append(_stored_box(rule, inner))
        else:
            kind = find(rule.condition)
            form = kind(initial=_initial(kind, rule.values), prefix=inner) if kind else None
            box.rules.append(Row(inner, rule.condition, form))
    return box


def _initial(kind: type[Condition], values: Mapping[str, Any]) -> dict[str, Any]:
    """A field left empty is empty, not what a new row begins with."""
    return dict.fromkeys(kind.base_fields, "") | dict(values)


def typed(data: Data, *, is_checked: bool) -> Draft:
    """What a form sent, however unfinished. Checked, its fields carry their errors."""
    places = sorted(_places(data), key=lambda place: [int(number) for number in place.split("-")[1:]])
    draft = Draft(Box(ROOT, _operator(data, ROOT)), is_checked)
    boxes = {ROOT: draft.box}
    for place in places:
        parent = boxes.get(place.rpartition("-")[0])
        if parent is None:
            continue
        if f"{place}-op" in data:
            boxes[place] = Box(place, _operator(data, place))
            parent.rules.append(boxes[place])
        else:
            parent.rules.append(_typed_row(data, place, is_checked=is_checked))
    return draft


def _places(data: Data) -> set[str]:
    found = (re.fullmatch(rf"({ROOT}(?:-\d{{1,3}}){{1,{DEEPEST}}})-(?:op|is)", name) for name in data)
    return {match[1] for match in found if match}


def _operator(data: Data, place: str) -> str:
    wanted = data.get(f"{place}-op", "")
    return wanted if wanted in list(Operator) else Operator.AND


def _typed_row(data: Data, place: str, *, is_checked: bool) -> Row:
    key = data.get(f"{place}-is", "")
    kind = find(key)
    if kind is None:
        return Row(place, key)
    if is_checked:
        return Row(place, key, kind(data, prefix=place))
    names = [name for name in kind.base_fields if f"{place}-{name}" in data]
    if not names:  # just chosen
        return Row(place, key, kind(prefix=place))
    return Row(place, key, kind(initial=_initial(kind, {it: data[f"{place}-{it}"] for it in names}), prefix=place))


def checked(draft: Draft) -> Draft:
    """The same as if it were sent now; the one given stays as it is."""
    return Draft(_checked(draft.box), is_checked=True)


def _checked(box: Box) -> Box:
    rules = [_checked(rule) if isinstance(rule, Box) else _checked_row(rule) for rule in box.rules]
    return replace(box, rules=rules)


def _checked_row(row: Row) -> Row:
    if row.form is None:
        return row
    values = {row.form.add_prefix(name): row.form[name].value() for name in row.form.fields}
    return replace(row, form=type(row.form)(values, prefix=row.place))


def change(draft: Draft, what: str) -> Draft:
    """`what` is what a button says: “add-condition rules-1”, “add-group rules”, “remove rules-1-2”."""
    verb, _space, place = what.partition(" ")
    boxes = {it.place: it for it in draft.box.everything() if isinstance(it, Box)}
    if verb == "remove" and place != ROOT:
        parent = boxes.get(place.rpartition("-")[0])
        if parent:
            parent.rules = [rule for rule in parent.rules if rule.place != place]
    elif box := boxes.get(place):
        free = f"{place}-{1 + max((int(rule.place.rpartition('-')[2]) for rule in box.rules), default=0)}"
        if verb == "add-condition":
            box.rules.append(Row(free, is_new=True))
        elif verb == "add-group" and box.may_hold_groups:
            box.rules.append(Box(free, Operator.OR, [Row(f"{free}-1", is_new=True)]))
    return draft
