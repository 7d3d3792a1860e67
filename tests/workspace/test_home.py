import pytest
from django.test import Client

from accounts.roles import Role
from tests.factories import make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import open_case

pytestmark = pytest.mark.django_db


def test_it_leads_agents_to_their_cases(client: Client) -> None:
    seed_vocabulary()
    agent = make_user(Role.SERVICE_AGENT)
    client.force_login(agent)
    assert "open case" not in client.get("/").content.decode()

    open_case(customer=make_customer(), by=agent, owner=agent, title="Drips")

    page = client.get("/").content.decode()
    assert "You have 1 open case" in page
    assert 'href="/cases/?whose=mine"' in page


def test_it_leads_nobody_to_what_they_may_not_see(client: Client) -> None:
    client.force_login(make_user())

    page = client.get("/").content.decode()

    assert "Find a customer" not in page
    assert "/figures/" not in page
