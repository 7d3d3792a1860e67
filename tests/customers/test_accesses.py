"""Who read whose data is written down: once in ten minutes, until retention takes it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import issue_api_key
from accounts.models import Scope, User
from accounts.roles import Role
from customers.models import Customer, CustomerAccess
from tests.factories import make_brand, make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva() -> Customer:
    make_brand()
    return make_customer(given_name="Eva")


@pytest.fixture
def agent() -> User:
    return make_user(Role.SERVICE_AGENT)


@pytest.fixture
def client(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def noted() -> list[tuple[str, int | None, int | None]]:
    return list(CustomerAccess.objects.order_by("id").values_list("kind", "customer_id", "user_id"))


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("customer", "page"),
        ("admin:customers_customer_change", "page"),
        ("admin:customers_customer_history", "history"),
    ],
)
def test_opening_a_page_of_a_customer_is_noted_once(client, agent, eva, page, kind):
    for _ in range(3):
        assert client.get(reverse(page, args=[eva.pk])).status_code == 200
    assert noted() == [(kind, eva.pk, agent.pk)]


def test_another_person_or_customer_is_noted_too(client, agent, eva):
    other, boss = make_customer(), make_user(Role.TEAM_LEAD)
    client.get(reverse("customer", args=[eva.pk]))
    client.get(reverse("customer", args=[other.pk]))
    client.force_login(boss)
    client.get(reverse("customer", args=[eva.pk]))
    assert noted() == [("page", eva.pk, agent.pk), ("page", other.pk, agent.pk), ("page", eva.pk, boss.pk)]


def test_after_ten_minutes_it_is_noted_again(client, agent, eva):
    CustomerAccess.objects.create(
        kind="page", customer=eva, user=agent, accessed_at=timezone.now() - timedelta(minutes=11)
    )
    client.get(reverse("customer", args=[eva.pk]))
    assert noted() == [("page", eva.pk, agent.pk)] * 2


def test_reading_over_the_api_names_the_key(eva):
    api_key, key = issue_api_key(name="Shop", scopes=[Scope.CUSTOMERS_READ])
    headers = {"authorization": f"Bearer {key}"}
    for _ in range(2):
        assert Client().get(f"/api/v1/customers/{eva.pk}/", headers=headers).status_code == 200
        assert Client().get("/api/v1/customers/", headers=headers).status_code == 200
    found = CustomerAccess.objects.order_by("id").values_list("kind", "customer_id", "user_id", "api_key_id")
    assert list(found) == [("api", eva.pk, None, api_key.pk), ("list", None, None, api_key.pk)]


def test_who_is_refused_has_read_nothing(eva):
    client = Client()
    client.force_login(make_user())
    assert client.get(reverse("customer", args=[eva.pk])).status_code == 403
    assert client.get(f"/api/v1/customers/{eva.pk}/").status_code == 403
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get("/api/v1/customers/999999/").status_code == 404
    assert client.get(reverse("admin:customers_customer_history", args=[999_999])).status_code == 404
    assert noted() == []


@pytest.mark.parametrize(
    "verb", ["update customers_customeraccess set kind = 'api'", "delete from customers_customeraccess"]
)
def test_it_is_append_only(client, eva, verb):
    client.get(reverse("customer", args=[eva.pk]))
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(verb)


def test_only_administrators_read_it(client, eva):
    assert client.get(reverse("admin:customers_customeraccess_changelist")).status_code == 403
    client.get(reverse("customer", args=[eva.pk]))
    client.force_login(make_user(Role.ADMINISTRATOR))
    listed = client.get(reverse("admin:customers_customeraccess_changelist"), {"customer__id__exact": eva.pk})
    assert "1 access" in listed.content.decode()


def test_it_outlives_the_customer(client, agent, eva):
    client.get(reverse("customer", args=[eva.pk]))
    with connection.cursor() as cursor:
        cursor.execute("delete from customers_customer where id = %s", [eva.pk])
    assert noted() == [("page", eva.pk, agent.pk)]
    client.force_login(make_user(Role.ADMINISTRATOR))
    assert client.get(reverse("admin:customers_customeraccess_changelist")).status_code == 200
