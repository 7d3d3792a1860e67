"""Segments over REST: what they are, how many are in them, who, and what an invalid one answers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Scope
from customers.actions import merge_customers
from customers.models import Segment, SegmentMember
from tests.factories import make_consent, make_customer
from tests.problems import assert_problem
from tests.reading import Reader

pytestmark = pytest.mark.django_db

GERMANS = {"and": [{"condition": "country", "with": {"countries": ["DE"]}}]}


@pytest.fixture
def germans() -> Segment:
    return Segment.objects.create(name="Germans", rules=GERMANS)


@pytest.fixture
def broken() -> Segment:
    return Segment.objects.create(name="Broken", rules={"and": [{"condition": "tag", "with": {"tag": "gone"}}]})


@pytest.fixture
def reader() -> Reader:
    return Reader(Scope.SEGMENTS_READ, Scope.CUSTOMERS_READ)


def test_it_tells_what_a_segment_is(germans, reader):
    [row] = reader.rows("segments/")
    assert (row["id"], row["name"], row["kind"], row["rules"]) == (germans.pk, "Germans", "dynamic", GERMANS)


def test_it_counts_people_and_not_records(germans, reader):
    anna, twin, objecting = (make_customer(country="DE") for _ in range(3))
    merge_customers(kept=anna, merged=twin, reason="same")
    make_consent(objecting, address="", purpose="profiling", state="objected", basis="")
    answer = reader.get(f"segments/{germans.pk}/count").json()

    assert (answer["segment"], answer["count"]) == (germans.pk, 1)
    assert reader.ids(f"segments/{germans.pk}/customers/") == {anna.pk}
    assert reader.ids("customers/", segment=germans.pk) == {anna.pk}


def test_it_pages_by_cursor_with_the_same_few_queries(germans, reader):
    people = {make_customer(country="DE").pk for _ in range(5)}
    first = reader.get(f"segments/{germans.pk}/customers/", page_size=3).json()
    second = reader.client.get(first["next"]).json()
    assert {row["id"] for row in first["results"] + second["results"]} == people

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            reader.rows(f"segments/{germans.pk}/customers/")
        return len(asked)

    before = queries()
    for _ in range(20):
        make_customer(country="DE")
    assert queries() == before < 10


def test_a_list_made_by_hand_reads_alike(reader):
    segment = Segment.objects.create(name="List", kind="static")
    anna, bert = make_customer(), make_customer()
    SegmentMember.objects.create(segment=segment, customer=anna)

    assert reader.ids(f"segments/{segment.pk}/customers/") == {anna.pk}
    merge_customers(kept=bert, merged=anna, reason="same")
    assert reader.ids(f"segments/{segment.pk}/customers/") == {bert.pk}


@pytest.mark.parametrize("path", ["segments/{}/customers/", "segments/{}/count", "customers/?segment={}"])
def test_an_invalid_segment_is_an_error_and_never_everybody(broken, reader, path):
    make_customer()
    problem = assert_problem(reader.get(path.format(broken.pk)), 409, "invalid_segment")
    assert problem["problems"][0]["where"] == "1"


def test_an_unknown_segment_is_not_found_and_filters_everybody_out(reader):
    make_customer()
    for path in ("segments/77/customers/", "segments/77/count", "segments/77/"):
        assert_problem(reader.get(path), 404, "not_found")
    assert reader.rows("customers/", segment=77) == []


@pytest.mark.parametrize(
    ("scopes", "open_paths"),
    [
        ([Scope.SEGMENTS_READ], {"segments/", "segments/{}/count"}),
        ([Scope.CUSTOMERS_READ], {"customers/?segment={}"}),
        ([Scope.KPIS_READ], set()),
    ],
)
def test_each_scope_opens_its_own(germans, scopes, open_paths):
    reader = Reader(*scopes)
    paths = {"segments/", "segments/{}/count", "segments/{}/customers/", "customers/?segment={}"}
    assert {path for path in paths if reader.get(path.format(germans.pk)).status_code == 200} == open_paths
