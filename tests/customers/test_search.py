import pytest

from customers.models import Customer, Identity
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_customer(email="anna.mueller@example.org", given_name="Änna", family_name="Müller-Straße")


@pytest.mark.parametrize(
    "term",
    [
        "müller",
        "Mueller",
        "muller",
        "MÜLLER",
        "strasse",
        "straße",
        "anna",
        "änna müll",
        "Mull Aenn",
        "anna.mueller@exam",
        "ANNA.MUELLER@EXAMPLE.ORG",
    ],
)
def test_it_finds_a_name_however_it_is_spelled(anna, term):
    assert list(Customer.objects.found_by(term)) == [anna]


@pytest.mark.parametrize("term", ["", "  ", "meier", "anna meier", "mueller@example", "%", "_", "\\"])
def test_it_does_not_find(anna, term):
    assert list(Customer.objects.found_by(term)) == []


def test_it_finds_ue_written_out_by_its_umlaut():
    mueller = make_customer(family_name="Mueller")
    assert list(Customer.objects.found_by("Müller")) == [mueller]


@pytest.mark.parametrize("term", ["030 1234567", "030/1234-567", "+49301234567", "1234567"])
def test_it_finds_a_phone_number(anna, term):
    Identity.objects.create(customer=anna, kind="phone", value="+49301234567")
    assert list(Customer.objects.found_by(term)) == [anna]


def test_a_merged_record_leads_to_the_person(anna):
    other = make_customer(email="am@example.net", family_name="Schmidt")
    Customer.objects.filter(pk=other.pk).update(canonical=anna)
    assert list(Customer.objects.found_by("am@example")) == [anna]
    assert list(Customer.objects.found_by("schmidt")) == [anna]
