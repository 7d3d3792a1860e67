"""What a segment may ask. Each app registers its own conditions in AppConfig.ready(); this one knows none of theirs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from customers.segments.rules import Check, Group, InvalidRulesError, Problem, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django_stubs_ext import StrOrPromise

    from accounts.models import Brand
    from customers.segments.sets import Ids


class Condition(forms.Form):
    """One question about a person; its form fields are what staff fill in, and what the JSON holds under “with”."""

    key: ClassVar[str]
    label: ClassVar[StrOrPromise]
    section: ClassVar[StrOrPromise]
    """The heading it stands under when conditions are chosen."""

    use_required_attribute = False  # an unfinished row may be moved around, saved it may not be

    def customer_ids(self, *, now: datetime, brand: Brand | None) -> Ids:
        """One column: the canonical ids of those it holds for, in any order, also repeatedly, but never NULL.

        With a brand only what happened with that brand counts.
        """
        raise NotImplementedError

    def phrase(self, *, is_negated: bool) -> str:
        """The rest of “people who …”."""
        raise NotImplementedError

    def values(self) -> dict[str, Any]:
        """The fields filled in, as JSON; rows by their keys, which are the same in another installation."""
        filled = {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}
        return {name: self._written(name, value) for name, value in filled.items()}

    def _written(self, name: str, value: Any) -> Any:
        field = self.fields[name]
        if isinstance(field, forms.ModelChoiceField):
            return getattr(value, field.to_field_name or "pk")
        return value if isinstance(value, (str, int, list)) else str(value)


_registered: dict[str, type[Condition]] = {}


def register(*conditions: type[Condition]) -> None:
    for condition in conditions:
        if _registered.setdefault(condition.key, condition) is not condition:
            raise ValueError(f"Two conditions are called {condition.key}.")


def find(key: str) -> type[Condition] | None:
    return _registered.get(key)


def by_key() -> dict[str, type[Condition]]:
    return dict(_registered)


def by_section() -> dict[str, list[type[Condition]]]:
    found: dict[str, list[type[Condition]]] = defaultdict(list)
    for condition in _registered.values():
        found[str(condition.section)].append(condition)
    return dict(found)


def bind(rule: Group[Check]) -> Group[Condition]:
    """The tree with its conditions filled in; raises InvalidRulesError with all that they object to."""
    problems: list[Problem] = []
    bound = _bind(rule, "", problems)
    if problems:
        raise InvalidRulesError(problems)
    return bound


def _bind(group: Group[Check], where: str, problems: list[Problem]) -> Group[Condition]:
    rules: list[Group[Condition] | Condition] = []
    for number, rule in enumerate(group.rules, 1):
        inner = place(where, number)
        if isinstance(rule, Group):
            rules.append(_bind(rule, inner, problems))
        elif (kind := find(rule.condition)) is None:
            problems.append(Problem(inner, _("There is no condition “%(key)s”.") % {"key": rule.condition}))
        else:
            rules.append(condition := kind(rule.values))
            problems += _objections(condition, rule, inner)
    return Group(group.operator, tuple(rules))


def _objections(condition: Condition, check: Check, where: str) -> Iterator[Problem]:
    for name in sorted(check.values.keys() - condition.fields.keys()):
        told = _("The condition “%(label)s” has no field “%(name)s”.") % {"label": condition.label, "name": name}
        yield Problem(where, told)
    for name, errors in condition.errors.items():
        label = condition[name].label if name in condition.fields else condition.label
        yield from (Problem(where, f"{label}: {error}") for error in errors)
