"""NPS, CSAT, CES and response rate over REST: the reference answers and the micro examples of the definitions."""

import csv
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from customers.models import Customer, Merge
from surveys.models import Answer, Campaign, Invitation, Question, Response, Survey, SurveyVersion
from tests.factories import NOW, make_brand, make_customer, make_touchpoint, make_type
from tests.insights.asking import Asking
from touchpoints.models import Message

FOLDER = settings.REFERENCE_DATA / "surveys"
pytestmark = pytest.mark.django_db


@pytest.fixture
def ask() -> Asking:
    make_brand()
    return Asking()


def make_question(kind: str = "nps") -> Question:
    survey, _created = Survey.objects.get_or_create(key="pulse", defaults={"label_de": "Puls"})
    version, _created = SurveyVersion.objects.get_or_create(survey=survey)
    position = version.questions.count() + 1
    return Question.objects.create(version=version, key=f"{kind}-{position}", kind=kind, position=position, text_de="?")


def give(question: Question, score: int, *, customer: Customer | None = None, at: datetime = NOW) -> Answer:
    response = Response.objects.create(
        version=question.version, customer=customer, language="de", started_at=at, finished_at=at
    )
    return Answer.objects.create(response=response, question=question, score=score)


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"The reference data are not at {FOLDER} (set REFERENCE_DATA).")
@pytest.mark.parametrize(
    ("answers", "key"),
    [("first", "first_answer_per_respondent"), ("latest", "latest_answer_per_respondent"), ("all", "all_answers")],
)
def test_nps_of_the_reference_answers(ask, answers, key):
    expected: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text())[key]
    question = make_question()
    people: dict[str, Customer] = {}
    with (FOLDER / "nps_answers.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            customer = people.setdefault(row["respondent"], make_customer())
            give(question, int(row["score"]), customer=customer, at=datetime.fromisoformat(row["completed_at"]))
    answer = ask("nps", answers=answers)
    assert answer["value"] == pytest.approx(expected["nps"], abs=1e-6)
    assert answer["n"] == expected["n"]
    assert [answer[it] for it in ("promoters", "passives", "detractors")] == [
        expected["promoters"], expected["passives"], expected["detractors"],
    ]  # fmt: skip
    assert [answer["interval"]["low"], answer["interval"]["high"]] == pytest.approx(
        expected["ci95_adjusted_wald"], abs=1e-4
    )
    assert answer["mean_score"] == pytest.approx(expected["mean_score"], abs=1e-6)
    assert answer["is_too_few"]


@pytest.mark.parametrize(
    ("scores", "nps"),
    [([0, 7, 7, 9, 9, 9], 100 / 3), ([1, 9], 0), ([7, 9], 50), ([0, 7, 9], 0), ([9, 9], 100)],
)
def test_nps_of_the_micro_examples(ask, scores, nps):
    question = make_question()
    for score in scores:
        give(question, score)
    answer = ask("nps")
    assert answer["value"] == pytest.approx(nps)
    assert (answer["numerator"], answer["denominator"]) == (round(nps * len(scores) / 100), len(scores))
    assert -100 <= answer["interval"]["low"] < answer["interval"]["high"] <= 100


def test_csat_counts_the_top_two_of_five(ask):
    question = make_question("csat")
    for score, count in ((5, 10), (4, 20), (3, 10), (2, 5), (1, 5)):
        for _number in range(count):
            give(question, score)
    give(question, 0)  # “not applicable” is no answer
    answer = ask("csat")
    assert (answer["value"], answer["numerator"], answer["n"]) == (60, 30, 50)
    assert answer["mean_score"] == pytest.approx(3.5)
    assert answer["interval"]["low"] == pytest.approx(46.18, abs=0.01)


def test_ces_counts_five_to_seven(ask):
    question = make_question("ces")
    for score in (7, 6, 5, 4, 1):
        give(question, score)
    answer = ask("ces")
    assert (answer["value"], answer["n"], answer["mean_score"]) == (60, 5, pytest.approx(4.6))


def test_stars_are_a_mean_with_its_interval(ask):
    question = make_question("stars")
    for score in (5, 5, 4, 2):
        give(question, score)
    answer = ask("stars")
    assert (answer["value"], answer["numerator"], answer["denominator"]) == (4, 16, 4)
    # Standard error: the square root of 2 / 4.
    assert answer["interval"]["low"] == pytest.approx(4 - 1.959964 * 0.5**0.5, abs=1e-5)


def test_nobody_asked_is_not_zero(ask):
    for kpi in ("nps", "csat", "ces", "stars", "response_rate"):
        answer = ask(kpi)
        assert (answer["value"], answer["denominator"], answer["n"]) == (None, 0, 0)


def test_unfinished_responses_do_not_count(ask):
    answer = give(make_question(), 9)
    Response.objects.filter(pk=answer.response_id).update(finished_at=None)
    assert ask("nps")["n"] == 0


def test_a_merged_person_answers_once(ask):
    question, anna, same = make_question(), make_customer(), make_customer()
    give(question, 2, customer=anna)
    give(question, 9, customer=same, at=NOW + timedelta(days=1))
    assert ask("nps")["n"] == 2
    Merge.objects.create(kept=anna, merged=same, reason="test")
    Customer.objects.filter(pk=same.pk).update(canonical=anna)
    answer = ask("nps")
    assert (answer["n"], answer["value"]) == (1, 100)


def test_anonymous_answers_each_count(ask):
    question = make_question()
    for _number in range(3):
        give(question, 10)
    assert ask("nps", answers="first")["n"] == 3


def test_a_period_and_a_survey_can_be_chosen(ask):
    question = make_question()
    give(question, 10, at=datetime.fromisoformat("2026-02-28T23:30:00+00:00"))  # 1 March in Berlin
    give(question, 0)
    assert ask("nps", to="2026-03-01", from_="2026-02-01")["n"] == 0
    series = ask("nps", from_="2026-02-01", to="2026-04-01", granularity="month")["series"]
    assert [row["n"] for row in series] == [0, 2]
    assert [row["value"] for row in series] == [None, 0]
    assert ask("nps", survey="pulse")["n"] == 2
    assert ask("nps", breakdown="survey")["groups"][0]["group"] == "pulse"
    ask("nps", survey="other", status=400)


def test_response_rate_counts_invitations_by_the_day_they_were_sent(ask):
    campaign = Campaign.objects.create(
        key="after-delivery", label_de="x", brand=make_brand(), survey=make_question().version.survey,
        purpose="survey", trigger_type=make_type(),
    )  # fmt: skip
    states = [("sent", None), ("sent", None), ("answered", NOW + timedelta(days=40)), ("planned", None)]
    for state, answered_at in states:
        touchpoint = make_touchpoint()
        Invitation.objects.create(
            campaign=campaign, customer=touchpoint.customer, touchpoint=touchpoint, state=state, due_at=NOW,
            sent_at=None if state == "planned" else NOW, answered_at=answered_at, nonce=1,
        )  # fmt: skip
    bounced = Invitation.objects.filter(state="sent")[0]
    key = f"invitation:{bounced.pk}:first"
    Message.objects.create(key=key, kind="invitation", brand=campaign.brand, state="failed")
    answer = ask("response_rate", from_="2026-03-01", to="2026-04-01")
    assert (answer["numerator"], answer["denominator"], answer["value"]) == (1, 2, 50)
    assert (answer["invited"], answer["undeliverable"]) == (3, 1)
