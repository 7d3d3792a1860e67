"""Which models hold rows of a person: whatever leads to a customer by its relations. Nobody keeps a list of them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from customers.models import Customer

# From one row to the next; longer ways lead through somebody else.
LONGEST_WAY = 3
# They stand for a person, and say nothing about one.
NOT_THE_PERSON = {("customers.customer", "canonical"), ("customers.customeraccess", "customer")}


@dataclass(frozen=True)
class Holding:
    """A model with the ways (lookups) from its rows to the customer."""

    model: type[models.Model]
    ways: tuple[str, ...]

    def of(self, records: Collection[int]) -> models.QuerySet[Any]:
        found = reduce(or_, (Q(**{f"{way}__in": records}) for way in self.ways))
        # By id: a way through another table may find a row twice.
        rows = self.model._default_manager.filter(found).values("pk")
        return self.model._default_manager.filter(pk__in=rows).order_by("pk")

    @property
    def depth(self) -> int:
        return max(way.count("__") + 1 for way in self.ways)


@cache
def holdings() -> tuple[Holding, ...]:
    """The farthest first, so that nothing is left pointing at a row that went; customers themselves last."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        ways = tuple(_ways(model))
        if ways and not model._meta.proxy:
            found.append(Holding(model, ways))
    found.sort(key=lambda it: (-it.depth, it.model._meta.label))
    return (*found, Holding(Customer, ("pk",)))


def of_whom_nothing_is_held(
    records: Collection[int], *, but: Mapping[type[models.Model], models.QuerySet[Any]]
) -> set[int]:
    """Records without name, address or owner, to which nothing leads save the rows in `but`."""
    personal = [it for it in Customer._meta.concrete_fields if it.name in personal_fields(Customer)]
    empty = {it.name: it.get_default() for it in personal}
    left = set(Customer.objects.filter(pk__in=records, owner=None, **empty).values_list("pk", flat=True))
    for holding in holdings():
        for way in holding.ways if holding.model is not Customer else ():
            rows = holding.model._default_manager.filter(**{f"{way}__in": left})
            if holding.model in but:
                rows = rows.exclude(pk__in=but[holding.model].values("pk"))
            left -= set(rows.values_list(way, flat=True))
    return left


def personal_fields(model: type[models.Model]) -> tuple[str, ...]:
    """What the model declares: fields that may tell about a person."""
    declared: tuple[str, ...] = getattr(model, "personal_fields", ())
    return declared


def _ways(model: type[models.Model], length: int = 1) -> Iterator[str]:
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        if target is None or (model._meta.label_lower, field.name) in NOT_THE_PERSON:
            continue
        if target is Customer:
            yield field.name
        elif length < LONGEST_WAY and target is not model:
            yield from (f"{field.name}__{way}" for way in _ways(target, length + 1))
