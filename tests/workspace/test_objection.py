import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Brand
from accounts.roles import Role
from customers.consent import may_contact
from tests.factories import make_consent, make_customer, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    customer = make_customer(email="anna@example.org")
    make_consent(customer, address="anna@example.org")
    return customer


def may_ask(customer):
    decision = may_contact(
        customer, purpose="survey", channel="email", brand=Brand.objects.default(), now=timezone.now()
    )
    return decision.is_allowed


def test_an_objection_told_to_an_agent_stops_surveys_at_once(client, anna):
    agent = make_user(Role.SERVICE_AGENT)
    client.force_login(agent)
    assert may_ask(anna)

    answer = client.post(reverse("customer-objection", args=[anna.pk]), follow=True)

    assert not may_ask(anna)
    assert "Objection recorded" in answer.content.decode()
    assert set(anna.consents.filter(state="objected").values_list("recorded_by", "origin")) == {(agent.pk, "agent")}


def test_reading_the_page_records_nothing(client, anna):
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get(reverse("customer-objection", args=[anna.pk])).status_code == 405
    assert may_ask(anna)


def test_an_analyst_may_not(client, anna):
    client.force_login(make_user(Role.ANALYST))
    assert client.post(reverse("customer-objection", args=[anna.pk])).status_code == 403
    assert may_ask(anna)
