"""One change of many people, and its undoing: exactly what it changed, and nothing that came after."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from customers.actions import add_tag, merge_customers, remove_tag, set_owner, undo_bulk_change
from customers.models import BulkChange, Customer, Tag
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> list[Customer]:
    return [make_customer(given_name=name) for name in ("Anna", "Bert", "Carla")]


@pytest.fixture
def tag() -> Tag:
    return Tag.objects.create(key="regular", name="Regular")


@pytest.fixture
def clara() -> User:
    return make_user()


def ids(people: list[Customer]) -> list[int]:
    return [person.pk for person in people]


def tagged() -> set[str]:
    return set(Customer.objects.filter(tags__key="regular").values_list("given_name", flat=True))


def test_it_adds_a_tag_and_takes_only_its_own_back(people: list[Customer], tag: Tag, clara: User) -> None:
    people[0].tags.add(tag)
    change = add_tag(customers=ids(people), tag=tag, by=clara)
    assert (tagged(), change.count, change.created_by) == ({"Anna", "Bert", "Carla"}, 2, clara)

    people[2].tags.remove(tag)
    people[2].tags.add(tag)  # somebody else's, later
    assert undo_bulk_change(change=change, by=clara) == 1
    assert tagged() == {"Anna", "Carla"}
    assert change.undone_by == clara


def test_it_removes_a_tag_from_all_records_of_a_person(people: list[Customer], tag: Tag, clara: User) -> None:
    anna, bert, _carla = people
    merge_customers(kept=anna, merged=bert, reason="same card")
    bert.tags.add(tag)
    change = remove_tag(customers=[anna.pk], tag=tag, by=clara)
    assert tagged() == set()

    assert undo_bulk_change(change=change, by=clara) == 1
    assert tagged() == {"Bert"}


def test_it_adds_no_tag_to_a_person_who_has_it_on_another_record(people: list[Customer], tag: Tag) -> None:
    anna, bert, _carla = people
    merge_customers(kept=anna, merged=bert, reason="same card")
    bert.tags.add(tag)

    assert add_tag(customers=ids(people), tag=tag, by=None).count == 1
    assert tagged() == {"Bert", "Carla"}


def test_it_sets_the_owner_and_gives_back_who_it_was(people: list[Customer], clara: User) -> None:
    anna, bert, carla = people
    before, after = make_user(), make_user()
    Customer.objects.filter(pk=anna.pk).update(owner=before)
    change = set_owner(customers=ids(people), owner=clara, by=clara)
    Customer.objects.filter(pk=carla.pk).update(owner=after)

    assert undo_bulk_change(change=change, by=clara) == 2
    assert [Customer.objects.get(pk=it.pk).owner for it in (anna, bert, carla)] == [before, None, after]


def test_who_left_is_nobody(people: list[Customer], clara: User) -> None:
    left = make_user()
    Customer.objects.filter(pk=people[0].pk).update(owner=left)
    change = set_owner(customers=ids(people[:1]), owner=clara, by=clara)
    left.delete()

    assert undo_bulk_change(change=change, by=clara) == 1
    assert Customer.objects.get(pk=people[0].pk).owner is None


def test_what_is_undone_is_not_undone_again(people: list[Customer], tag: Tag, clara: User) -> None:
    change = add_tag(customers=ids(people), tag=tag, by=clara)
    undo_bulk_change(change=change, by=clara)
    people[0].tags.add(tag)

    with pytest.raises(ValidationError):
        undo_bulk_change(change=change, by=clara)
    assert tagged() == {"Anna"}


def test_a_change_of_nothing_is_refused(people: list[Customer], tag: Tag) -> None:
    with pytest.raises(ValidationError):
        remove_tag(customers=ids(people), tag=tag, by=None)
    assert not BulkChange.objects.exists()


def test_it_asks_the_same_few_queries_for_any_number(tag: Tag) -> None:
    def queries(count: int) -> int:
        customers = [make_customer().pk for _ in range(count)]
        with CaptureQueriesContext(connection) as asked:
            undo_bulk_change(change=add_tag(customers=customers, tag=tag, by=None), by=None)
        return len(asked)

    assert queries(2) == queries(30) < 20
