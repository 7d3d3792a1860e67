"""Who is in a segment: the tree of conditions as one statement over sets of ids, never a loop over customers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from customers.models import Customer, Segment
from customers.models.segment import SegmentKind
from customers.segments.condition import Condition, bind
from customers.segments.consents import objected_to_profiling
from customers.segments.rules import Group, Operator, parse
from customers.segments.sets import everybody, ids, in_all, in_any, without

if TYPE_CHECKING:
    from accounts.models import Brand
    from customers.querysets import CustomerQuerySet
    from customers.segments.sets import Ids


def members(segment: Segment, *, now: datetime) -> CustomerQuerySet:
    """One row per person. Raises InvalidRulesError rather than leave out a condition that it does not know."""
    if segment.kind == SegmentKind.STATIC:
        return _allowed(ids(segment.entries.all(), "customer__canonical"), now=now)
    return members_by(bind(parse(segment.rules)), now=now, brand=segment.brand)


def members_by(rules: Group[Condition], *, now: datetime, brand: Brand | None) -> CustomerQuerySet:
    return _allowed(_ids(rules, now=now, brand=brand), now=now)


def _allowed(found: Ids, *, now: datetime) -> CustomerQuerySet:
    """Art. 21 DSGVO: who objected to profiling is in no segment, a list made by hand included."""
    return Customer.objects.canonical().filter(pk__in=without(found, objected_to_profiling(now=now)))


def _ids(rule: Group[Condition] | Condition, *, now: datetime, brand: Brand | None) -> Ids:
    if isinstance(rule, Condition):
        return rule.customer_ids(now=now, brand=brand)
    if rule.operator == Operator.AND:
        return _all_of(rule, now=now, brand=brand)
    sets = [_ids(inner, now=now, brand=brand) for inner in rule.rules]
    return without(everybody(), *sets) if rule.operator == Operator.NOT else in_any(sets)


def _all_of(group: Group[Condition], *, now: datetime, brand: Brand | None) -> Ids:
    """“A and none of B” takes B from A, not from everybody."""
    wanted, unwanted = [], []
    for rule in group.rules:
        if isinstance(rule, Group) and rule.operator == Operator.NOT:
            unwanted += [_ids(inner, now=now, brand=brand) for inner in rule.rules]
        else:
            wanted.append(_ids(rule, now=now, brand=brand))
    found = in_all(wanted) if wanted else everybody()
    return without(found, *unwanted) if unwanted else found
