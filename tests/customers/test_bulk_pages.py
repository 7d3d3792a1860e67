"""Changing many customers from their list: a page that asks, one change, and a way back."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from customers.actions import merge_customers
from customers.admin import bulk
from customers.models import BulkChange, Customer, Tag
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/customers/customer/"


@pytest.fixture
def clara() -> User:
    return make_user(Role.CUSTOMER_SUCCESS, first_name="Clara")


@pytest.fixture
def client(clara: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(clara)
    return client


@pytest.fixture
def tag() -> Tag:
    return Tag.objects.create(key="regular", name="Regular", colour="green")


def choose(
    client: Client, people: list[Customer], action: str = "add_a_tag", query: str = "", **more: str
) -> HttpResponse:
    chosen = {"action": action, "_selected_action": [person.pk for person in people]}
    return client.post(f"{LIST}{query}", chosen | more)


def confirm(client: Client, asked: HttpResponse, **fields: object) -> HttpResponse:
    html = asked.content.decode()
    (address,) = re.findall(r'<form method="post" action="([^"]*/bulk/[^"]*)"', html)
    hidden = dict(re.findall(r'<input type="hidden" name="(people|filters)" value="([^"]*)"', html))
    return client.post(address, hidden | fields, follow=True)


def test_it_asks_does_it_and_undoes_it(client: Client, clara: User, tag: Tag) -> None:
    people = [make_customer(given_name=name) for name in ("Anna", "Bert", "Carla")]
    asked = choose(client, people[:2])
    assert "2 people are chosen" in asked.content.decode()
    assert not BulkChange.objects.exists()

    done = confirm(client, asked, tag=tag.pk).content.decode()
    assert "Changed for 2 people." in done
    assert 'class="tag colour-green">Regular<' in done
    assert {it.given_name for it in tag.customers.all()} == {"Anna", "Bert"}

    (undo,) = re.findall(r'href="([^"]*/undoing/)"', done)
    assert client.get(undo).status_code == 200  # asks
    assert tag.customers.count() == 2
    assert "Undone for 2 people." in client.post(undo, follow=True).content.decode()
    assert tag.customers.count() == 0


def test_it_removes_a_tag_and_sets_an_owner(client: Client, clara: User, tag: Tag) -> None:
    anna = make_customer()
    anna.tags.add(tag)
    confirm(client, choose(client, [anna], "remove_a_tag"), tag=tag.pk)
    confirm(client, choose(client, [anna], "set_the_owner"), owner=clara.pk)
    anna.refresh_from_db()

    assert (list(anna.tags.all()), anna.owner) == ([], clara)
    assert [it.created_by for it in BulkChange.objects.all()] == [clara, clara]


def test_all_that_fit_a_search_are_changed_and_nobody_else(client: Client, tag: Tag) -> None:
    found = [make_customer(family_name="Strauß") for _ in range(60)]
    make_customer(family_name="Schmidt")
    asked = choose(client, found[:1], query="?q=strauss", select_across="1")
    assert "60 people are chosen" in asked.content.decode()
    done = confirm(client, asked, tag=tag.pk)

    assert tag.customers.count() == 60
    assert done.redirect_chain[-1][0].endswith("?q=strauss")


def test_it_says_when_more_fit_than_one_change_takes(client: Client, tag: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_COUNTED", 3)
    people = [make_customer() for _ in range(5)]
    asked = choose(client, people[:1], select_across="1")
    assert "3 people are chosen" in asked.content.decode()
    assert "More fit your search" in asked.content.decode()

    confirm(client, asked, tag=tag.pk)
    assert set(tag.customers.all()) == set(people[2:])


def test_nothing_to_change_is_said(client: Client, tag: Tag) -> None:
    anna = make_customer()
    anna.tags.add(tag)
    done = confirm(client, choose(client, [anna]), tag=tag.pk)

    assert "Nothing to change" in done.content.decode()
    assert not BulkChange.objects.exists()


def test_without_a_tag_it_asks_again(client: Client, tag: Tag) -> None:
    asked = confirm(client, choose(client, [make_customer()]), tag="")
    assert "1 person is chosen" in asked.content.decode()
    assert not BulkChange.objects.exists()


@pytest.mark.parametrize("people", ["", "abc", "1,,2", "1,٣", "-1", "9" * 30])
def test_odd_ids_change_nothing(client: Client, tag: Tag, people: str) -> None:
    answer = client.post(reverse("admin:customers_customer_bulk", args=["add-tag"]), {"people": people, "tag": tag.pk})
    assert answer.status_code in {200, 302}
    assert not BulkChange.objects.exists()


def test_it_is_closed_to_those_who_may_not(tag: Tag) -> None:
    client, anna = Client(), make_customer()
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert "add_a_tag" not in client.get(LIST).content.decode()
    url = reverse("admin:customers_customer_bulk", args=["add-tag"])
    assert client.post(url, {"people": anna.pk, "tag": tag.pk}).status_code == 403
    assert not tag.customers.exists()


def test_an_unknown_change_is_not_found(client: Client) -> None:
    assert client.post(reverse("admin:customers_customer_bulk", args=["delete"])).status_code == 404


def test_the_list_is_narrowed_by_tag_and_owner(client: Client, clara: User, tag: Tag) -> None:
    mine, merged = make_customer(given_name="Mine", owner=clara), make_customer(given_name="Other record")
    merge_customers(kept=mine, merged=merged, reason="same card")
    merged.tags.add(tag)
    make_customer(given_name="Nobodys")

    def found(**query: object) -> list[str]:
        return [it.given_name for it in client.get(LIST, query).context["cl"].result_list]

    assert found(tag="regular") == ["Mine"]
    assert found(tag="nothing") == []
    assert found(owner="me") == found(owner=clara.pk) == ["Mine"]
    assert found(owner="none") == ["Nobodys"]
    assert found(owner="٣") == found(owner="9" * 30) == []
