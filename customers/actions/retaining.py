"""Deleting what was kept long enough, batch by batch; killed at any point, the rest goes the next night."""

from datetime import datetime

from django.apps import apps
from django.apps.registry import Apps
from django.db import models, transaction

from accounts.tracking import letting_go
from customers.actions.erasing import delete_rows_of, finish_erasure, giving_way, request_erasure
from customers.holding import hold_to_delete
from customers.models import Customer, RetentionRule
from customers.models.erasure import ErasureReason
from customers.privacy.person import Person
from customers.privacy.retention import BATCH, data_classes

# So that a first night with years of old data ends before the morning.
MOST_A_NIGHT = 200_000


def apply_retention(*, now: datetime) -> dict[str, int]:
    """What every rule in force ended, by its class."""
    return {rule.key: _apply(rule, now) for rule in RetentionRule.objects.in_force()}


def due_by_retention(*, now: datetime) -> dict[str, int]:
    """The dry run: what `apply_retention` would end."""
    classes = data_classes()
    return {rule.key: classes[rule.key].due(rule.moment(now)).count() for rule in RetentionRule.objects.in_force()}


def delete_rows(model: type[models.Model], pks: list[int]) -> int:
    return int(model._default_manager.filter(pk__in=pks).delete()[0])


def let_go(model: type[models.Model], pks: list[int]) -> int:
    """Of what is append-only."""
    with letting_go():
        return delete_rows(model, pks)


def forget_anonymous(pks: list[int]) -> int:
    """Nobody knows who they are, so there is neither proof nor address to keep."""
    giving_way(lambda: _forget_anonymous(pks))
    return len(pks)


@transaction.atomic
def _forget_anonymous(pks: list[int]) -> None:
    held = hold_to_delete(pks)
    # Who became known in the meantime stays.
    delete_rows_of(Person.of([record for record, it in held.items() if not held[it.person].is_known]))


def forget_known(pks: list[int]) -> int:
    people = Customer.objects.filter(pk__in=pks)
    erasures = [request_erasure(customer=customer, reason=ErasureReason.RETENTION) for customer in people]
    return sum(finish_erasure(erasure=erasure).erased_at is not None for erasure in erasures)


def enrol_rules(*, apps: Apps = apps, **_signal: object) -> None:
    """After migrating: a class that is new gets the rule it begins with."""
    try:
        model = apps.get_model("customers", "RetentionRule")
    except LookupError:  # migrated back to before there were rules
        return
    rules = [model(key=it.key, days=it.days) for it in data_classes().values()]
    model.objects.bulk_create(rules, ignore_conflicts=True)


def _apply(rule: RetentionRule, now: datetime) -> int:
    data_class, ended = data_classes()[rule.key], 0
    while ended < MOST_A_NIGHT:
        pks = list(data_class.due(rule.moment(now)).values_list("pk", flat=True)[:BATCH])
        if not pks or not (count := data_class.end(pks)):
            break
        ended += count
    return ended
