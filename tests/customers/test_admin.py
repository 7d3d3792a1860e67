"""What staff write about customers in the administration: identities, consents, merges, suppressions."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import Consent, Customer, Identity, Merge, Suppression
from customers.suppression import address_hmac
from tests.factories import make_brand, make_consent, make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.ADMINISTRATOR))
    return client


def add(client: Client, model: str, **fields: object) -> HttpResponse:
    return client.post(reverse(f"admin:customers_{model}_add"), fields)


def errors(answer: HttpResponse) -> set[str]:
    return set(answer.context["adminform"].form.errors)


def consent_fields(**given: object) -> dict[str, object]:
    customer = make_customer()
    return {
        "customer": customer.pk, "brand": make_brand().pk, "state": "granted", "purpose": "survey",
        "channel": "email", "address": " Anna@Example.DE ", "basis": "opt_in", "origin": "phone",
    } | given  # fmt: skip


def test_it_adds_a_customer_with_a_normalised_address(client: Client) -> None:
    add(
        client, "customer", kind="person", family_name="Müller",
        **{"identities-TOTAL_FORMS": 1, "identities-INITIAL_FORMS": 0},
        **{"notes-TOTAL_FORMS": 0, "notes-INITIAL_FORMS": 0},
        **{"identities-0-kind": "email", "identities-0-value": " Anna@Example.DE "},
    )  # fmt: skip

    customer = Customer.objects.get()
    assert customer.is_known
    assert [identity.value for identity in customer.identities.all()] == ["anna@example.de"]


@pytest.mark.parametrize(("kind", "value"), [("email", "anna"), ("phone", "12"), ("user_id", "a\x07b")])
def test_it_says_how_to_write_an_identity(client: Client, kind: str, value: str) -> None:
    answer = add(client, "identity", customer=make_customer().pk, kind=kind, value=value)

    assert errors(answer) == {"value"}
    assert not Identity.objects.exists()


def test_it_finds_by_name_and_by_the_beginning_of_an_address(client: Client) -> None:
    make_customer(email="zoe@example.de", given_name="Zoë", family_name="Strauß")
    make_customer(given_name="Other")

    for term in ("strauss zoe", "zoe@ex"):
        answer = client.get(reverse("admin:customers_customer_changelist"), {"q": term})
        assert [customer.given_name for customer in answer.context["cl"].result_list] == ["Zoë"]


def test_it_writes_a_consent_with_who_recorded_it(client: Client) -> None:
    add(client, "consent", **consent_fields())

    consent = Consent.objects.get()
    assert (consent.address, consent.basis, consent.state) == ("anna@example.de", "opt_in", "granted")
    assert consent.recorded_by is not None


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"address": ""}, {"address"}),
        ({"basis": ""}, {"basis"}),
        ({"address": "anna"}, {"address"}),
        ({"state": "objected"}, {"basis"}),
        ({"basis": "existing_customer"}, {"is_from_sale", "is_for_similar_goods", "is_notice_given"}),
        (
            {"basis": "existing_customer", "channel": "phone", "address": "030 1234567", "is_from_sale": "on",
             "is_for_similar_goods": "on", "is_notice_given": "on"},
            {"channel"},
        ),
    ],
)  # fmt: skip
def test_it_refuses_a_consent_that_the_law_does_not_know(
    client: Client, given: dict[str, str], wrong: set[str]
) -> None:
    answer = add(client, "consent", **consent_fields(**given))

    assert wrong <= errors(answer)
    assert not Consent.objects.exists()


def test_it_writes_an_objection_and_takes_a_consent_back(client: Client) -> None:
    add(client, "consent", **consent_fields(state="objected", basis="", address=""))
    assert Consent.objects.get().state == "objected"

    granted = make_consent(make_customer(), address="b@example.de")
    client.post(reverse("admin:customers_consent_withdrawal", args=[granted.pk]))
    assert Consent.objects.filter(customer=granted.customer, state="withdrawn", address="b@example.de").count() == 1
    assert Consent.objects.get(pk=granted.pk).state == "granted"


def test_it_merges_and_undoes(client: Client) -> None:
    kept, merged = make_customer(), make_customer()

    add(client, "merge", kept=kept.pk, merged=merged.pk, reason="same card")
    merged.refresh_from_db()
    assert merged.canonical_id == kept.pk
    assert errors(add(client, "merge", kept=merged.pk, merged=kept.pk, reason="again")) == {"merged"}

    merge = Merge.objects.get()
    client.post(reverse("admin:customers_merge_undoing", args=[merge.pk]))
    merged.refresh_from_db()
    assert merged.canonical_id == merged.pk
    assert client.post(reverse("admin:customers_merge_undoing", args=[merge.pk])).status_code == 403


def test_it_suppresses_an_address_and_keeps_only_its_fingerprint(client: Client) -> None:
    add(client, "suppression", address="Anna@Example.DE", scope="all", reason="asked by phone")

    suppression = Suppression.objects.get()
    assert bytes(suppression.address_hmac) == address_hmac("anna@example.de")
    page = client.get(reverse("admin:customers_suppression_change", args=[suppression.pk]))
    assert b"anna@example" not in page.content.lower()


@pytest.mark.parametrize(("country", "value"), [("AT", "+43664123456"), ("", "+41664123456")])
def test_a_phone_number_belongs_to_the_country_of_the_customer_or_else_of_the_brand(client, country, value):
    brand = make_brand()
    brand.country = "CH"
    brand.save()
    anna = make_customer(country=country)

    add(client, "identity", customer=anna.pk, kind="phone", value="0664 123456")

    assert Identity.objects.get().value == value
