"""Notes in the administration: everybody reads them, who wrote one changes it or takes it away."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from customers.models import Customer, Note
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def clara() -> User:
    return make_user(Role.CUSTOMER_SUCCESS, first_name="Clara", last_name="")


@pytest.fixture
def client(clara: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(clara)
    return client


@pytest.fixture
def anna() -> Customer:
    return make_customer()


def page(name: str, note: Note) -> str:
    return reverse(f"admin:customers_note_{name}", args=[note.pk])


def test_one_writes_in_ones_own_name(client: Client, clara: User, anna: Customer) -> None:
    client.post(reverse("admin:customers_note_add"), {"customer": anna.pk, "text": "Calls in the morning"})

    note = Note.objects.get()
    assert (note.customer, note.author, note.api_key, note.edited_at) == (anna, clara, None, None)


def test_one_changes_and_deletes_ones_own(client: Client, clara: User, anna: Customer) -> None:
    note = Note.objects.create(customer=anna, text="Calls", author=clara)
    client.post(page("change", note), {"customer": make_customer().pk, "text": "Writes"})
    note.refresh_from_db()
    assert (note.text, note.customer) == ("Writes", anna)
    assert note.edited_at is not None

    client.post(page("delete", note), {"post": "yes"})
    assert not Note.objects.exists()


def test_nobody_touches_what_another_wrote(anna: Customer, clara: User) -> None:
    note = Note.objects.create(customer=anna, text="Calls", author=clara)
    for role in (Role.ADMINISTRATOR, Role.TEAM_LEAD, Role.SERVICE_AGENT):
        other = Client()
        other.force_login(make_user(role))
        assert other.get(page("change", note)).status_code == 200
        assert other.post(page("change", note), {"text": "Other"}).status_code == 403
        assert other.post(page("delete", note), {"post": "yes"}).status_code == 403
    note.refresh_from_db()
    assert note.text == "Calls"


def test_they_stand_on_the_customers_page_newest_first(client: Client, clara: User, anna: Customer) -> None:
    for text in ("First note", "Second note"):
        Note.objects.create(customer=anna, text=text, author=clara)
    html = client.get(reverse("admin:customers_customer_change", args=[anna.pk])).content.decode()

    assert html.index("Second note") < html.index("First note")
