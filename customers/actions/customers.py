from collections.abc import Iterable
from typing import Any

from django.db import transaction

from customers.actions.identities import add_identity
from customers.holding import hold_people
from customers.identity import Identifier
from customers.models import Customer, Tag


@transaction.atomic
def create_customer(
    *, fields: dict[str, Any], identifiers: Iterable[Identifier] = (), tags: Iterable[Tag] = ()
) -> Customer:
    """Somebody known from the start. Raises IdentityTakenError when an identifier leads to another already."""
    customer = Customer.objects.create(**fields, is_known=True)
    customer.refresh_from_db()
    for known_as in sorted(identifiers):
        add_identity(customer=customer, known_as=known_as)
    customer.tags.set(tags)
    return customer


@transaction.atomic
def change_customer(*, customer: Customer, fields: dict[str, Any], tags: Iterable[Tag] | None = None) -> Customer:
    """Writes the given fields only: what others changed meanwhile stays as they left it."""
    hold_people([customer.pk])
    for name, value in fields.items():
        setattr(customer, name, value)
    customer.save(update_fields=list(fields))
    if tags is not None:
        customer.tags.set(tags)
    return customer


@transaction.atomic
def tag_customer(*, customer: Customer, tag: Tag) -> None:
    hold_people([customer.pk])
    customer.tags.add(tag)


@transaction.atomic
def untag_customer(*, customer: Customer, tag: Tag) -> None:
    hold_people([customer.pk])
    customer.tags.remove(tag)


@transaction.atomic
def untag_person(*, customer: Customer, tag: Tag) -> None:
    """From all records of the person."""
    tag.customers.remove(*hold_people([customer.pk]))
