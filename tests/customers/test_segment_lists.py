"""Segments in the list of customers: shown by one, and put on a list made by hand."""

import pytest
from django.test import Client

from accounts.roles import Role
from customers.actions.segments import add_to_list
from customers.models import Segment
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/customers/customer/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(make_user(Role.CUSTOMER_SUCCESS, language="en"))
    return client


def test_the_list_shows_the_people_of_a_segment(client):
    rules = {"and": [{"condition": "country", "with": {"countries": ["DE"]}}]}
    segment = Segment.objects.create(name="Germans", rules=rules)
    make_customer(country="DE", family_name="Inside")
    make_customer(country="AT", family_name="Outside")
    page = client.get(LIST, {"segment": segment.pk}).content.decode()

    assert "Inside" in page
    assert "Outside" not in page


def test_the_list_shows_nobody_of_an_invalid_segment_and_says_why(client):
    segment = Segment.objects.create(name="Broken", rules={"and": [{"condition": "gone"}]})
    make_customer(family_name="Outside")
    page = client.get(LIST, {"segment": segment.pk}).content.decode()

    assert "Outside" not in page
    assert "cannot be used: 1: There is no condition “gone”." in page


def test_people_found_are_put_on_a_list(client):
    segment = Segment.objects.create(name="List", kind="static")
    people = [make_customer(), make_customer()]
    add_to_list(segment=segment, customers=[people[0].pk], by=None)
    chosen = {"action": "put_on_a_list", "_selected_action": [it.pk for it in people]}
    assert "List" in client.post(LIST, chosen).content.decode()

    sent = {"segment": segment.pk, "people": ",".join(str(it.pk) for it in people), "filters": ""}
    page = client.post(f"{LIST}bulk/add-to-list/", sent, follow=True).content.decode()
    assert segment.entries.count() == 2
    assert "1 person was put on the list." in page


def test_rules_take_nobody_by_hand(client):
    segment = Segment.objects.create(name="x", rules={"and": [{"condition": "known", "with": {"known": "yes"}}]})
    customer = make_customer()
    client.post(f"{LIST}bulk/add-to-list/", {"segment": segment.pk, "people": customer.pk, "filters": ""})

    assert segment.entries.count() == 0
    with pytest.raises(ValueError, match="by hand"):
        add_to_list(segment=segment, customers=[customer.pk], by=None)


def test_a_team_lead_changes_customers_but_no_lists():
    lead = Client()
    lead.force_login(make_user(Role.TEAM_LEAD, language="en"))
    segment = Segment.objects.create(name="List", kind="static")
    sent = {"segment": segment.pk, "people": make_customer().pk, "filters": ""}
    assert lead.post(f"{LIST}bulk/add-to-list/", sent).status_code == 403
