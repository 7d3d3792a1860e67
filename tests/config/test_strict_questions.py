"""What a request would mean otherwise than its sender thinks is refused: schemathesis found these."""

import pytest
from django.test import Client

from accounts.models import Scope
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("customers/", "email="),
        ("customers/", "created_since="),
        ("customers/", "is_known=2"),
        ("customers/", "is_canonical=null"),
        ("customers/", "kind=person&kind=company"),
        ("touchpoints/", "valence=0.5"),
        ("journey-versions/", "number=1e3"),
        ("touchpoints/", "occurred_since=0001-01-01T00:00:00%2B14:00"),
        ("kpis/aov_gross/", "survey=a%00b"),
        ("kpis/aov_gross/", "activity=a%00b"),
        ("touchpoints/", "page_size=0"),
        ("touchpoints/", "page_size=501"),
        ("touchpoints/", "page_size="),
        ("touchpoints/", "page_size=5&page_size=6"),
    ],
)
def test_a_filter_that_would_be_ignored_is_refused(path, query):
    problem = assert_problem(Reader(*Scope.values).get(f"{path}?{query}"), 400, "invalid")
    assert list(problem["errors"]) == [query.partition("=")[0]]


@pytest.mark.parametrize(
    "query", ["is_known=TRUE", "is_known=false", "page_size=500", "created_since=2026-03-02T10:00:00%2B23:59"]
)
def test_what_is_clear_is_answered(query):
    assert Reader(*Scope.values).get(f"customers/?{query}").status_code == 200


def test_a_stranger_who_errs_is_told_so_and_of_no_form():
    browser = Client(enforce_csrf_checks=True)
    for path in ("/api/v1/nothing/", "/api/v1/notes/%C3%9C/"):
        assert_problem(browser.post(path, b"{}", content_type="application/json"), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tags/", {"key": "vip", "name": 0}),
        ("tags/", {"key": "vip", "name": "VIP", "colour": 1}),
        ("notes/", {"customer": "1", "text": "x"}),
        ("notes/", {"customer": True, "text": 1.5}),
    ],
)
def test_a_value_of_another_type_is_refused(path, body):
    errors = assert_problem(Reader(*Scope.values).send("post", path, body), 400, "invalid")["errors"]
    assert {"Must be a string.", "Must be an integer."} & {it for told in errors.values() for it in told}
