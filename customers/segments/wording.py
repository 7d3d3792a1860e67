"""A segment as one sentence that a colleague understands."""

from __future__ import annotations

from django.utils.translation import gettext

from customers.segments.condition import Condition
from customers.segments.rules import Group, Operator


def sentence(rules: Group[Condition]) -> str:
    return gettext("People who %(conditions)s.") % {"conditions": _said(rules, is_negated=False, is_outermost=True)}


def _said(rule: Group[Condition] | Condition, *, is_negated: bool, is_outermost: bool = False) -> str:
    """“Not” is pushed down to the conditions (De Morgan): each knows how it is denied in good words."""
    if isinstance(rule, Condition):
        return rule.phrase(is_negated=is_negated)
    if rule.operator == Operator.NOT:
        is_negated = not is_negated
    phrases = [_said(inner, is_negated=is_negated) for inner in rule.rules]
    if len(phrases) == 1:
        return phrases[0]
    # None of A and B is not A and not B; not all of A and B is not A or not B.
    is_all = (rule.operator == Operator.AND) != is_negated if rule.operator != Operator.NOT else is_negated
    text = (gettext(" and ") if is_all else gettext(" or ")).join(phrases)
    return text if is_outermost else f"({text})"
