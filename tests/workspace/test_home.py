from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from tests.factories import make_customer, make_user
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import open_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> User:
    seed_vocabulary()
    agent = make_user(Role.SERVICE_AGENT)
    client.force_login(agent)
    return agent


def page(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_shows_agents_their_cases(client: Client, agent: User) -> None:
    customer = make_customer()
    open_case(customer=customer, by=agent, owner=agent, title="Drips")
    open_case(customer=customer, by=agent, owner=make_user(), title="Of somebody else")
    late = open_case(customer=customer, by=agent, owner=agent, title="Late")
    late.due_at = timezone.now() - timedelta(days=2)
    late.save()

    html = page(client)

    assert "You have 2 open cases, 1 of them overdue." in " ".join(html.split())
    assert "Drips" in html
    assert "Of somebody else" not in html
    assert "2 days ago" in html.replace("\N{NO-BREAK SPACE}", " ")


def test_it_says_when_no_case_waits_and_what_nobody_looks_after(client: Client, agent: User) -> None:
    assert "No case is waiting for you." in page(client)
    case = open_case(customer=make_customer(), by=agent, title="Whose?")
    case.owner = None
    case.save()

    html = page(client)

    assert "No case is waiting for you." in html
    assert "1 open case has no owner yet" in html
    assert 'href="/cases/?whose=nobody"' in html


def test_it_finds_a_customer_from_the_start_page(client: Client, agent: User) -> None:
    make_customer(given_name="Berta", family_name="Kaiser")

    assert 'action="/customers/"' in page(client)
    assert "Berta Kaiser" in client.get("/customers/", {"q": "kaiser"}).content.decode()


def test_it_leads_nobody_to_what_they_may_not_see(client: Client) -> None:
    client.force_login(make_user())

    html = page(client)

    assert "Find a customer" not in html
    assert "My cases" not in html
    assert "/figures/" not in html
