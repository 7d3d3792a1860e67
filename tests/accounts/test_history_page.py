"""The history page of a row: who did what, in words, newest first."""

import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting
from accounts.models import Change, Team, User
from accounts.roles import Role
from customers.actions import merge_customers
from customers.models import Customer, Identity
from surveys.models import Question, Survey, SurveyVersion
from tests.everything import NASTY
from tests.factories import make_customer, make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> User:
    return make_user(is_superuser=True, first_name="Anna", last_name="Berger")


@pytest.fixture
def client(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


@pytest.fixture
def eva() -> Customer:
    return make_customer(given_name="Eva", city="Berlin")


def page(client: Client, row: Any, **query: Any) -> str:
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def told(html: str) -> str:
    """What a reader sees of the content."""
    content = html[html.index('id="content-main"') :]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<(?!ins|del)[^>]+>|</?(ins|del)[^>]*>", " ", content)))


def test_it_tells_who_changed_what_from_what_to_what(client, boss, eva):
    with acting(user=boss.pk, origin="page"):
        Customer.objects.filter(pk=eva.pk).update(city="Potsdam", kind="company", owner=boss)
    shown = told(page(client, eva))
    assert "Anna Berger changed" in shown
    assert "City: Berlin → Potsdam" in shown
    assert "Kind: person → company" in shown
    assert "Owner: – → Anna Berger" in shown


def test_it_tells_the_same_in_german(client, boss, eva):
    boss.switch_language("de")
    with acting(user=boss.pk, origin="page"):
        Customer.objects.filter(pk=eva.pk).update(city="Potsdam")
    assert "Anna Berger änderte Ort: Berlin → Potsdam" in told(page(client, eva))


def test_it_tells_of_identities_and_merges_on_the_customers_page(client, boss, eva):
    with acting(user=boss.pk, origin="page"):
        Identity.objects.create(customer=eva, kind="email", value="eva@example.org")
    other = make_customer(given_name="Evi", family_name="Maier")
    with acting(origin="task x"):
        merge_customers(kept=eva, merged=other, reason="same card")
    Customer.objects.filter(pk=other.pk).update(city="Ulm")
    shown = told(page(client, eva))
    assert "Anna Berger added: identity Kind: e-mail Value: eva@example.org" in shown
    assert "Kundenpfad by itself added: merge Merged: Evi Maier Reason: same card" in shown
    assert "→ Ulm" in shown, "merged records belong to the person"


def test_it_tells_with_how_many_others(client, boss, eva):
    for _ in range(41):
        make_customer(city="Berlin")
    with acting(user=boss.pk, origin="page"):
        Customer.objects.filter(city="Berlin").update(city="Bonn")
    html = page(client, eva, what="customers.customer:city")
    assert "together with 41 others" in told(html)
    listed = client.get(re.search(r'href="([^"]+\?context=[^"]+)"', html)[1])
    assert "42 changes" in listed.content.decode()


def test_roles_and_secrets_are_told_without_numbers_and_values(client, boss):
    analyst = make_user(Role.ANALYST)
    analyst.set_password("new and long")
    analyst.save()
    shown = told(page(client, analyst))
    assert "added: role Analyst" in shown
    assert "Password value not kept" in shown


def test_json_is_told_value_by_value(client, boss):
    version = SurveyVersion.objects.create(survey=Survey.objects.create(key="a", label_de="A"))
    question = Question.objects.create(
        version=version, key="why", kind="single", position=1, text_de="?", options=[{"id": "a", "de": "Preis"}]
    )
    Question.objects.update(options=[{"id": "a", "de": "Der Preis"}])
    shown = told(page(client, version))
    assert "changed: question ?" in shown
    assert "Options · 1 · de: Preis → Der Preis" in shown
    assert "{" not in shown
    assert question.version == version


def test_unseen_characters_are_shown(client, eva):
    Customer.objects.filter(pk=eva.pk).update(city=NASTY[:100])
    assert "‹U+202E›" in page(client, eva)
    assert "\u202e" not in page(client, eva)


def test_it_pages_by_the_last_row_and_filters_by_field_and_person(client, boss, eva):
    for number in range(60):
        with acting(user=boss.pk, origin="page"):
            Customer.objects.filter(pk=eva.pk).update(city=f"Stadt {number}")
    Customer.objects.filter(pk=eva.pk).update(street="Am Ring 1")
    first = page(client, eva)
    assert "Stadt 59" in first
    older = re.search(r'href="\?(before=\d+)"', first)
    assert older
    second = page(client, eva, before=older[1].partition("=")[2])
    assert "Stadt 0" in second
    assert "Stadt 59" not in second
    street = told(page(client, eva, what="customers.customer:street"))
    assert "Am Ring 1" in street
    assert "Stadt" not in street
    assert "Am Ring 1" in page(client, eva, who="0")
    assert "Am Ring 1" not in page(client, eva, who=boss.pk)


@pytest.mark.parametrize("query", [{"before": "x"}, {"what": "a.b:c"}, {"who": "\x00"}, {"before": "9" * 30}])
def test_a_question_that_makes_no_sense_shows_nothing(client, eva, query):
    assert 'class="empty"' in page(client, eva, **query)


def test_it_asks_the_same_queries_for_any_number_of_rows(client, boss, eva):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, eva)
        return len(captured)

    def change(number: int) -> None:
        user = make_user(first_name=f"Person {number}")
        with acting(user=user.pk, origin="page"):
            Customer.objects.filter(pk=eva.pk).update(city=f"Stadt {number}", owner=user)
            Identity.objects.create(customer=eva, kind="email", value=f"eva{number}@example.org")

    change(0)
    few = asked()
    for number in range(1, 20):
        change(number)
    assert asked() == few <= 16


def test_who_may_not_see_the_row_does_not_see_its_history(eva):
    client = Client()
    client.force_login(make_user(Role.SERVICE_AGENT))
    team = Team.objects.create(name="Nord")
    assert client.get(reverse("admin:accounts_user_history", args=[make_user().pk])).status_code == 403
    assert client.get(reverse("admin:accounts_team_history", args=[team.pk])).status_code == 200
    assert client.get(reverse("admin:accounts_change_changelist")).status_code == 403


def test_a_row_without_changes_says_what_will_stand_here(client, eva):
    with acting(bulk=True):
        new = make_customer()
    assert not Change.objects.about(new).exists()
    assert "Nothing was changed" in told(page(client, new))
