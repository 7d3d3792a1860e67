from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.factories import make_customer, make_touchpoint, make_user
from touchpoints.actions import record_touchpoint
from touchpoints.actions.cases import open_case
from touchpoints.feed import catch_up
from touchpoints.models import Case, Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _seeds():
    call_command("seed_vocabulary")
    call_command("seed_journeys")


@pytest.fixture
def agent(client):
    user = make_user(Role.SERVICE_AGENT)
    client.force_login(user)
    return user


@pytest.fixture
def anna():
    return make_customer(email="anna@example.org")


def happen(customer, type, *, days_ago=1.0, **fields):
    return record_touchpoint(
        source="kundenpfad",
        message_id=f"{type} {days_ago} {fields}",
        type=type,
        customer=customer,
        occurred_at=timezone.now() - timedelta(days=days_ago),
        **fields,
    )


def page(client, customer, **params):
    return client.get(reverse("customer", args=[customer.pk]), params)


def log(client, customer, **fields):
    defaults = {"key": "5f9a1f7e-8d5b-4a39-8f0e-1f4d1bb2a001", "type": "call_inbound", "note": "Wants a new filter"}
    return client.post(reverse("customer-contacts", args=[customer.pk]), defaults | fields)


def test_it_shows_who_where_and_what_happened(client, agent, anna):
    happen(anna, "order_placed", subject="order:1001", value="49.90", currency="EUR")
    catch_up()

    html = page(client, anna).content.decode()

    assert "Anna Müller" in html
    assert "anna@example.org" in html
    assert 'aria-current="step"' in html
    assert "Order placed" in html
    assert "1001" in html


def test_it_refuses_somebody_without_the_right(client, anna):
    client.force_login(make_user(Role.ANALYST))
    assert page(client, anna).status_code == 403


def test_it_asks_to_sign_in(client, anna):
    assert page(client, anna).status_code == 302


def test_a_stranger_is_not_found(client, agent):
    assert client.get(reverse("customer", args=[99])).status_code == 404


def test_logging_writes_a_touchpoint_once(client, agent, anna):
    assert log(client, anna, valence="-1").status_code == 302
    log(client, anna, valence="-1")

    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.type.key, touchpoint.valence, touchpoint.actor) == ("call_inbound", -1, "agent")
    assert touchpoint.properties["note"] == "Wants a new filter"


def test_a_mistake_keeps_what_was_typed(client, agent, anna):
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = log(client, anna, follow_up_on=yesterday)

    assert answer.status_code == 422
    assert "Wants a new filter" in answer.content.decode()
    assert not Touchpoint.objects.exists()


def test_a_follow_up_becomes_a_case_of_the_agent(client, agent, anna):
    tomorrow = timezone.localdate() + timedelta(days=1)
    log(client, anna, follow_up_on=tomorrow.isoformat())

    case = Case.objects.get()
    assert (case.kind, case.owner, timezone.localdate(case.due_at)) == ("follow_up", agent, tomorrow)


def test_a_logged_contact_can_be_undone(client, agent, anna):
    there = log(client, anna)
    assert "Undo" in client.get(there.url).content.decode()

    client.post(reverse("contact-retraction", args=[Touchpoint.objects.get().pk]))

    assert not Touchpoint.objects.current().exists()


def test_nobody_undoes_what_a_colleague_logged(client, agent, anna):
    log(client, anna)
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.post(reverse("contact-retraction", args=[Touchpoint.objects.get().pk])).status_code == 404


def test_the_timeline_goes_on_page_by_page(client, agent, anna):
    for number in range(70):
        make_touchpoint(anna, occurred_at=timezone.now() - timedelta(hours=number // 3), session_id=str(number))
    seen, before = [], ""
    while True:
        answer = client.get(reverse("customer-timeline", args=[anna.pk]), {"before": before})
        timeline = answer.context["page"]
        seen += [touchpoint.pk for day in timeline.days for touchpoint in day.touchpoints]
        before = timeline.next_before
        if not before:
            break

    assert len(seen) == len(set(seen)) == 70


def test_the_timeline_filters_by_channel(client, agent, anna):
    happen(anna, "call_inbound")
    happen(anna, "page_viewed")
    html = client.get(reverse("customer-timeline", args=[anna.pk]), {"channel": "phone"}).content.decode()
    assert "Call from the customer" in html
    assert "Page viewed" not in html


@pytest.mark.parametrize("before", ["x", "2026-01-01_1_x", "_", "2026-13-01T00:00:00+00:00_4"])
def test_a_wrong_place_in_the_timeline_is_not_found(client, agent, anna, before):
    assert client.get(reverse("customer-timeline", args=[anna.pk]), {"before": before}).status_code == 404


def test_searching_shows_people_while_typing(client, agent, anna):
    make_customer(family_name="Schmidt", given_name="Bernd")
    html = client.get(reverse("customers"), {"q": "mueller"}, headers={"HX-Request": "true"}).content.decode()
    assert "Anna Müller" in html
    assert "Bernd" not in html
    assert "<html" not in html


def test_searching_an_order_number_finds_its_customer(client, agent, anna):
    happen(anna, "order_placed", subject="order:1001")
    catch_up()
    html = client.get(reverse("customers"), {"q": "1001"}).content.decode()
    assert reverse("customer", args=[anna.pk]) in html


def test_the_page_asks_the_database_a_fixed_number_of_times(client, agent, anna, django_assert_max_num_queries):
    for number in range(3):
        happen(anna, "order_placed", subject=f"order:{number}", days_ago=number)
        open_case(customer=anna, by=agent, title=f"Case {number}")
    catch_up()
    with django_assert_max_num_queries(40):
        page(client, anna)
