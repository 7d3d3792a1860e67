"""Where nobody fits a search exactly, people with similar names are offered, and said to be that."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Scope
from accounts.roles import Role
from customers.models import Customer
from tests.factories import make_customer, make_user
from tests.reading import Reader

pytestmark = pytest.mark.django_db
LIST = "admin:customers_customer_changelist"


def named(name: str) -> Customer:
    given_name, family_name = name.split(" ", 1)
    return make_customer(given_name=given_name, family_name=family_name)


@pytest.fixture
def schmidt() -> Customer:
    named("Jürgen Özdemir")
    named("Zoë Weiß")
    return named("Anna Schmidt")


@pytest.fixture
def client() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_user(Role.ADMINISTRATOR))
    return client


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("Schmdit", "Anna Schmidt"),
        ("Shcmidt", "Anna Schmidt"),
        ("Schmit", "Anna Schmidt"),
        ("Schmmidt", "Anna Schmidt"),
        ("Schnidt", "Anna Schmidt"),
        ("Scmhidt Anna", "Anna Schmidt"),
        ("Anan Schmdit", "Anna Schmidt"),
        ("an schmdit", "Anna Schmidt"),
        ("Mueler", "Ida Müller"),
        ("Müler", "Ida Müller"),
        ("Meger", "Ida Meyer"),
        ("Großßmann", "Ida Grosmann"),
        ("Luedenscheit", "Ida Müller-Lüdenscheidt"),
        ("Kaltnbruner", "Ida Kaltenbrunner"),
        ("Leutheuser Schnarenberger", "Ida Leutheusser-Schnarrenberger"),
    ],
)
def test_it_finds_who_was_mistyped(term, name):
    named("Jürgen Özdemir")
    person = named(name)
    found = Customer.objects.found_by(term)
    assert (list(found), found.is_similar) == ([person], True)


@pytest.mark.parametrize(
    "term",
    [
        "", "xyzzyx", "Maier", "Anna Özdemri", "Schmdit@example.org", "0171 9999999", "17", "a", "S_____t",
        "'; drop", "\\", "Ann%", "x" * 5000,
    ],
)  # fmt: skip
def test_it_takes_nobody_for_similar_who_is_not(schmidt, term):
    found = Customer.objects.found_by(term)
    assert (list(found), found.is_similar) == ([], False)


def test_who_fits_exactly_stands_alone(schmidt):
    named("Anna Schmitt")
    found = Customer.objects.found_by("schmidt")
    assert (list(found), found.is_similar) == ([schmidt], False)


def test_the_most_similar_come_first():
    anne, other = named("Anne Schmidt"), named("Anke Schmid")
    anna = named("Anna Schmidt")
    named("Berta Schmidt")
    assert list(Customer.objects.found_by("Anna Schmdit"))[0] == anna
    assert set(Customer.objects.found_by("Anna Schmdit")) == {anna, anne}
    assert other not in Customer.objects.found_by("Schmdit")


def test_a_merged_record_leads_to_the_person(schmidt):
    other = named("Anna Kaltenbrunner")
    Customer.objects.filter(pk=other.pk).update(canonical=schmidt)
    assert list(Customer.objects.found_by("Kaltenbruner")) == [schmidt]


def test_what_narrows_the_list_narrows_similar_names_too(schmidt):
    assert not Customer.objects.filter(city="Köln").found_by("Schmdit")
    found = Customer.objects.found_by("Schmdit").filter(city="Köln")
    assert found.is_similar
    assert not found


def test_the_agent_is_told_that_names_are_only_similar(client, schmidt):
    page = client.get(reverse("customers"), {"q": "Schmdit"}).content.decode()
    assert "Nobody fits “Schmdit” exactly. These names are similar:" in page
    assert "Anna Schmidt" in page
    assert "similar" not in client.get(reverse("customers"), {"q": "Schmidt"}).content.decode()


def test_the_agent_types_a_third_letter(client, schmidt):
    assert "Type a third letter" in client.get(reverse("customers"), {"q": "sc"}).content.decode()
    assert "Nobody found" in client.get(reverse("customers"), {"q": "xyzzyx"}).content.decode()


def test_the_list_of_the_administration_says_so(client, schmidt):
    page = client.get(reverse(LIST), {"q": "Schmdit"})
    assert list(page.context["cl"].result_list) == [schmidt]
    assert "Nobody fits “Schmdit” exactly. These names are similar:" in page.content.decode()
    assert "similar" not in client.get(reverse(LIST), {"q": "Schmidt"}).content.decode()
    assert "These names" not in client.get(reverse(LIST), {"q": "Schmdit", "language": "en"}).content.decode()


def test_a_choice_while_typing_says_so(client, schmidt):
    choice = {"app_label": "customers", "model_name": "merge", "field_name": "kept"}
    for term, offered in (("Schmdit", "Anna Schmidt (similar name)"), ("Schmidt", "Anna Schmidt")):
        answer = client.get(reverse("admin:autocomplete"), choice | {"term": term}).json()
        assert [result["text"] for result in answer["results"]] == [offered]


def test_the_api_says_so(schmidt):
    api = Reader(Scope.CUSTOMERS_READ)
    for term, is_similar in (("Schmdit", True), ("Schmidt", False)):
        page = api.get("customers/", q=term).json()
        assert ([row["id"] for row in page["results"]], page["is_similar"]) == ([schmidt.pk], is_similar)
    assert api.get("customers/").json()["is_similar"] is False


@pytest.mark.parametrize("term", ["Schmidt", "Schmdit", "Shcmiddt", "0301234", "Li"])
def test_the_number_of_queries_does_not_grow(client, term):
    named("Anna Schmidt")
    named("Bo Li").identities.create(kind="phone", value="+49301234500")
    api = Reader(Scope.CUSTOMERS_READ)
    choice = {"app_label": "customers", "model_name": "merge", "field_name": "kept", "term": term}

    def counted() -> list[int]:
        counts = []
        for visit in (
            lambda: client.get(reverse(LIST), {"q": term}),
            lambda: client.get(reverse("customers"), {"q": term}),
            lambda: client.get(reverse("admin:autocomplete"), choice),
            lambda: api.get("customers/", q=term),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert visit().status_code == 200
            counts.append(len(queries))
        return counts

    counted()
    once = counted()
    for number in range(1, 12):
        named("Berta Schmidt").identities.create(kind="phone", value=f"+493012345{number:02}")
        named("Bo Li")
    assert counted() == once
