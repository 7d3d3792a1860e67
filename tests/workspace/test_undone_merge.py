"""Undoing a merge gives back exactly what was, wherever one looks: the page, the stages, the answers, the figures."""

import random
import re
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from customers.actions import merge_customers, undo_merge
from customers.models import Customer
from journeys.models import Run
from surveys.models import Answer, Response
from tests.factories import make_brand, make_customer, make_user
from tests.insights.asking import Asking
from tests.surveys.factories import make_survey
from touchpoints.actions import record_touchpoint
from touchpoints.actions.cases import open_case
from touchpoints.feed import catch_up
from touchpoints.models import Case, Message, Subject

pytestmark = pytest.mark.django_db

FIGURES = ("customers", "orders", "revenue_per_customer", "purchase_frequency", "repeat_purchase_rate", "nps", "csat")
DRAWN_ANEW = re.compile(r"""X-CSRFToken": "\w+|csrfmiddlewaretoken" value="\w+|name="key" value="[^"]+|nonce="[^"]+""")


class Shop:
    """Four people with a past, and a look at everything that is told of them."""

    def __init__(self) -> None:
        call_command("seed_vocabulary")
        call_command("seed_journeys")
        make_brand()
        self.now = timezone.now()
        self.survey = make_survey(questions=[("nps", "nps", {"text_de": "?"}), ("csat", "csat", {"text_de": "?"})])
        self.ask = Asking()
        self.agent = Client()
        self.agent.force_login(make_user(Role.SERVICE_AGENT))
        names = ["Anna", "Bert", "Cora", ""]
        self.people = [self._person(number, name) for number, name in enumerate(names)]
        catch_up()

    def _person(self, number: int, name: str) -> Customer:
        email = f"{name.lower()}@shop.example" if name else ""
        person = make_customer(email=email, given_name=name, family_name=name and "Müller", is_known=bool(name))
        self._happen(person, "product_viewed", day=number)
        if name:
            key = f"order:{number}"
            for day, type in enumerate(("order_placed", "order_shipped", "order_delivered")[: number + 1], start=1):
                self._happen(person, type, day=number + day, subject=key, value=10 * (number + 1), currency="EUR")
            open_case(customer=person, by=None, title=f"Case of {name}", due_at=self.now)
            self._answer(person, nps=3 * number, csat=5 - number)
        return person

    def _happen(self, person: Customer, type: str, *, day: float, **fields: Any) -> None:
        record_touchpoint(
            source="kundenpfad",
            message_id=f"{person.pk} {type} {day}",
            type=type,
            customer=person,
            occurred_at=self.now - timedelta(days=20 - day),
            **fields,
        )

    def _answer(self, person: Customer, **scores: int) -> None:
        at = self.now - timedelta(days=5)
        response = Response.objects.create(
            version=self.survey.versions.get(), customer=person, language="de", started_at=at, finished_at=at
        )
        for key, score in scores.items():
            Answer.objects.create(response=response, question=response.version.questions.get(key=key), score=score)

    def everything(self) -> dict[str, Any]:
        """All that is told of these people, without the numbers of rows that are computed anew."""
        return {
            "persons": dict(Customer.objects.values_list("pk", "canonical_id")),
            "known": dict(Customer.objects.values_list("pk", "is_known")),
            "runs": sorted(
                Run.objects.live().values_list(
                    "customer_id", "version__journey__key", "subject", "ordinal", "current_stage__key", "last_at"
                ),
                key=str,
            ),
            "passages": sorted(
                Run.objects.values_list(
                    "customer_id", "subject", "passages__stage__key", "passages__entered_at", "passages__left_at"
                ),
                key=str,
            ),
            "subjects": sorted(Subject.objects.values_list("kind", "key", "customer_id", "state"), key=str),
            "cases": sorted(Case.objects.values_list("number", "customer_id", "state")),
            "answers": sorted(Answer.objects.values_list("response__customer__canonical_id", "question__key", "score")),
            "pages": {person.pk: self._page(person) for person in self.people},
            "figures": {kpi: self.figure(kpi) for kpi in FIGURES},
        }

    def figure(self, kpi: str) -> tuple[Any, Any]:
        today = timezone.localdate()
        answer = self.ask(kpi, from_=str(today - timedelta(days=40)), to=str(today + timedelta(days=1)))
        return answer["value"], answer["n"]

    def _page(self, person: Customer) -> tuple[int, str]:
        response = self.agent.get(reverse("customer", args=[person.pk]))
        return response.status_code, DRAWN_ANEW.sub("", response.content.decode())


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_merge_joins_timeline_stages_answers_and_figures(shop: Shop) -> None:
    anna, bert, _cora, visitor = shop.people
    assert shop.figure("customers") == (3, 3)

    merge_customers(kept=bert, merged=anna, reason="same card")
    merge_customers(kept=bert, merged=visitor, reason="same device")
    catch_up()

    told = shop.everything()
    assert shop.figure("customers")[0] == 2
    assert shop.figure("orders")[0] == 3
    assert shop.figure("nps")[1] == 2
    assert {run[0] for run in told["runs"]} == {bert.pk, shop.people[2].pk}
    assert {row[2] for row in told["subjects"] if row[:2] in {("order", "0"), ("order", "1")}} == {bert.pk}
    status, html = told["pages"][bert.pk]
    assert status == 200
    assert "Case of Anna" in html
    assert told["pages"][anna.pk][0] == 302


@pytest.mark.parametrize(("kept", "merged"), [*combinations(range(4), 2)])
def test_undoing_it_gives_back_what_was(shop: Shop, kept: int, merged: int) -> None:
    before = shop.everything()

    merge = merge_customers(kept=shop.people[kept], merged=shop.people[merged], reason="test")
    catch_up()
    assert shop.everything() != before
    undo_merge(merge=merge)
    catch_up()

    assert shop.everything() == before
    assert not Message.objects.exists(), "nobody was written to"


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_of_a_chain(shop: Shop, seed: int) -> None:
    """Merged one after the other, undone in any order: each undo leaves what the other merges alone would have made."""
    chance = random.Random(seed)
    pairs = chance.sample([*combinations(shop.people, 2)], 3)
    shop_as = {frozenset[int](): shop.everything()}
    for chosen in [[0], [1], [2], [0, 1], [0, 2], [1, 2]]:
        merges = [merge_customers(kept=pairs[it][0], merged=pairs[it][1], reason="test") for it in chosen]
        catch_up()
        shop_as[frozenset(chosen)] = shop.everything()
        for merge in merges:
            undo_merge(merge=merge)

    standing = {it: merge_customers(kept=pairs[it][0], merged=pairs[it][1], reason="test") for it in range(3)}
    while standing:
        undo_merge(merge=standing.pop(chance.choice([*standing])))
        catch_up()
        assert shop.everything() == shop_as[frozenset(standing)]
