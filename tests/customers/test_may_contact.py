"""The gate on real rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Brand
from customers.actions import object_to, record_consent, suppress_address, withdraw
from customers.consent import ContactDecision, contact_decisions, may_contact
from customers.models import Customer, Identity
from tests.factories import make_brand, make_consent, make_customer

pytestmark = pytest.mark.django_db
ANNA = "anna@example.com"


def ask(customer: Customer, **fields: Any) -> ContactDecision:
    defaults = {"purpose": "survey", "channel": "email", "brand": make_brand(), "now": timezone.now()}
    return may_contact(customer, **defaults | fields)


@pytest.fixture
def anna() -> Customer:
    return make_customer(email=ANNA)


def test_it_allows_what_the_person_agreed_to(anna: Customer) -> None:
    consent = record_consent(customer=anna, brand=make_brand(), purpose="survey", address=ANNA, origin="checkout")

    decision = ask(anna)

    assert decision == ContactDecision(
        is_allowed=True, purpose="survey", address=ANNA, basis="opt_in", consent_id=consent.pk
    )
    assert not ask(anna, purpose="review").is_allowed
    assert not ask(anna, purpose="marketing").is_allowed


def test_it_does_not_take_a_marketing_consent_for_a_survey(anna: Customer) -> None:
    make_consent(anna, address=ANNA, purpose="marketing")

    assert ask(anna).reason == "no_legal_basis"


@pytest.mark.parametrize("missing", ["is_from_sale", "is_for_similar_goods", "is_notice_given"])
def test_it_knows_no_existing_customer_without_all_conditions(anna: Customer, missing: str) -> None:
    conditions = {"is_from_sale": True, "is_for_similar_goods": True, "is_notice_given": True}
    fields: dict[str, Any] = {"customer": anna, "brand": make_brand(), "purpose": "survey", "address": ANNA}
    with pytest.raises(ValidationError):
        record_consent(**fields, origin="checkout", basis="existing_customer", **conditions | {missing: False})

    record_consent(**fields, origin="checkout", basis="existing_customer", **conditions)
    assert ask(anna).basis == "existing_customer"


def test_it_never_writes_to_an_address_that_only_a_browser_claimed() -> None:
    customer = make_customer()
    Identity.objects.create(customer=customer, kind="email", value=ANNA, is_trusted=False)
    make_consent(customer, address=ANNA)

    assert ask(customer).reason == "no_address"
    assert ask(customer, purpose="service").reason == "no_address"


def test_it_hears_a_withdrawal_and_an_objection(anna: Customer) -> None:
    consent = make_consent(anna, address=ANNA)
    withdraw(consent=consent, origin="phone")
    assert ask(anna).reason == "withdrawn"

    make_consent(anna, address=ANNA, recorded_at=timezone.now())
    assert ask(anna).is_allowed
    object_to(customer=anna, brand=make_brand(), origin="phone")
    assert {ask(anna, purpose=purpose).reason for purpose in ("survey", "review", "marketing")} == {"objected"}
    assert ask(anna, purpose="service").is_allowed


def test_it_objects_to_one_purpose_alone(anna: Customer) -> None:
    for purpose in ("survey", "review"):
        make_consent(anna, address=ANNA, purpose=purpose)
    object_to(customer=anna, brand=make_brand(), origin="unsubscribe", purposes=["survey"])

    assert ask(anna).reason == "objected"
    assert ask(anna, purpose="review").is_allowed


def test_it_suppresses_an_address_whoever_holds_it(anna: Customer) -> None:
    suppress_address(address="Anna@Example.com ", reason="hard bounce")
    suppress_address(address=ANNA, reason="hard bounce")
    make_consent(anna, address=ANNA)

    assert ask(anna).reason == "suppressed"
    assert ask(anna, purpose="service").reason == "suppressed"
    assert ask(make_customer(email="ben@example.com"), purpose="service").is_allowed


def test_it_suppresses_advertising_alone(anna: Customer) -> None:
    suppress_address(address=ANNA, reason="complaint", scope="advertising")
    make_consent(anna, address=ANNA)

    assert ask(anna).reason == "suppressed"
    assert ask(anna, purpose="service").is_allowed


def test_it_hears_everybody_of_a_merged_group(anna: Customer) -> None:
    make_consent(anna, address=ANNA)
    double = make_customer(email="anna@work.example", canonical=anna)
    assert ask(double).address == ANNA

    object_to(customer=double, brand=make_brand(), origin="phone")
    assert ask(anna).reason == "objected"


def test_it_keeps_brands_apart(anna: Customer) -> None:
    make_consent(anna, address=ANNA)

    assert ask(anna, brand=make_brand(is_default=False)).reason == "no_legal_basis"


def test_it_refuses_while_the_brand_lacks_its_imprint(anna: Customer) -> None:
    brand = make_brand(imprint_url="", is_default=False)

    assert ask(anna, brand=brand, purpose="service").reason == "brand_incomplete"
    assert Brand.objects.filter(pk=brand.pk).exists()


def test_it_ignores_a_consent_from_later(anna: Customer) -> None:
    make_consent(anna, address=ANNA, recorded_at=timezone.now())

    assert not ask(anna, now=timezone.now() - timedelta(days=1)).is_allowed


def test_it_asks_for_many_people_in_four_queries() -> None:
    brand = make_brand()
    customers = [make_customer(email=f"{number}@example.com") for number in range(20)]
    for customer in customers[:10]:
        make_consent(customer, address=customer.identities.get().value)

    with CaptureQueriesContext(connection) as queries:
        decisions = contact_decisions(customers, purpose="survey", channel="email", brand=brand, now=timezone.now())

    assert len(queries) == 4
    assert [decisions[customer.pk].is_allowed for customer in customers] == [True] * 10 + [False] * 10
