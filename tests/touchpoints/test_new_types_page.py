import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from tests.factories import make_touchpoint, make_type, make_user
from touchpoints import feed
from touchpoints.actions import seed_vocabulary
from touchpoints.models import TouchpointType
from touchpoints.similar_names import likeliest, spelled

pytestmark = pytest.mark.django_db
URL = "/admin/touchpoints/touchpointtype/new/"


@pytest.fixture
def curator(client):
    seed_vocabulary()
    user = make_user(Role.CUSTOMER_SUCCESS)
    client.force_login(user)
    return user


@pytest.fixture
def arrived(curator):
    """“orderPlacd”, twice, with something to look at."""
    type = make_type("orderPlacd", state="new")
    for number in range(2):
        make_touchpoint(type=type.key, subject=f"order:{number}", properties={"coupon": "SUMMER"})
    feed.catch_up()
    return type


def known(key):
    return TouchpointType.objects.get(key=key)


def test_it_shows_how_often_when_samples_and_a_guess(client, arrived):
    html = client.get(URL).content.decode()
    assert "arrived 2 times" in html
    assert "order:1" in html
    assert "SUMMER" in html
    assert f'<option value="{known("order_placed").pk}" selected>' in html
    index = client.get(reverse("admin:index")).content.decode()
    assert "1 to decide" in index


def test_one_click_makes_it_the_same_as_the_guess_and_one_more_takes_it_back(client, arrived):
    answer = client.post(URL, {"type": arrived.pk, "as": "alias", "into": known("order_placed").pk}, follow=True)
    arrived.refresh_from_db()
    assert arrived.merged_into.key == "order_placed"
    html = answer.content.decode()
    assert "Take apart again" in html
    assert "Being computed again:" in html

    client.post(reverse("admin:touchpoints_touchpointtype_parting", args=[arrived.pk]))
    arrived.refresh_from_db()
    assert not arrived.is_merged


def test_it_can_be_something_of_its_own(client, arrived):
    told = {"type": arrived.pk, "as": "own", "label_de": "Reserviert", "label_en": "Reserved", "phase": "purchase"}
    assert client.post(URL, told).status_code == 302
    arrived.refresh_from_db()
    assert (arrived.state, arrived.label_de, arrived.phase) == ("active", "Reserviert", "purchase")


def test_without_a_phase_it_keeps_what_was_typed(client, arrived):
    answer = client.post(URL, {"type": arrived.pk, "as": "own", "label_de": "Reserviert", "phase": ""})
    assert answer.status_code == 422
    assert "Reserviert" in answer.content.decode()
    arrived.refresh_from_db()
    assert arrived.state == "new"


def test_a_classified_type_is_merged_from_its_page(client, arrived):
    TouchpointType.objects.filter(pk=arrived.pk).update(state="active")
    url = reverse("admin:touchpoints_touchpointtype_merging", args=[arrived.pk])
    assert client.post(url, {"into": ""}).status_code == 422
    assert client.post(url, {"into": known("order_placed").pk}).status_code == 302
    page = client.get(reverse("admin:touchpoints_touchpointtype_change", args=[arrived.pk])).content.decode()
    assert "subjects 0 %" in page
    assert client.get(url).status_code == 403  # merged already

    built_in = reverse("admin:touchpoints_touchpointtype_merging", args=[known("order_placed").pk])
    answer = client.post(built_in, {"into": known("order_paid").pk})
    assert answer.status_code == 422
    assert "Kundenpfad itself uses" in answer.content.decode()


def test_an_alias_that_is_taken_is_told_beside_the_field(client, curator):
    page = reverse("admin:touchpoints_touchpointtype_change", args=[known("order_paid").pk])
    fields = {"state": "active", "label_de": "Bezahlt", "phase": "purchase", "aliases": "Order Completed"}
    html = client.post(page, fields).content.decode()
    assert "Merge the two types instead" in html


def test_it_asks_the_same_queries_for_one_type_and_for_many(client, arrived):
    def count():
        with CaptureQueriesContext(connection) as captured:
            client.get(URL)
        return len(captured)

    few = count()
    for number in range(5):
        make_touchpoint(type=make_type(f"thing {number}", state="new").key)
    feed.catch_up()
    assert count() == few


def test_who_may_not_curate_is_refused(client, arrived):
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"type": arrived.pk, "as": "own", "label_de": "x", "phase": "purchase"}).status_code == 403


def test_a_spelling_leads_to_its_meaning_and_a_stranger_to_none():
    names = {"order_placed": 1, "Order Completed": 1, "Produkt angesehen": 2}
    assert spelled("orderCompleted") == spelled("Order_Completed") == "order completed"
    assert [likeliest(name, names) for name in ("orderCompletd", "PRODUKT_ANGESEHEN", "Zebra")] == [1, 2, None]
