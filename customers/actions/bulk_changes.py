"""One change of many customers, who are held first."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from customers.holding import hold_people
from customers.models import BulkChange, Customer, Tag
from customers.models.bulk_change import BulkChangeKind

Rows = list[tuple[int, int | None]]
Link: Any = Customer.tags.through


@transaction.atomic
def add_tag(*, customers: Iterable[int], tag: Tag, by: User | None) -> BulkChange:
    """Whoever has the tag already, on any of their records, is left alone."""
    people = Customer.objects.filter(pk__in=_people(customers)).exclude(pk__in=Customer.objects.tagged(tag))
    links = Link.objects.bulk_create(Link(customer_id=pk, tag=tag) for pk in people.values_list("pk", flat=True))
    rows: Rows = [(link.customer_id, link.pk) for link in links]
    return _noted(rows, kind=BulkChangeKind.ADD_TAG, tag=tag, created_by=by)


@transaction.atomic
def remove_tag(*, customers: Iterable[int], tag: Tag, by: User | None) -> BulkChange:
    """From all records of these people."""
    links = Link.objects.filter(tag=tag, customer__in=list(hold_people(list(customers))))
    rows: Rows = [(customer, None) for customer in links.values_list("customer_id", flat=True)]
    links.delete()
    return _noted(rows, kind=BulkChangeKind.REMOVE_TAG, tag=tag, created_by=by)


@transaction.atomic
def set_owner(*, customers: Iterable[int], owner: User | None, by: User | None) -> BulkChange:
    people = Customer.objects.filter(pk__in=_people(customers))
    rows: Rows = [row for row in people.values_list("pk", "owner_id") if row[1] != (owner.pk if owner else None)]
    people.filter(pk__in=[pk for pk, _before in rows]).update(owner=owner)
    return _noted(rows, kind=BulkChangeKind.SET_OWNER, owner=owner, created_by=by)


@transaction.atomic
def undo_bulk_change(*, change: BulkChange, by: User | None) -> int:
    """Take back what this change did and nobody changed again since; how many customers that were."""
    held = hold_people([pk for pk, _before in change.rows])
    if not BulkChange.objects.filter(pk=change.pk, undone_at=None).update(undone_at=timezone.now(), undone_by=by):
        raise ValidationError(_("This change was undone already."))
    change.refresh_from_db()
    rows = [(pk, before) for pk, before in change.rows if pk in held]
    if change.kind == BulkChangeKind.ADD_TAG:
        return _delete_links([link for _pk, link in rows])
    if change.kind == BulkChangeKind.REMOVE_TAG:
        return _add_links([pk for pk, _before in rows], tag=change.tag)
    return _give_back(rows, owner=change.owner)


def _people(customers: Iterable[int]) -> set[int]:
    """The records that stand for these people, held."""
    return {it.person for it in hold_people(list(customers)).values()}


def _noted(rows: Rows, **fields: Any) -> BulkChange:
    if not rows:
        raise ValidationError(_("Nothing to change: all of them are like this already."))
    return BulkChange.objects.create(rows=rows, **fields)


def _delete_links(links: Sequence[int]) -> int:
    return int(Link.objects.filter(pk__in=links).delete()[0])


def _add_links(customers: Sequence[int], *, tag: Tag | None) -> int:
    having = set(Link.objects.filter(tag=tag, customer__in=customers).values_list("customer_id", flat=True))
    return len(Link.objects.bulk_create(Link(customer_id=pk, tag=tag) for pk in customers if pk not in having))


def _give_back(rows: Rows, *, owner: User | None) -> int:
    """An owner who left in between is nobody."""
    by_owner: dict[int | None, list[int]] = defaultdict(list)
    for pk, before in rows:
        by_owner[before].append(pk)
    existing = set(User.objects.filter(pk__in=[pk for pk in by_owner if pk]).values_list("pk", flat=True))
    return sum(
        Customer.objects.filter(pk__in=customers, owner=owner).update(owner=before if before in existing else None)
        for before, customers in by_owner.items()
    )
