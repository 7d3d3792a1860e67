"""The builder of segments: what was typed stays, what is missing is told beside its field, what is meant is said."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from customers.models import Segment, SegmentMember, Tag
from tests.factories import make_brand, make_consent, make_customer, make_touchpoint, make_type, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/customers/segment/add/"
GERMANS = {"rules-op": "and", "rules-1-is": "country", "rules-1-countries": "DE"}
NAMED = {"name": "Germans", "description": "", "kind": "dynamic", "brand": ""}


def browser(role: Role = Role.CUSTOMER_SUCCESS) -> Client:
    client = Client()
    client.force_login(make_user(role, language="en"))
    return client


def posted(view: str, **fields: Any) -> str:
    response = browser().post(reverse(f"admin:customers_segment_{view}"), fields)
    assert response.status_code == 200
    return response.content.decode()


def test_it_saves_what_was_built():
    Tag.objects.create(key="vip", name="VIP")
    nested = {
        "rules-2-op": "not", "rules-2-1-is": "tag", "rules-2-1-tag": "vip",
        "rules-10-is": "touchpoints", "rules-10-bound": "at_least", "rules-10-number": "2", "rules-10-days": "",
    }  # fmt: skip
    client = browser()
    assert client.post(ADD, NAMED | GERMANS | nested).status_code == 302

    segment = Segment.objects.get()
    assert segment.rules == {
        "and": [
            {"condition": "country", "with": {"countries": ["DE"]}},
            {"not": [{"condition": "tag", "with": {"tag": "vip"}}]},
            {"condition": "touchpoints", "with": {"bound": "at_least", "number": 2}},
        ]
    }
    assert segment.created_by == segment.changed_by is not None
    page = client.get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()
    assert 'value="DE"' in page
    assert "People who live in DE and do not carry the tag “VIP” and had at least 2 × any contact." in page


def test_it_tells_beside_the_field_what_is_missing_and_keeps_the_rest():
    bad = {"rules-2-is": "value", "rules-2-amount": "abc", "rules-2-currency": "EUR", "rules-2-bound": "at_least"}
    response = browser().post(ADD, NAMED | GERMANS | bad | {"rules-3-op": "or"})
    page = response.content.decode()

    assert (response.status_code, Segment.objects.count()) == (200, 0)
    assert 'value="abc"' in page
    assert 'id="id_rules-2-amount_error">Enter a number.' in page
    assert "This group is empty" in page
    assert 'value="DE"' in page


@pytest.mark.parametrize("empty", [{}, {"rules-op": "and"}, {"rules-op": "and", "rules-1-is": ""}])
def test_a_segment_without_a_condition_is_refused(empty):
    assert browser().post(ADD, NAMED | empty).status_code == 200
    assert not Segment.objects.exists()


def test_buttons_add_and_remove_and_keep_what_was_typed():
    page = posted("builder", **GERMANS, do="add-condition rules")
    assert 'name="rules-2-is"' in page
    assert "autofocus" in page
    assert 'value="DE"' in page

    page = posted("builder", **GERMANS, do="add-group rules")
    assert 'name="rules-2-op"' in page
    assert 'name="rules-2-1-is"' in page

    page = posted("builder", **GERMANS, **{"rules-2-op": "or", "rules-2-1-is": ""}, do="remove rules-2")
    assert 'name="rules-1-is"' in page
    assert "rules-2" not in page


def test_an_unfinished_row_is_not_called_wrong_before_it_is_saved():
    page = posted("builder", **GERMANS, **{"rules-2-is": "value"}, do="add-condition rules")
    assert "aria-invalid" not in page
    assert "As soon as the rules are complete" in page


def test_groups_go_only_so_deep():
    place = "rules" + "-1" * 4
    nested = {"rules-op": "and"} | {"rules" + "-1" * depth + "-op": "and" for depth in range(1, 5)}
    page = posted("builder", **nested, do=f"add-group {place}")
    assert f'value="add-condition {place}"' in page
    assert f'value="add-group {place}"' not in page
    assert f"{place}-1-op" not in page


def test_the_preview_counts_and_shows_some():
    anna = make_customer(country="DE")
    for _ in range(11):
        make_customer(country="DE")
    make_customer(country="AT")
    page = posted("preview", **GERMANS)

    assert "<strong>12</strong> of 13 people" in page
    assert page.count("/change/") == 10
    assert "People who live in DE." in page
    assert f"/{anna.pk}/change/" not in page  # the newest ten


def test_the_preview_knows_nobody_and_few():
    assert "Nobody fits at the moment" in posted("preview", **GERMANS)
    make_customer(country="DE")
    assert "Very few" in posted("preview", **GERMANS)


def test_the_preview_counts_for_the_brand_chosen():
    make_touchpoint(make_customer(), type="order_placed")
    other = make_brand(name="Other")
    ordered = {"rules-op": "and", "rules-1-is": "touchpoints", "rules-1-bound": "at_least", "rules-1-number": "1"}
    assert "<strong>1</strong>" in posted("preview", **ordered)
    assert "Nobody fits" in posted("preview", **ordered, brand=other.pk)


@pytest.mark.parametrize("brand", ["x", "²", "-1", "9" * 30, "1e3"])
def test_an_odd_brand_is_no_error(brand):
    assert "People who" in posted("preview", **GERMANS, brand=brand)


def test_who_objected_to_profiling_is_in_neither_rules_nor_lists():
    customer = make_customer(country="DE", email="a@example.org")
    segment = Segment.objects.create(name="List", kind="static")
    SegmentMember.objects.create(segment=segment, customer=customer)
    client = browser()
    assert "<strong>1</strong>" in client.get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()

    make_consent(customer, address="", purpose="profiling", state="objected", basis="")
    assert "Nobody fits" in client.get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()
    assert "Nobody fits" in posted("preview", **GERMANS)


def test_a_list_takes_pasted_identifiers_of_any_kind():
    anna = make_customer(email="anna@example.org")
    make_customer(email="bert@example.org")
    anna.identities.create(kind="phone", value="+493012345678")
    client = browser()
    pasted = "Anna@Example.org\n030 12345678,\n\nnobody@example.org\nbert@example.org\n"
    client.post(ADD, NAMED | {"kind": "static", "identities": pasted})

    segment = Segment.objects.get()
    assert (segment.rules, segment.entries.count()) == ({}, 2)
    page = client.get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()
    assert "2 people were put on the list." in page
    assert "1 line leads to nobody: nobody@example.org" in page

    client.post(f"/admin/customers/segment/{segment.pk}/change/", NAMED | {"identities": "anna@example.org"})
    assert segment.entries.count() == 2


def test_an_analyst_sees_how_many_and_not_who():
    make_customer(country="DE", given_name="Hidden")
    segment = Segment.objects.create(name="x", rules={"and": [{"condition": "country", "with": {"countries": ["DE"]}}]})
    client = browser(Role.ANALYST)
    page = client.get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()

    assert "<strong>1</strong>" in page
    assert "Hidden" not in page
    assert client.post(reverse("admin:customers_segment_preview"), GERMANS).status_code == 403
    assert client.post(reverse("admin:customers_segment_builder"), GERMANS).status_code == 403


def test_a_segment_that_lost_a_tag_says_so_on_its_page():
    make_type("a")
    segment = Segment.objects.create(name="x", rules={"and": [{"condition": "tag", "with": {"tag": "gone"}}]})
    page = browser().get(f"/admin/customers/segment/{segment.pk}/change/").content.decode()
    assert "Select a valid choice" in page
