from datetime import UTC, datetime

import orjson
import pytest
from django.test import Client

from accounts.actions import issue_api_key
from accounts.models import Scope, Team
from accounts.roles import Role, declared_permissions
from tests.factories import make_customer, make_touchpoint, make_user, make_write_key
from tests.problems import assert_problem
from touchpoints import feed
from touchpoints.actions import seed_vocabulary
from touchpoints.actions.cases import open_case
from touchpoints.models import Case, CaseComment, Subject, Touchpoint

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"
WRITING = (Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ, Scope.CASES_WRITE)


class Caller:
    def __init__(self, *scopes, key=""):
        self.key = key or issue_api_key(name="Helpdesk", scopes=list(scopes))[1]

    def __call__(self, method, url, body=None, *, etag=None):
        headers = {"Authorization": f"Bearer {self.key}"} | ({"If-Match": etag} if etag else {})
        return Client().generic(
            method,
            url,
            orjson.dumps(body) if body is not None else b"",
            content_type="application/json",
            headers=headers,
        )


@pytest.fixture(autouse=True)
def _vocabulary():
    seed_vocabulary()


@pytest.fixture
def call():
    return Caller(*WRITING)


@pytest.fixture
def case():
    return open_case(customer=make_customer(), by=None, title="Machine drips")


def story(case):
    return list(Touchpoint.objects.filter(subject=case.subject).order_by("id").values_list("type__key", flat=True))


def test_it_opens_a_case_and_leads_it_to_its_end(call):
    team = Team.objects.create(name="Service")
    opened = call("POST", CASES, {"customer": make_customer().pk, "title": "Drips", "priority": 4, "team": team.pk})
    assert opened.status_code == 201, opened.content
    url, etag = opened["Location"].removeprefix("http://testserver"), opened["ETag"]
    assert opened.json()["due_at"]
    assert (opened.json()["number"], opened.json()["state"]) == (Case.objects.get().number, "open")

    owner = make_user()
    changed = call("PATCH", url, {"owner": owner.pk, "priority": 1}, etag=etag)
    assert changed.status_code == 200, changed.content
    assert changed.json()["due_at"] > opened.json()["due_at"]
    waiting = call("PUT", f"{url}waiting/", etag=changed["ETag"])
    assert waiting.json()["state"] == "waiting"
    going_on = call("DELETE", f"{url}waiting/", etag=waiting["ETag"])
    ended = {"root_cause": "worn_part", "resolution": "repaired", "note": "New seal"}
    resolved = call("PUT", f"{url}resolution/", ended, etag=going_on["ETag"])
    assert resolved.json() | ended == resolved.json() | {"note": "New seal"}
    closed = call("PUT", f"{url}closure/", etag=resolved["ETag"])
    assert closed.json()["state"] == "closed"
    again = call("DELETE", f"{url}resolution/", etag=closed["ETag"])
    assert (again.json()["state"], again.json()["resolved_at"]) == ("open", None)

    assert story(Case.objects.get()) == [
        "case_opened", "case_assigned", "case_changed", "case_waiting", "case_resumed", "case_resolved", "case_closed",
        "case_reopened",
    ]  # fmt: skip
    feed.catch_up()
    assert (Subject.objects.get().state, Subject.objects.get().is_open) == ("reopened", True)


def test_what_somebody_else_changed_is_not_overwritten(call, case):
    url = f"{CASES}{case.pk}/"
    etag = call("GET", url)["ETag"]
    assert call("PATCH", url, {"priority": 4}, etag=etag).status_code == 200
    refused = call("PATCH", url, {"priority": 1}, etag=etag)
    assert_problem(refused, 412, "changed_since")
    assert refused.json()["changed"]["priority"] == 4
    assert_problem(call("PATCH", url, {"priority": 1}), 428, "if_match_missing")
    assert_problem(call("PUT", f"{url}waiting/"), 428, "if_match_missing")


def test_a_state_that_does_not_lead_there_is_refused(call, case):
    url = f"{CASES}{case.pk}/"
    assert_problem(call("PUT", f"{url}closure/", etag="*"), 409, "wrong_state")
    ended = {"root_cause": "worn_part", "resolution": "repaired"}
    assert call("PUT", f"{url}resolution/", ended, etag="*").status_code == 200
    assert_problem(call("PUT", f"{url}resolution/", ended, etag="*"), 409, "wrong_state")
    assert_problem(call("PUT", f"{url}waiting/", etag="*"), 409, "wrong_state")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"root_cause": "worn_part"},
        {"root_cause": "repaired", "resolution": "worn_part"},  # the wrong trees
        {"root_cause": "worn_part", "resolution": "nonsense"},
        {"root_cause": "worn_part", "resolution": "repaired", "state": "closed"},
    ],
)
def test_it_ends_only_with_reasons_of_the_trees(call, case, body):
    assert call("PUT", f"{CASES}{case.pk}/resolution/", body, etag="*").status_code == 400
    case.refresh_from_db()
    assert case.is_open


@pytest.mark.parametrize(
    "body", [{"state": "closed"}, {"priority": 9}, {"priority": "high"}, {"owner": 99999}, {"title": ""}]
)
def test_it_refuses_what_it_would_not_store(call, case, body):
    assert call("PATCH", f"{CASES}{case.pk}/", body, etag="*").status_code == 400
    assert story(case) == ["case_opened"]


def test_a_case_stays_with_its_customer(call, case):
    assert call("PATCH", f"{CASES}{case.pk}/", {"customer": make_customer().pk}, etag="*").status_code == 400


def test_comments_are_kept_apart_from_the_stream(call, case):
    answer = call("POST", "/api/v1/case-comments/", {"case": case.pk, "text": "She called again"})
    assert answer.status_code == 201, answer.content
    assert answer.json()["api_key"] == "Helpdesk"
    told = Touchpoint.objects.get(type__key="case_commented")
    assert told.properties == {"comment": answer.json()["id"]}
    (listed,) = call("GET", f"/api/v1/case-comments/?case={case.pk}").json()["results"]
    assert listed["text"] == "She called again"
    assert call("POST", "/api/v1/case-comments/", {"case": case.pk, "text": "  "}).status_code == 400
    assert CaseComment.objects.count() == 1


def test_subjects_and_touchpoints_are_linked_once_and_unlinked(call, case):
    links = "/api/v1/case-links/"
    first = call("POST", links, {"case": case.pk, "subject": "order:1001"})
    assert first.status_code == 201, first.content
    assert call("POST", links, {"case": case.pk, "subject": "order:1001"}).json()["id"] == first.json()["id"]
    own, other = make_touchpoint(case.customer), make_touchpoint()
    linked = call("POST", links, {"case": case.pk, "touchpoint": own.pk})
    assert linked.status_code == 201, linked.content
    assert call("POST", links, {"case": case.pk, "touchpoint": other.pk}).status_code == 400
    for body in ({}, {"subject": "nonsense"}, {"subject": "order:1", "touchpoint": own.pk}):
        assert call("POST", links, {"case": case.pk} | body).status_code == 400, body
    assert call("DELETE", f"{links}{first.json()['id']}/", etag=first["ETag"]).status_code == 204
    assert story(case) == ["case_opened", "case_linked", "case_linked", "case_changed"]


def test_who_may_only_write_touchpoints_changes_no_case(case):
    url = f"{CASES}{case.pk}/"
    keys = [
        Caller(key=make_write_key()),
        Caller(Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ),
        Caller(Scope.TOUCHPOINTS_READ, Scope.CASES_WRITE),
    ]
    for call in keys:
        for method, path in (("PATCH", url), ("PUT", f"{url}waiting/"), ("DELETE", f"{url}resolution/")):
            assert_problem(call(method, path, {}, etag="*"), 403, "permission_denied")
        assert_problem(call("POST", CASES, {}), 403, "permission_denied")
    assert story(case) == ["case_opened"]


def test_a_due_time_set_by_hand_stays(call, case):
    url = f"{CASES}{case.pk}/"
    by_hand = call("PATCH", url, {"due_at": "2026-12-24T12:00:00Z"}, etag="*").json()
    assert by_hand["is_due_by_hand"]
    assert call("PATCH", url, {"priority": 4}, etag="*").json()["due_at"] == by_hand["due_at"]
    freed = call("PATCH", url, {"due_at": None}, etag="*").json()
    assert not freed["is_due_by_hand"]
    assert datetime.fromisoformat(freed["due_at"]) != datetime(2026, 12, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("role", Role)
def test_it_opens_for_exactly_the_declared_roles(role, case):
    client = Client()
    client.force_login(make_user(role))
    url = f"{CASES}{case.pk}/"
    asked = {
        ("GET", url): "view_case",
        ("POST", CASES): "add_case",
        ("PATCH", url): "change_case",
        ("PUT", f"{url}waiting/"): "change_case",
        ("DELETE", f"{url}resolution/"): "change_case",
        ("POST", "/api/v1/case-comments/"): "add_case",
        ("POST", "/api/v1/case-links/"): "add_case",
        ("GET", "/api/v1/case-reasons/"): "view_casereason",
    }
    wrong = []
    for (method, path), permission in asked.items():
        # An empty body, no state named: refused with another status wherever it may be done at all.
        is_open = client.generic(method, path, b"{}", content_type="application/json").status_code != 403
        may = declared_permissions().get(f"touchpoints.{permission}", set())
        if is_open != (role == Role.ADMINISTRATOR or role in may):
            wrong.append((method, path))
    assert wrong == []
