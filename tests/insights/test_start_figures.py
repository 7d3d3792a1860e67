from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from tests.factories import make_brand, make_customer, make_source, make_touchpoint, make_user
from tests.insights.test_survey_scores import give, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client: Client):
    make_brand()
    make_source()
    people = {language: make_user(Role.ANALYST, language=language) for language in ("en", "de")}

    def get(path: str = "/figures/", language: str = "en", **headers: str) -> str:
        client.force_login(people[language])
        response = client.get(path, headers=headers)
        assert response.status_code == 200
        return response.content.decode()

    return get


def orders(count: int, *, days_ago: int, value: str = "20") -> None:
    for _number in range(count):
        make_touchpoint(
            make_customer(), type="order_placed", occurred_at=timezone.now() - timedelta(days=days_ago),
            value=Decimal(value), currency="EUR",
        )  # fmt: skip


def test_nothing_to_count_says_what_will_stand_here(look):
    assert "No figures yet" in look()
    assert "Noch keine Zahlen" in look(language="de")


def test_a_change_beyond_chance_is_told_in_words(look):
    orders(90, days_ago=10)
    orders(40, days_ago=100)
    page = look()
    assert "In the last 90 days these rose: Customers, Revenue." in page
    assert "+125.0% against the 90 days before: more than chance." in page
    assert "€1,800" in page
    page = look(language="de")
    assert "gestiegen: Kundinnen und Kunden, Umsatz." in page
    assert "+125,0\xa0%" in page
    assert "1.800\xa0€" in page


def test_a_change_within_chance_is_called_so(look):
    orders(42, days_ago=10)
    orders(40, days_ago=100)
    page = look()
    assert "nothing changed by more than chance" in page
    assert "the difference (+5.0%) can be chance" in page


def test_a_fall_of_what_should_rise_is_bad(look):
    orders(40, days_ago=10)
    orders(90, days_ago=100)
    page = look()
    assert "these fell: Customers, Revenue." in page
    assert 'class="change bad"' in page
    assert "−55.6%" in page


def test_a_rate_shows_n_and_its_limits(look):
    orders(50, days_ago=10)
    assert "n = 50, between 0.0% and 7.1%" in look()


def test_few_answers_are_not_a_score(look):
    question = make_question()
    for _number in range(4):
        give(question, 10, at=timezone.now())
    page = look()
    assert "too few cases" in page
    assert "n = 4" in page
    assert "From 30 cases on this figure says something; so far there are 4." in page


def test_an_answer_changes_the_figure(look):
    question = make_question()
    for _number in range(30):
        give(question, 10, at=timezone.now())
    assert ">100<" in look()
    give(question, 0, at=timezone.now())
    assert ">94<" in look()


def test_the_start_page_fetches_the_figures_as_a_part(look):
    assert 'hx-get="/figures/"' in look("/")
    assert "<html" not in look(**{"HX-Request": "true"})
    assert "<html" in look()


def test_agents_see_no_figures(client):
    client.force_login(make_user(Role.SERVICE_AGENT))
    assert client.get("/figures/").status_code == 403
    assert "/figures/" not in client.get("/").content.decode()


def test_nobody_is_sent_to_the_login(client):
    assert client.get("/figures/").status_code == 302
