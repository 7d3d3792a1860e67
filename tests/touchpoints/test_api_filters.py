from datetime import UTC, date, datetime, timedelta

import pytest
from time_machine import travel

from accounts.models import Scope
from customers.actions import merge_customers
from tests.factories import NOW, make_brand, make_channel, make_customer, make_source, make_touchpoint
from tests.reading import Reader
from touchpoints import feed
from touchpoints.models import Subject

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


def test_orders_are_filtered_by_promise_and_delivery(reader):
    berlin, tokyo = make_brand(), make_brand(name="Tokyo", is_default=False, time_zone="Asia/Tokyo")
    # In Tokyo it is tomorrow already.
    now = datetime(2026, 3, 5, 16, 0, tzinfo=UTC)
    common = {"kind": "order", "customer": make_customer(), "began_at": NOW, "changed_at": NOW}
    waiting = {"state": "shipped", "promised_on": date(2026, 3, 5)}
    there = {"state": "delivered", "is_open": False, "promised_on": date(2026, 3, 1), "delivered_at": NOW}
    here, far = (Subject.objects.create(brand=brand, key="1", **common, **waiting).pk for brand in (berlin, tokyo))
    late, early = (
        Subject.objects.create(brand=berlin, key=f"late {days}", days_late=days, **common, **there).pk
        for days in (1, -1)
    )
    with travel(now, tick=False):
        assert reader.ids("orders/", is_overdue="true") == {far}
        assert reader.ids("orders/", is_overdue="false") == {here, late, early}
    assert reader.ids("orders/", is_late="true") == {late}
    assert reader.ids("orders/", is_late="false") == {early}
    assert reader.ids("orders/", brand=tokyo.pk) == {far}
    assert reader.ids("orders/", promised_since="2026-03-05") == {here, far}
    assert reader.ids("orders/", promised_before="2026-03-05") == {late, early}
    assert reader.ids("orders/", delivered_since=NOW.isoformat()) == {late, early}
    assert reader.ids("subjects/", kind="order", state="shipped", is_open="true") == {here, far}


def test_who_may_not_see_customers_sees_no_tracking_numbers(reader):
    make_touchpoint(type="order_shipped", subject="order:1", properties={"tracking_number": "00340"})
    feed.catch_up()
    assert reader.rows("orders/")[0]["shipments"][0]["tracking_number"] == "00340"
    for path in ("orders/", "subjects/"):
        assert "shipments" not in Reader(Scope.TOUCHPOINTS_READ).rows(path)[0]


def test_amounts_are_summed_per_currency(db):
    common = {"brand": make_brand(), "kind": "order", "state": "paid", "customer": make_customer(), "began_at": NOW}
    for key, (value, currency) in enumerate([(10, "EUR"), (5, "EUR"), (7, "USD"), (None, "")]):
        Subject.objects.create(**common, key=str(key), changed_at=NOW, value=value, net_value=value, currency=currency)
    assert [(it["currency"], it["count"], it["net"]) for it in Subject.objects.sums()] == [
        ("EUR", 2, 15), ("USD", 1, 7),
    ]  # fmt: skip
