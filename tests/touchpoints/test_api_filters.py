from datetime import timedelta

import pytest

from accounts.models import Scope
from customers.actions import merge_customers
from tests.factories import NOW, make_channel, make_customer, make_source, make_touchpoint
from tests.reading import Reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> Reader:
    return Reader(Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ)


def test_touchpoints_of_a_person_are_those_of_all_merged_records(reader):
    kept, merged, stranger = make_customer(), make_customer(), make_customer()
    ids = {make_touchpoint(kept).pk, make_touchpoint(merged).pk}
    make_touchpoint(stranger)
    merge_customers(kept=kept, merged=merged, reason="same card")
    assert reader.ids("touchpoints/", customer=kept.pk) == ids
    assert reader.ids("touchpoints/", customer=merged.pk) == ids
    assert {row["person"] for row in reader.rows("touchpoints/", customer=kept.pk)} == {kept.pk}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"type": "call_inbound"}, {"type": "call_inbound"}),
        ({"subject": "order:1"}, {"subject": "order:1"}),
        ({"actor": "agent"}, {"actor": "agent"}),
        ({"occurred_since": "2026-03-03T00:00:00Z"}, {"occurred_at": NOW + timedelta(days=1)}),
        ({"occurred_before": "2026-03-02T10:00:00Z"}, {"occurred_at": NOW - timedelta(milliseconds=1)}),
    ],
)
def test_touchpoints_are_filtered(reader, query, fields):
    wanted = make_touchpoint(**fields)
    make_touchpoint()
    assert reader.ids("touchpoints/", **query) == {wanted.pk}


def test_touchpoints_are_filtered_by_channel_and_source(reader):
    source = make_source()
    wanted = make_touchpoint(channel=make_channel("phone"), source=source)
    make_touchpoint(channel=make_channel("web"), source=make_source())
    assert reader.ids("touchpoints/", channel="phone") == {wanted.pk}
    assert reader.ids("touchpoints/", source=source.key) == {wanted.pk}


def test_corrected_touchpoints_may_be_left_out(reader):
    first = make_touchpoint(message_id="a")
    second = make_touchpoint(message_id="b", replaces="a")
    assert reader.ids("touchpoints/") == {first.pk, second.pk}
    assert reader.ids("touchpoints/", is_current="true") == {second.pk}


@pytest.mark.parametrize("spelled", ["anna@example.com", " Anna@EXAMPLE.com"])
def test_customers_are_found_by_an_identifier_however_it_is_spelled(reader, spelled):
    anna = make_customer(email="anna@example.com")
    make_customer(email="bernd@example.com")
    assert reader.ids("customers/", email=spelled) == {anna.pk}
    assert reader.ids("customers/", phone="nonsense") == set()


def test_customers_are_listed_by_person(reader):
    kept, merged, stranger = make_customer(), make_customer(), make_customer()
    merge_customers(kept=kept, merged=merged, reason="same card")
    assert reader.ids("customers/", is_canonical="true") == {kept.pk, stranger.pk}
    assert reader.ids("customers/", person=merged.pk) == {kept.pk, merged.pk}


def test_what_arrived_is_what_is_read(reader):
    properties = {"big": 1e30, "text": "\u202e😀\u200b", "nested": [{"a": None}]}
    make_touchpoint(properties=properties, place="\u202eBerlin")
    (row,) = reader.rows("touchpoints/")
    assert (row["properties"], row["place"]) == (properties | {"big": 10**30}, "\u202eBerlin")
