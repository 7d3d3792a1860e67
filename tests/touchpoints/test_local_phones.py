"""A phone number without prefix belongs to the country of the customer it is sent with, else to that of the source."""

import pytest

from customers.actions import merge_customers
from customers.models import Customer, Identity
from tests.factories import make_customer
from tests.touchpoints.ingesting import Sender, event
from tests.touchpoints.sdk_sending import Sdk, assert_taken, call

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Sender:
    return Sender.new()


@pytest.fixture
def sdk() -> Sdk:
    return Sdk.new()


def phones() -> set[str]:
    return set(Identity.objects.filter(kind="phone").values_list("value", flat=True))


@pytest.mark.parametrize(
    ("country", "sent", "number"),
    [
        ("AT", "0664 1234567", "+436641234567"),
        ("", "0664 1234567", "+496641234567"),
        ("AT", "+49 664 1234567", "+496641234567"),
        ("AT", "0049 664 1234567", "+496641234567"),
        ("AT", 6641234567, "+436641234567"),
    ],
)
def test_it_belongs_to_the_country_of_the_customer_who_is_found(server, country, sent, number):
    anna = make_customer(email="anna@example.org", country=country)
    server.send(event(customer={"email": "anna@example.org", "phone": sent}))
    assert phones() == {number}
    assert Identity.objects.get(kind="phone").customer == anna


def test_of_merged_records_the_person_counts(server):
    kept, merged = make_customer(country="AT"), make_customer(email="anna@example.org", country="CH")
    merge_customers(kept=kept, merged=merged, reason="same")
    server.send(event(customer={"email": "anna@example.org", "phone": "0664 1234567"}))
    assert phones() == {"+436641234567"}


def test_a_number_of_another_customer_abroad_stays_there(server):
    anna, ben = make_customer(email="anna@example.org", country="AT"), make_customer(email="ben@example.org")
    Identity.objects.create(customer=ben, kind="phone", value="+436641234567", is_trusted=True)
    taken = Identity.objects.create(customer=ben, kind="phone", value="+496641234567", is_by_hand=True)
    server.send(event(customer={"email": "anna@example.org", "phone": "0664 1234567"}))
    assert set(Identity.objects.filter(kind="phone").values_list("customer", flat=True)) == {ben.pk}
    assert (Customer.objects.count(), anna.identities.count()) == (2, 1)
    taken.refresh_from_db()
    assert taken.is_by_hand  # nobody named it


def test_each_event_of_a_batch_has_its_own_country(server):
    for name, country in (("a", "AT"), ("b", "CH"), ("c", "")):
        make_customer(email=f"{name}@example.org", country=country)
    numbers = {"a": "0664 1234567", "b": "079 1234567", "c": "030 1234567"}
    server.send(
        *(event(name, customer={"email": f"{name}@example.org", "phone": it}) for name, it in numbers.items()),
        event("d", customer={"phone": "030 1234567"}),
    )
    assert phones() == {"+436641234567", "+41791234567", "+49301234567"}


@pytest.mark.parametrize(
    ("stored", "told", "number"),
    [
        ("", "AT", "+436641234567"),
        ("AT", "", "+436641234567"),
        ("AT", "UK", "+436641234567"),
        ("CH", "AT", "+436641234567"),
        ("", "", "+496641234567"),
    ],
)
def test_an_address_in_the_same_event_says_it_first(sdk, stored, told, number):
    make_customer(email="anna@example.org", country=stored)
    traits = {"email": "anna@example.org", "phone": "0664 1234567", "address": {"country": told}}
    assert_taken(sdk.send(call("identify", userId="K1", traits=traits)))
    assert phones() == {number}
