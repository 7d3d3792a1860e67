"""The version of a customer counts every change of its row and tags, whoever writes and however many at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from customers.models import Customer, Tag
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


def version_of(customer: Customer) -> int:
    return Customer.objects.values_list("version", flat=True).get(pk=customer.pk)


@pytest.fixture
def anna() -> Customer:
    return make_customer(city="Berlin")


def test_it_begins_with_one(anna: Customer) -> None:
    assert version_of(anna) == 1


def test_it_counts_a_save_and_a_bulk_write(anna: Customer) -> None:
    anna.city = "Hamburg"
    anna.save()
    Customer.objects.update(city="Bremen", owner=make_user())

    assert version_of(anna) == 3


def test_a_save_that_changes_nothing_does_not_count(anna: Customer) -> None:
    read_before = Customer.objects.get(pk=anna.pk)
    Customer.objects.update(city="Bremen")
    anna.refresh_from_db()
    anna.save()
    assert version_of(anna) == 2

    read_before.save()  # writes its old version too
    assert version_of(anna) == 3


def test_nobody_sets_it(anna: Customer) -> None:
    Customer.objects.update(version=77)
    Customer.objects.update(version=77, city="Bremen")

    assert version_of(anna) == 2


def test_it_counts_tags_also_those_written_in_bulk(anna: Customer) -> None:
    bert, other, tag = make_customer(), make_customer(), Tag.objects.create(key="regular", name="Regular")
    anna.tags.add(tag)
    bert.tags.add(tag)
    assert (version_of(anna), version_of(bert), version_of(other)) == (2, 2, 1)

    anna.tags.add(tag)
    assert version_of(anna) == 2

    tag.delete()
    assert (version_of(anna), version_of(bert), version_of(other)) == (3, 3, 1)


@pytest.mark.parametrize("again", ["Müller & Söhne", "MUELLER & SOHNE", "mueller & soehne"])
def test_a_tag_is_named_once_however_it_is_spelled(again: str) -> None:
    Tag.objects.create(key="one", name="Müller & Söhne")
    with pytest.raises(ValidationError) as refused:
        Tag(key="two", name=again).full_clean()
    assert set(refused.value.message_dict) == {"__all__"}
    with pytest.raises(IntegrityError, match="tag_name_uniq"):
        Tag.objects.create(key="two", name=again)
