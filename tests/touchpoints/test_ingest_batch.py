from datetime import UTC, datetime
from decimal import Decimal

import pytest

from customers.models import Customer, Identity
from tests.factories import make_channel, make_type
from tests.problems import assert_problem
from tests.touchpoints.ingesting import Sender, event
from touchpoints.models import RejectedTouchpoint, Touchpoint, TouchpointType

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender() -> Sender:
    return Sender.new()


def test_it_stores_a_touchpoint_with_everything_it_says(sender):
    make_channel("web")
    make_type("order_placed")
    campaign = {"source": "google", "medium": "cpc", "name": "Frühling"}
    response = sender.send(
        event(
            type="order_placed",
            channel="web",
            occurred_at="2026-03-02T12:00:00.123987+02:00",
            subject="order:1001",
            value=0.1 + 0.2,
            currency="CHF",
            valence=-1,
            session_id="s1",
            campaign=campaign,
            referrer="https://www.google.com/",
            place="Berlin",
            actor="bot",
            properties={"lines": [{"sku": "A1", "quantity": 2}]},
        )
    )
    assert response.status_code == 200
    assert response.json() == {
        "items": [{"index": 0, "message_id": "m1", "status": "created", "code": "", "detail": ""}]
    }
    touchpoint = Touchpoint.objects.get()
    assert touchpoint.source == sender.source
    assert touchpoint.type.key == "order_placed"
    assert touchpoint.channel.key == "web"
    assert touchpoint.occurred_at == datetime(2026, 3, 2, 10, 0, 0, 123000, tzinfo=UTC)
    assert (touchpoint.subject, touchpoint.session_id, touchpoint.place) == ("order:1001", "s1", "Berlin")
    assert (touchpoint.value, touchpoint.currency) == (Decimal("0.30"), "CHF")
    assert (touchpoint.valence, touchpoint.actor) == (-1, "bot")
    assert (touchpoint.campaign, touchpoint.acquisition_channel) == (campaign, "paid")
    assert touchpoint.properties == {"lines": [{"sku": "A1", "quantity": 2}]}
    assert touchpoint.fingerprint != 0


def test_it_creates_the_customer_with_identities(sender):
    sender.send(event(customer={"user_id": 17, "email": "Anna@Example.COM", "phone": "030 1234567"}))
    customer = Customer.objects.get()
    assert customer.is_known
    assert customer.canonical == customer
    assert set(customer.identities.values_list("kind", "value", "is_trusted")) == {
        ("user_id", "17", True),
        ("email", "anna@example.com", True),
        ("phone", "+49301234567", True),
    }
    assert Touchpoint.objects.get().customer == customer


def test_it_takes_an_empty_batch(sender):
    assert sender.send().json() == {"items": []}


def test_it_answers_in_the_order_of_the_batch(sender):
    response = sender.send(event("z"), event("a"), event("m"))
    assert [item["message_id"] for item in response.json()["items"]] == ["z", "a", "m"]


def test_it_takes_the_usual_channel_of_the_type(sender):
    make_type("store_visited", channel=make_channel("store"))
    sender.send(event(type="store_visited"))
    assert Touchpoint.objects.get().channel.key == "store"
    assert Touchpoint.objects.get().acquisition_channel == "store"


def test_it_takes_the_currency_of_the_brand(sender):
    sender.send(event(value="12.50"))
    assert Touchpoint.objects.get().currency == sender.source.brand.currency


def test_it_knows_a_type_by_its_alias(sender):
    make_type("order_placed", aliases=["Order Completed"])
    sender.send(event(type="Order Completed"))
    assert Touchpoint.objects.get().type.key == "order_placed"
    assert not TouchpointType.objects.filter(state="new").exists()


def test_it_keeps_an_unknown_type_for_classification(sender):
    assert sender.items(event("a", type="Tea Drunk"), event("b", type="Tea Drunk")) == [("created", "")] * 2
    assert TouchpointType.objects.get(key="Tea Drunk").state == "new"


def test_it_reports_unknown_fields_and_never_binds_them(sender):
    item = sender.send(event(customer_id=7, campaign={"medium": "cpc", "colour": "red"})).json()["items"][0]
    assert (item["status"], item["code"]) == ("created", "unknown_fields")
    assert item["detail"] == "Not stored: customer_id, campaign.colour."
    assert Touchpoint.objects.get().campaign == {"medium": "cpc"}


def test_a_bad_item_does_not_spoil_the_rest(sender):
    response = sender.send(event("good"), event("bad", valence=9), "no object")
    assert response.status_code == 207
    assert [(it["status"], it["code"]) for it in response.json()["items"]] == [
        ("created", ""),
        ("rejected", "invalid"),
        ("rejected", "invalid"),
    ]
    assert response.json()["items"][1]["detail"] == "Expected `int` <= 2 - at `$.valence`."
    assert list(Touchpoint.objects.values_list("message_id", flat=True)) == ["good"]


def test_it_keeps_rejected_items_in_the_dead_letter(sender):
    sender.send(event("good"), event("bad", valence=9))
    rejected = RejectedTouchpoint.objects.get()
    assert (rejected.source, rejected.message_id, rejected.code) == (sender.source, "bad", "invalid")
    assert b'"valence": 9' in bytes(rejected.raw)


def test_it_is_422_when_no_item_is_valid(sender):
    problem = assert_problem(sender.send(event(valence=9)), 422, "no_valid_item")
    assert problem["items"][0]["code"] == "invalid"
    assert not Touchpoint.objects.exists()
    assert not Identity.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"message_id": ""}, "invalid"),
        ({"message_id": "x" * 101}, "invalid"),
        ({"message_id": 7}, "invalid"),
        ({"message_id": None}, "invalid"),
        ({"type": ""}, "invalid"),
        ({"type": "x" * 81}, "invalid"),
        ({"customer": {}}, "invalid"),
        ({"customer": {"user_id": None}}, "invalid_identity"),
        ({"customer": {"user_id": ""}}, "invalid_identity"),
        ({"customer": {"user_id": True}}, "invalid"),
        ({"customer": {"passport": "1"}}, "invalid_identity"),
        ({"customer": {"email": "anna"}}, "invalid_identity"),
        ({"customer": "u1"}, "invalid"),
        ({"channel": "telepathy"}, "unknown_channel"),
        ({"subject": "1001"}, "invalid"),
        ({"value": "1,5"}, "invalid"),
        ({"value": "1e400"}, "number_out_of_range"),
        ({"value": "1e999999999"}, "number_out_of_range"),
        ({"value": "NaN"}, "number_out_of_range"),
        ({"value": 10**12}, "number_out_of_range"),
        ({"value": True}, "invalid"),
        ({"currency": "eur"}, "invalid"),
        ({"currency": "EUR\n"}, "invalid"),
        ({"actor": "cat"}, "invalid"),
        ({"properties": []}, "invalid"),
        ({"place": "x" * 201}, "invalid"),
    ],
)
def test_it_refuses_what_a_field_may_not_hold(sender, fields, code):
    assert sender.items(event(**fields)) == [("rejected", code)]
    assert not Touchpoint.objects.exists()
