"""Tags and notes on the agent's page of a person."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from customers.actions import merge_customers
from customers.models import Customer, Note, Tag
from tests.factories import make_brand, make_customer, make_user

pytestmark = pytest.mark.django_db
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.SERVICE_AGENT, first_name="Sophie", last_name="Kern")
    make_brand()
    client.force_login(user)
    return user


@pytest.fixture
def anna() -> Customer:
    return make_customer(email="anna@example.org")


def add(client: Client, customer: Customer, text: str, **options: object) -> HttpResponse:
    return client.post(reverse("customer-notes", args=[customer.pk]), {"text": text}, **options)


def page(client: Client, customer: Customer) -> str:
    return client.get(reverse("customer", args=[customer.pk])).content.decode()


def test_a_note_is_added_in_place_and_shown_first(client: Client, agent: User, anna: Customer) -> None:
    add(client, anna, "Calls in the morning")
    part = add(client, anna, "Prefers <b>tea</b>", headers=IN_PLACE).content.decode()

    assert "<html" not in part
    assert part.index("Prefers &lt;b&gt;tea") < part.index("Calls in the morning")
    assert {note.author for note in Note.objects.all()} == {agent}
    assert "Sophie Kern" in page(client, anna)


def test_without_scripts_the_page_comes_back_at_the_notes(client: Client, agent: User, anna: Customer) -> None:
    assert add(client, anna, "Calls").url == f"{reverse('customer', args=[anna.pk])}#notes"


def test_what_is_too_long_comes_back_as_typed(client: Client, agent: User, anna: Customer) -> None:
    answer = add(client, anna, "x" * 5001)
    assert answer.status_code == 422
    assert "x" * 5001 in answer.content.decode()
    assert "x" * 5001 in add(client, anna, "x" * 5001, headers=IN_PLACE).content.decode()
    assert not Note.objects.exists()


def test_one_edits_only_ones_own(client: Client, agent: User, anna: Customer) -> None:
    own = Note.objects.create(customer=anna, text="Calls", author=agent)
    foreign = Note.objects.create(customer=anna, text="Writes", author=make_user())
    answers = [client.post(reverse("note", args=[it.pk]), {"text": "New"}).status_code for it in (own, foreign)]

    assert answers == [302, 404]
    assert list(Note.objects.order_by("pk").values_list("text", flat=True)) == ["New", "Writes"]
    own.refresh_from_db()
    assert own.edited_at is not None
    assert page(client, anna).count(f'action="{reverse("note", args=[own.pk])}"') == 1
    assert reverse("note", args=[foreign.pk]) not in page(client, anna)


def test_notes_of_all_records_are_shown_the_newest_ten(client: Client, agent: User, anna: Customer) -> None:
    other = make_customer()
    merge_customers(kept=anna, merged=other, reason="same card")
    for number in range(11):
        Note.objects.create(customer=other, text=f"Note {number:02}", author=agent)
    html = page(client, anna)

    assert "Note 10" in html
    assert "Note 00" not in html
    assert "The newest 10 notes" in html


def test_a_tag_is_put_on_and_taken_off_all_records(client: Client, agent: User, anna: Customer) -> None:
    tag, other = Tag.objects.create(key="regular", name="Regular", colour="green"), make_customer()
    url = reverse("customer-tags", args=[anna.pk])
    part = client.post(url, {"put_on": "regular"}, headers=IN_PLACE).content.decode()
    assert "colour-green" in part
    assert "Remove Regular" in part

    merge_customers(kept=anna, merged=other, reason="same card")
    other.tags.add(tag)
    client.post(url, {"take_off": "regular"})
    assert not tag.customers.exists()


def test_an_unknown_tag_is_not_found(client: Client, agent: User, anna: Customer) -> None:
    for key in ("nothing", "\0", "a" * 500):
        assert client.post(reverse("customer-tags", args=[anna.pk]), {"put_on": key}).status_code == 404


def test_it_is_closed_to_those_who_may_not(client: Client, anna: Customer) -> None:
    client.force_login(make_user(Role.ANALYST))
    assert add(client, anna, "Calls").status_code == 403
    assert client.post(reverse("customer-tags", args=[anna.pk]), {"put_on": "regular"}).status_code == 403
    assert not Note.objects.exists()


def test_looking_writes_nothing(client: Client, agent: User, anna: Customer) -> None:
    for name in ("customer-notes", "customer-tags"):
        assert client.get(reverse(name, args=[anna.pk])).status_code == 405
