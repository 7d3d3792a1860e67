"""What was typed wrongly may be taken back, until a touchpoint comes with it."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import Customer, Identity
from tests.factories import make_consent, make_customer, make_user
from tests.touchpoints.ingesting import Sender, event

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.CUSTOMER_SUCCESS))
    return client


@pytest.fixture
def typed(client: Client) -> Identity:
    anna = make_customer()
    client.post(
        reverse("admin:customers_identity_add"), {"customer": anna.pk, "kind": "email", "value": "ana@example.org"}
    )
    return Identity.objects.get()


def delete(client: Client, identity: Identity) -> int:
    return client.post(reverse("admin:customers_identity_delete", args=[identity.pk]), {"post": "yes"}).status_code


def test_whose_address_is_typed_is_known_from_then_on(client: Client) -> None:
    visitor = make_customer(is_known=False)
    address = reverse("admin:customers_identity_add")
    answer = client.post(address, {"customer": visitor.pk, "kind": "email", "value": "ana@example.org"})
    visitor.refresh_from_db()
    assert (answer.status_code, visitor.is_known) == (302, True)


def test_it_is_removed(client: Client, typed: Identity) -> None:
    assert typed.is_by_hand
    assert delete(client, typed) == 302
    assert not Identity.objects.exists()
    assert Customer.objects.exists()


def test_it_stays_once_a_touchpoint_came_with_it(client: Client, typed: Identity) -> None:
    Sender.new().items(event(customer={"email": "Ana@example.org"}))
    typed.refresh_from_db()

    assert not typed.is_by_hand
    assert delete(client, typed) == 403
    assert Identity.objects.exists()


def test_a_browser_naming_it_counts_too(typed: Identity) -> None:
    Sender.new(kind="browser").items(event(customer={"email": "ana@example.org"}))
    typed.refresh_from_db()

    assert (typed.is_by_hand, typed.is_trusted) == (False, True)


def test_it_stays_while_a_consent_rests_on_it(client: Client, typed: Identity) -> None:
    make_consent(typed.customer, address=typed.value)
    assert delete(client, typed) == 302

    page = client.get(reverse("admin:customers_identity_change", args=[typed.pk])).content.decode()
    assert "The ledger of consents holds entries for this address" in page
    assert Identity.objects.exists()


def test_what_a_touchpoint_brought_is_never_removed(client: Client) -> None:
    Sender.new().items(event(customer={"email": "eva@example.org"}))
    assert delete(client, Identity.objects.get()) == 403
