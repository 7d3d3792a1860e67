"""Sets of people by the ids that stand for them. PostgreSQL sorts or hashes them, whatever their size.

NOT IN (…) and IN (…) among OR would look through a large list again for every row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from customers.models import Customer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from customers.querysets import CustomerQuerySet

    Ids = QuerySet[Any, Any]


def people() -> CustomerQuerySet:
    """One row per person."""
    return Customer.objects.canonical().order_by()


def everybody() -> Ids:
    return ids(people(), "pk")


def ids(rows: QuerySet[Any, Any], path: str) -> Ids:
    found: Ids = rows.order_by().values(path)
    return found


def in_all(sets: list[Ids]) -> Ids:
    found: Ids = sets[0].intersection(*sets[1:]) if len(sets) > 1 else sets[0]
    return found


def in_any(sets: list[Ids]) -> Ids:
    found: Ids = sets[0].union(*sets[1:]) if len(sets) > 1 else sets[0]
    return found


def without(ids: Ids, *others: Ids) -> Ids:
    found: Ids = ids.difference(*others)
    return found
