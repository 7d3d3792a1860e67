"""The language of segments: a tree of groups and conditions, read from JSON and written back. Free of the database.

    {"and": [
        {"condition": "country", "with": {"countries": ["DE"]}},
        {"not": [{"condition": "tag", "with": {"tag": "regular"}}]}
    ]}

`and`: all of them hold; `or`: at least one; `not`: none of them. What each condition takes, it says itself
(segments.condition); docs/integrators.md lists them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

DEEPEST = 5
MOST_CONDITIONS = 50
MOST_WORDS = 200
LONGEST_TEXT = 200


class Operator(StrEnum):
    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True)
class Check:
    """One condition by its key, with what was filled in."""

    condition: str
    values: dict[str, Any] = field(default_factory=dict)


Leaf = TypeVar("Leaf")


@dataclass(frozen=True)
class Group(Generic[Leaf]):
    """Its rules are conditions and further groups."""

    operator: Operator
    rules: tuple[Group[Leaf] | Leaf, ...]


@dataclass(frozen=True)
class Problem:
    """`where` counts from 1 in each group: “2.1” is the first in the group that stands second; empty is the whole."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class InvalidRulesError(Exception):
    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems))
        self.problems = problems


def parse(value: object) -> Group[Check]:
    """Raises InvalidRulesError with everything that is wrong, not only the first."""
    problems: list[Problem] = []
    rule = _group(value, "", problems)
    if _conditions(rule) > MOST_CONDITIONS:
        problems.append(Problem("", _("More than %(most)s conditions are too many.") % {"most": MOST_CONDITIONS}))
    if problems:
        raise InvalidRulesError(problems)
    return rule


def written(rule: Group[Check] | Check) -> dict[str, Any]:
    """What `parse` reads."""
    if isinstance(rule, Check):
        return {"condition": rule.condition, "with": rule.values}
    return {rule.operator.value: [written(inner) for inner in rule.rules]}


def place(where: str, number: int) -> str:
    return f"{where}.{number}" if where else str(number)


def _conditions(rule: Group[Check] | Check) -> int:
    return 1 if isinstance(rule, Check) else sum(map(_conditions, rule.rules))


def _rule(value: object, where: str, problems: list[Problem]) -> Group[Check] | Check:
    if isinstance(value, dict) and "condition" in value:
        return _check(value, where, problems)
    return _group(value, where, problems)


def _group(value: object, where: str, problems: list[Problem]) -> Group[Check]:
    empty: Group[Check] = Group(Operator.AND, ())
    if where and where.count(".") + 1 >= DEEPEST:
        told = _("Groups stand in each other at most %(deepest)s deep.") % {"deepest": DEEPEST}
        problems.append(Problem(where, told))
        return empty
    if not isinstance(value, dict) or len(value) != 1 or next(iter(value)) not in list(Operator):
        told = _("Expected a group, “and”, “or” or “not” with a list of rules, or a “condition”.")
        problems.append(Problem(where, told))
        return empty
    [(operator, rules)] = value.items()
    if not isinstance(rules, list) or not rules:
        problems.append(Problem(where, _("This group is empty: add a condition, or remove the group.")))
        return empty
    inner = [_rule(rule, place(where, number), problems) for number, rule in enumerate(rules, 1)]
    return Group(Operator(operator), tuple(inner))


def _check(value: dict[str, Any], where: str, problems: list[Problem]) -> Check:
    unknown = ", ".join(sorted(str(name) for name in value.keys() - {"condition", "with"}))
    if unknown:
        told = _("A condition has only “condition” and “with”, not: %(unknown)s.") % {"unknown": unknown}
        problems.append(Problem(where, told))
    key, values = value["condition"], value.get("with", {})
    if not isinstance(key, str):
        problems.append(Problem(where, _("“condition” is the key of a condition, as text.")))
    if not isinstance(values, dict) or not all(_is_value(it) for it in values.values()):
        told = _("“with” holds a text, a number or a list of texts for each field of the condition.")
        problems.append(Problem(where, told))
        return Check(str(key))
    return Check(str(key), values)


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return len(value) <= MOST_WORDS and all(_is_text(it) for it in value)
    return _is_text(value) or (isinstance(value, (int, float)) and not isinstance(value, bool))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and "\0" not in value
