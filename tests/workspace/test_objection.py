import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Brand
from accounts.roles import Role
from customers.consent import may_contact
from customers.models import Customer
from tests.factories import make_consent, make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    customer = make_customer(email="anna@example.org", street="Weg 1", postal_code="10115", city="Berlin")
    make_consent(customer, address="anna@example.org")
    return customer


def may_ask(customer, channel="email", purpose="survey"):
    customer = Customer.objects.get(pk=customer.pk)
    brand, now = Brand.objects.default(), timezone.now()
    return may_contact(customer, purpose=purpose, channel=channel, brand=brand, now=now).is_allowed


@pytest.mark.parametrize(
    ("wish", "may_write_letters", "is_profiled"),
    [("advertising", False, True), ("mail", True, True), ("everything", False, False)],
)
def test_an_objection_told_to_an_agent_stops_at_once_what_was_meant(client, anna, wish, may_write_letters, is_profiled):
    agent = make_user(Role.SERVICE_AGENT)
    client.force_login(agent)
    assert (may_ask(anna), may_ask(anna, "post", "marketing")) == (True, True)

    answer = client.post(reverse("customer-objection", args=[anna.pk]), {"wish": wish}, follow=True)

    assert (may_ask(anna), may_ask(anna, "post", "marketing")) == (False, may_write_letters)
    assert anna.consents.filter(purpose="profiling", state="objected").exists() is not is_profiled
    assert "Objection recorded" in answer.content.decode()
    assert set(anna.consents.filter(state="objected").values_list("recorded_by", "origin")) == {(agent.pk, "agent")}


def test_two_clicks_record_what_most_mean(client, anna):
    client.force_login(make_user(Role.SERVICE_AGENT))
    page = client.get(reverse("customer", args=[anna.pk])).content.decode()
    assert re.search(r'value="advertising"[^>]*checked', page)


@pytest.mark.parametrize("data", [{}, {"wish": "nonsense"}])
def test_an_unknown_wish_records_nothing(client, anna, data):
    client.force_login(make_user(Role.SERVICE_AGENT))
    answer = client.post(reverse("customer-objection", args=[anna.pk]), data, follow=True)
    assert "Nothing was recorded" in answer.content.decode()
    assert may_ask(anna)


def test_reading_the_page_records_nothing(client, anna):
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get(reverse("customer-objection", args=[anna.pk])).status_code == 405
    assert may_ask(anna)


def test_an_analyst_may_not(client, anna):
    client.force_login(make_user(Role.ANALYST))
    assert client.post(reverse("customer-objection", args=[anna.pk])).status_code == 403
    assert may_ask(anna)
