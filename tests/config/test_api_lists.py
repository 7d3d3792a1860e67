"""What every list of the API has in common: who may read it, how it is paged, what bad questions get."""

import itertools
from base64 import b64encode
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import resolve

from accounts.actions import issue_api_key
from accounts.models import Scope
from customers.models import Customer, CustomerAccess, Merge, MergeSuggestion, Note, Segment, Tag
from journeys.models import ExpectedTouchpoint, Journey, JourneyVersion, Passage, Run, Stage
from surveys.models import Answer, Campaign, Invitation, Question, Response, Survey, SurveyVersion
from tests.factories import (
    NOW,
    make_brand,
    make_channel,
    make_customer,
    make_reason,
    make_touchpoint,
    make_type,
    make_user,
)
from tests.problems import assert_problem
from tests.reading import Reader
from touchpoints.models import Case, CaseComment, CaseLink, Subject

pytestmark = pytest.mark.django_db

LISTS = {
    "customers": (Scope.CUSTOMERS_READ, "customers.view_customer", 5),
    "identities": (Scope.CUSTOMERS_READ, "customers.view_identity", 3),
    "merge-suggestions": (Scope.CUSTOMERS_READ, "customers.view_mergesuggestion", 3),
    "merges": (Scope.CUSTOMERS_READ, "customers.view_merge", 3),
    "notes": (Scope.CUSTOMERS_READ, "customers.view_note", 3),
    "segments": (Scope.SEGMENTS_READ, "customers.view_segment", 2),
    "tags": (Scope.CUSTOMERS_READ, "customers.view_tag", 2),
    "touchpoints": (Scope.TOUCHPOINTS_READ, "touchpoints.view_touchpoint", 3),
    "touchpoint-types": (Scope.TOUCHPOINTS_READ, "touchpoints.view_touchpointtype", 2),
    "channels": (Scope.TOUCHPOINTS_READ, "touchpoints.view_channel", 2),
    "subjects": (Scope.TOUCHPOINTS_READ, "touchpoints.view_subject", 3),
    "orders": (Scope.TOUCHPOINTS_READ, "touchpoints.view_subject", 3),
    "cases": (Scope.TOUCHPOINTS_READ, "touchpoints.view_case", 3),
    "case-comments": (Scope.TOUCHPOINTS_READ, "touchpoints.view_case", 3),
    "case-links": (Scope.TOUCHPOINTS_READ, "touchpoints.view_case", 2),
    "case-reasons": (Scope.TOUCHPOINTS_READ, "touchpoints.view_casereason", 2),
    "journeys": (Scope.JOURNEYS_READ, "journeys.view_journey", 2),
    "journey-versions": (Scope.JOURNEYS_READ, "journeys.view_journeyversion", 7),
    "stages": (Scope.JOURNEYS_READ, "journeys.view_stage", 5),
    "runs": (Scope.JOURNEYS_READ, "journeys.view_run", 3),
    "passages": (Scope.JOURNEYS_READ, "journeys.view_passage", 3),
    "surveys": (Scope.SURVEYS_READ, "surveys.view_survey", 4),
    "campaigns": (Scope.SURVEYS_READ, "surveys.view_campaign", 2),
    "invitations": (Scope.SURVEYS_READ, "surveys.view_invitation", 3),
    "responses": (Scope.SURVEYS_READ, "surveys.view_response", 5),
}
ODD_VALUES = (
    "\x00", "99999999999999999999999", "-1", "abc", "1e400", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "\N{GRINNING FACE}", "",
)  # fmt: skip
# Where a row is called by something else than its number.
KEYS = {"tags": "key"}
# How many rows make_one_of_each makes: a merge needs two customers.
ROWS = {"customers": 2}
NOTED = {
    "customers", "identities", "merge-suggestions", "merges", "notes", "touchpoints", "subjects", "orders", "cases",
    "case-comments",
    "runs", "passages", "invitations", "responses",
}  # fmt: skip
WRITTEN = {
    "cases",
    "case-comments",
    "case-links",
    "customers",
    "identities",
    "merge-suggestions",
    "merges",
    "notes",
    "tags",
}  # tests/customers/test_api_*.py
lists = pytest.mark.parametrize("path", LISTS)


def make_one_of_each(number: int) -> None:
    brand, customer = make_brand(), make_customer(email=f"anna{number}@example.com")
    customer.tags.add(Tag.objects.create(key=f"tag-{number}", name=f"Tag {number}"))
    Segment.objects.create(name=f"Segment {number}", rules={"and": [{"condition": "known", "with": {"known": "yes"}}]})
    Note.objects.create(customer=customer, text="Calls in the morning")
    other = Customer.objects.create()
    Merge.objects.create(kept=customer, merged=other, reason="same card")
    MergeSuggestion.objects.create(one=customer, other=other, score=0.6, reasons=["name"])
    bought, web = make_type(f"bought_{number}", channel=None), make_channel(f"channel_{number}")
    touchpoint = make_touchpoint(customer, type=bought.key, channel=web, subject=f"order:{number}")
    Subject.objects.create(
        brand=brand, kind="order", key=str(number), customer=customer, state="placed", began_at=NOW, changed_at=NOW
    )
    case = Case.objects.create(brand=brand, number=f"V-{number}", customer=customer, title="Broken")
    CaseComment.objects.create(case=case, text="Calls back")
    CaseLink.objects.create(case=case, subject=f"order:{number}")
    make_reason(f"reason_{number}")
    journey = Journey.objects.create(key=f"journey-{number}", label_de="Reise")
    version = JourneyVersion.objects.create(journey=journey, state="published", published_at=NOW)
    version.end_types.add(bought)
    stage = Stage.objects.create(version=version, key="buys", label_de="Kauf", phase="purchase", position=1)
    ExpectedTouchpoint.objects.create(stage=stage, type=bought, channel=web)
    run = Run.objects.create(version=version, customer=customer, current_stage=stage, started_at=NOW, last_at=NOW)
    Passage.objects.create(run=run, stage=stage, ordinal=1, entered_at=NOW)
    survey = Survey.objects.create(key=f"survey-{number}", label_de="Umfrage")
    asked = SurveyVersion.objects.create(survey=survey, state="published", published_at=NOW)
    question = Question.objects.create(version=asked, key="nps", kind="nps", position=1, text_de="Empfehlen Sie uns?")
    campaign = Campaign.objects.create(
        key=f"campaign-{number}", label_de="Kampagne", brand=brand, survey=survey, purpose="survey", trigger_type=bought
    )
    invitation = Invitation.objects.create(
        campaign=campaign, customer=customer, touchpoint=touchpoint, due_at=NOW, nonce=number
    )
    response = Response.objects.create(version=asked, invitation=invitation, customer=customer, language="de")
    Answer.objects.create(response=response, question=question, score=9, text="Gut")


@lists
def test_it_reads_with_the_scope(path):
    make_one_of_each(1)
    reader = Reader(LISTS[path][0])
    (row, *_more) = reader.rows(f"{path}/")
    detail = reader.get(f"{path}/{row[KEYS.get(path, 'id')]}/")
    assert detail.status_code == 200
    assert detail.json() == row


@lists
def test_reading_what_is_kept_of_customers_is_noted(path):
    make_one_of_each(1)
    scope = LISTS[path][0]
    (row, *_more) = Reader(scope).rows(f"{path}/")
    detail = f"{path}/{row[KEYS.get(path, 'id')]}/"
    Reader(scope).get(detail)
    may_see = scope == Scope.CUSTOMERS_READ
    assert CustomerAccess.objects.exists() == (may_see and path in NOTED)  # else all that is personal was left out

    reader = Reader(*Scope.values)
    reader.rows(f"{path}/"), reader.get(detail)
    kinds = set(CustomerAccess.objects.values_list("kind", flat=True))
    assert kinds == ({"api", "list"} if path in NOTED else set())
    assert not CustomerAccess.objects.filter(kind="api", customer=None).exists()


@lists
def test_it_is_closed_to_strangers_and_other_scopes(path):
    assert_problem(Client().get(f"/api/v1/{path}/"), 401, "not_authenticated")
    others = [scope for scope in Scope.values if scope != LISTS[path][0]]
    assert_problem(Reader(*others).get(f"{path}/"), 403, "permission_denied")


@lists
def test_staff_reads_with_the_permission_alone(path):
    user, client = make_user(), Client()
    client.force_login(user)
    assert_problem(client.get(f"/api/v1/{path}/"), 403, "permission_denied")
    app, codename = LISTS[path][1].split(".")
    user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    assert client.get(f"/api/v1/{path}/").status_code == 200


@lists
def test_it_takes_the_same_number_of_queries_for_many_rows(path, django_assert_num_queries):
    reader = Reader(*Scope.values)
    make_one_of_each(1)
    reader.rows(f"{path}/")  # notes once in a minute that the key was used
    with django_assert_num_queries(LISTS[path][2]):
        assert len(reader.rows(f"{path}/")) == ROWS.get(path, 1)
    for number in range(2, 6):
        make_one_of_each(number)
    with django_assert_num_queries(LISTS[path][2]):
        assert len(reader.rows(f"{path}/")) == 5 * ROWS.get(path, 1)


@lists
def test_it_is_paged_by_cursor(path):
    each = ROWS.get(path, 1)
    for number in range(1, 4):
        make_one_of_each(number)
    reader = Reader(*Scope.values)
    first = reader.get(f"{path}/", page_size=2 * each).json()
    second = reader.client.get(first["next"]).json()
    assert [len(page["results"]) for page in (first, second)] == [2 * each, each]
    assert second["next"] is None
    ids = [row["id"] for page in (first, second) for row in page["results"]]
    assert ids == sorted(ids, reverse=True)


@lists
def test_an_odd_id_is_404(path):
    reader = Reader(*Scope.values)
    for pk in ("abc", "999999999999999999", "99999999999999999999", "-1", "1%00", "1e3", "٣"):
        assert_problem(reader.get(f"{path}/{pk}/"), 404, "not_found")


@lists
def test_an_odd_cursor_is_404(path):
    reader = Reader(*Scope.values)
    for position in ("\x00", "abc", "9" * 24, "-1", "1e3", "2026-01-01"):
        cursor = b64encode(urlencode({"p": position}).encode()).decode()
        assert_problem(reader.get(f"{path}/", cursor=cursor), 404, "not_found")
    for cursor in ("\x00", "abc", "bz0tMQ=="):
        assert reader.get(f"{path}/", cursor=cursor).status_code in {200, 404}


@pytest.mark.parametrize("path", sorted(set(LISTS) - WRITTEN))
def test_it_offers_no_writing(path):
    reader = Reader(*Scope.values)
    for method in (reader.client.post, reader.client.put, reader.client.patch, reader.client.delete):
        response = method(f"/api/v1/{path}/", b"{}", content_type="application/json")
        assert response.status_code in {403, 405}
        assert response["Content-Type"] == "application/problem+json"


@lists
def test_no_odd_filter_is_a_5xx(path):
    reader = Reader(*Scope.values)
    make_one_of_each(1)
    view = resolve(f"/api/v1/{path}/").func.cls
    names = getattr(view, "filterset_fields", ()) or getattr(view.filterset_class, "base_filters", ())
    assert len(names) > 0
    for name, value in itertools.product([*names, "page_size", "unknown"], ODD_VALUES):
        response = reader.get(f"{path}/", **{name: value})
        assert response.status_code in {200, 400}, (name, response.content)
        if response.status_code == 400:
            assert name in assert_problem(response, 400, "invalid")["errors"]


def test_a_forgotten_slash_is_mended():
    response = Reader(*Scope.values).get("customers", page_size=2)
    assert (response.status_code, response["Location"]) == (301, "/api/v1/customers/?page_size=2")


@pytest.mark.parametrize("path", ["nothing", "nothing/", "customers/1/nothing", "\x00"])
def test_what_does_not_exist_is_a_problem_too(path):
    assert_problem(Client().get(f"/api/v1/{path}"), 404, "not_found")
    assert_problem(Client().post(f"/api/v1/{path}"), 404, "not_found")


def test_only_json_is_offered():
    response = Reader(*Scope.values).client.get("/api/v1/customers/", headers={"Accept": "text/html"})
    assert_problem(response, 406, "not_acceptable")


def test_a_mistake_of_ours_is_a_problem_too(monkeypatch):
    def fail(*_args: object) -> None:
        raise RuntimeError("a mistake")

    reader = Reader(*Scope.values)
    monkeypatch.setattr("accounts.api.paging.CursorPagination.paginate_queryset", fail)
    assert_problem(reader.get("customers/"), 500, "server_error")


def test_personal_data_needs_the_scope_for_customers():
    make_one_of_each(1)
    without, with_it = Reader(*(set(Scope.values) - {Scope.CUSTOMERS_READ})), Reader(*Scope.values)
    for path, personal in {
        "touchpoints/": {"properties", "referrer", "place"},
        "cases/": {"title", "description", "resolution_note"},
    }.items():
        assert not personal & without.rows(path)[0].keys()
        assert personal <= with_it.rows(path)[0].keys()
    assert "text" not in without.rows("responses/")[0]["answers"][0]
    assert with_it.rows("responses/")[0]["answers"][0]["text"] == "Gut"


def test_a_key_that_expired_reads_nothing():
    _api_key, key = issue_api_key(name="Old", scopes=list(Scope.values), expires_at=NOW - timedelta(days=1000))
    response = Client().get("/api/v1/customers/", headers={"Authorization": f"Bearer {key}"})
    assert_problem(response, 401, "authentication_failed")
