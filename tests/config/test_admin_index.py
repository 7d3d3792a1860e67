"""The start page of the administration is arranged by task."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from config.admin import SECTIONS
from tests.factories import make_channel, make_touchpoint, make_user
from touchpoints.models import Channel

pytestmark = pytest.mark.django_db


def client_of(*roles: Role, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(*roles, **fields))
    return client


def test_every_model_on_the_index_has_its_place() -> None:
    on_index = {
        (model._meta.app_label, model.__name__) for model, page in admin.site._registry.items() if page.is_on_index
    }
    placed = {(app, name) for app, names in SECTIONS.items() for name in names}

    assert on_index == placed


def test_it_lists_the_sections_in_the_order_of_work() -> None:
    answer = client_of(is_superuser=True).get(reverse("admin:index"))

    assert [app["app_label"] for app in answer.context["app_list"]] == list(SECTIONS)


def test_it_shows_a_role_only_what_it_may_see() -> None:
    answer = client_of(Role.ANALYST).get(reverse("admin:index"))

    shown = {model["object_name"] for app in answer.context["app_list"] for model in app["models"]}
    assert "JourneyVersion" in shown
    assert shown.isdisjoint({"Customer", "Touchpoint", "ApiKey", "Message"})


def test_it_counts_to_a_thousand_and_says_that_there_is_more() -> None:
    Channel.objects.bulk_create(Channel(key=f"c{number}", label_de="Kanal") for number in range(1001))

    answer = client_of(is_superuser=True).get(reverse("admin:touchpoints_channel_changelist"))

    assert "More than 1000" in answer.content.decode()
    assert answer.context["cl"].paginator.num_pages == 20


def test_it_looks_back_only_so_far_where_no_index_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    web, phone = make_channel("web"), make_channel("phone")
    old = make_touchpoint(channel=phone)
    make_touchpoint(channel=web)
    page = admin.site._registry[type(old)]
    monkeypatch.setattr(type(page), "looks_back", 1)
    client, url = client_of(is_superuser=True), reverse("admin:touchpoints_touchpoint_changelist")

    filtered = client.get(url, {"channel__id__exact": phone.pk})
    assert filtered.context["cl"].result_count == 0
    assert "look through the newest 1 rows" in filtered.content.decode()
    of_customer = client.get(url, {"channel__id__exact": phone.pk, "customer__id__exact": old.customer_id})
    assert of_customer.context["cl"].result_count == 1
    found = client.get(url, {"q": old.message_id})
    assert found.context["cl"].result_count == 1


def test_it_tells_what_a_link_narrowed_a_list_to() -> None:
    touchpoint = make_touchpoint()
    make_touchpoint()
    client, url = client_of(is_superuser=True), reverse("admin:touchpoints_touchpoint_changelist")

    page = client.get(url, {"customer__id__exact": touchpoint.customer_id, "q": ""})
    (told,) = page.context["narrowings"]
    assert (told["row"], told["address"]) == (str(touchpoint.customer), "?q=")
    assert page.context["cl"].result_count == 1
    assert not client.get(url).context["narrowings"]


def test_it_names_no_person_to_a_role_that_may_not_see_people() -> None:
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="view_touchpoint"))
    client = Client()
    client.force_login(user)
    touchpoint = make_touchpoint()

    page = client.get(
        reverse("admin:touchpoints_touchpoint_changelist"), {"customer__id__exact": touchpoint.customer_id}
    )
    assert [told["row"] for told in page.context["narrowings"]] == [f"#{touchpoint.customer_id}"]


def test_it_survives_a_narrowing_that_makes_no_sense() -> None:
    client, url = client_of(is_superuser=True), reverse("admin:touchpoints_touchpoint_changelist")

    for value in ("abc", "9" * 30, "-1", ""):
        assert client.get(url, {"customer__id__exact": value}, follow=True).status_code == 200
    assert client.get(url, {"nothing__id__exact": "1"}, follow=True).status_code == 200
