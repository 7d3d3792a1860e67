"""What becomes of the events of SDKs: types, orders, times, where they came from."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from tests.touchpoints.sdk_sending import NOW, Sdk, assert_taken, call, track
from touchpoints.actions import seed_vocabulary
from touchpoints.feed import catch_up
from touchpoints.models import RejectedTouchpoint, Subject, Touchpoint, TouchpointType
from touchpoints.segment.commerce import SPELLINGS

pytestmark = pytest.mark.django_db
PRODUCTS = [{"product_id": "p1", "sku": "A-1", "price": 19, "quantity": 1}, {"product_id": "p2", "price": 3}]
SPEC = [
    "Products Searched", "Product List Viewed", "Product List Filtered", "Promotion Viewed", "Promotion Clicked",
    "Product Clicked", "Product Viewed", "Product Added", "Product Removed", "Cart Viewed", "Checkout Started",
    "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered", "Order Updated", "Order Completed",
    "Order Refunded", "Order Cancelled", "Coupon Entered", "Coupon Applied", "Coupon Denied", "Coupon Removed",
    "Product Added to Wishlist", "Product Removed from Wishlist", "Wishlist Product Added to Cart", "Product Shared",
    "Cart Shared", "Product Reviewed",
]  # fmt: skip


@pytest.fixture
def sdk() -> Sdk:
    seed_vocabulary()
    return Sdk.new()


@pytest.mark.parametrize("spelling", [str, str.lower, lambda name: name.lower().replace(" ", "_")])
def test_it_knows_the_whole_vocabulary_of_the_spec(sdk, spelling):
    assert_taken(sdk.send(*(track(spelling(name), message_id=name) for name in SPEC)))
    assert Touchpoint.objects.count() == len(SPEC)
    assert not TouchpointType.objects.filter(state="new").exists()
    assert {name.casefold() for name in SPEC} <= SPELLINGS.keys()


def test_an_order_goes_its_way(sdk):
    def order(name: str, minutes: int, **properties: object) -> None:
        at = datetime(2026, 3, 2, 10, tzinfo=UTC) + timedelta(minutes=minutes)
        sent = track(name, message_id=name, timestamp=at.isoformat(), properties={"order_id": 1001} | properties)
        assert_taken(sdk.send(sent))
        catch_up()

    order("Checkout Started", 0, value=22)
    assert not Subject.objects.exists()
    order("Order Completed", 1, revenue=22, total="25.90", currency="eur", products=PRODUCTS)
    subject = Subject.objects.get()
    assert (subject.key, subject.state, subject.value, subject.currency) == ("1001", "placed", Decimal("25.90"), "EUR")
    assert [(line["sku"], line["quantity"]) for line in subject.lines] == [("A-1", 1), ("p2", 1)]
    order("Order Updated", 2, total=22.9)
    order("Order Refunded", 3, total=3)
    subject.refresh_from_db()
    assert (subject.state, subject.value) == ("placed", Decimal("22.90"))
    order("Order Cancelled", 4)
    subject.refresh_from_db()
    assert subject.state == "cancelled"


def test_an_order_with_many_lines_is_taken(sdk):
    products = [{"sku": f"A-{number}", "price": 1, "quantity": 1, "name": "Tee", "brand": "x"} for number in range(60)]
    sdk.send(track("Order Completed", properties={"order_id": "1", "products": products}))
    assert len(Touchpoint.objects.get().properties["lines"]) == 60


def test_an_unreadable_amount_of_an_order_is_seen(sdk):
    assert_taken(sdk.send(track("Order Completed", properties={"order_id": "1", "total": "12,50 EUR"})))
    assert RejectedTouchpoint.objects.get().code == "invalid"


def test_other_events_may_call_anything_a_value(sdk):
    properties = {"value": "high", "currency": "gold", "revenue": None, "total": [1], "rating": "yes"}
    sdk.send(track("Mood Changed", properties=properties))
    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.value, touchpoint.currency, touchpoint.valence) == (None, "", None)
    assert touchpoint.properties == properties


@pytest.mark.parametrize(("stars", "valence"), [(1, -2), ("4", 1), (5, 2), (0, None), (6, None), (True, None)])
def test_stars_are_a_valence(sdk, stars, valence):
    sdk.send(track("Product Reviewed", properties={"rating": stars}))
    assert Touchpoint.objects.get().valence == valence


def test_an_unknown_name_waits_for_classification(sdk):
    sdk.send(track("  Tea \t Drunk "), track("x" * 200, message_id="long"))
    assert set(TouchpointType.objects.filter(state="new").values_list("key", flat=True)) == {"Tea Drunk", "x" * 80}


def test_pages_tell_where_somebody_came_from(sdk):
    context = {
        "page": {"url": "https://shop.example/tee", "referrer": "https://www.google.com/", "title": "Tee"},
        "campaign": {"name": "Frühling", "source": "google", "medium": "cpc", "id": 7, "term": None},
        "library": {"name": "analytics.js"},
        "ip": "10.0.0.1",
        "userAgent": "Mozilla",
        "sessionId": 1_762_000_000,
    }
    sdk.send(call("page", name="Tee", category="Shop", properties={"path": "/tee"}, context=context))
    touchpoint = Touchpoint.objects.get()
    assert (touchpoint.type.key, touchpoint.channel.key) == ("page_viewed", "web")
    assert touchpoint.referrer == "https://www.google.com/"
    assert touchpoint.campaign == {"name": "Frühling", "source": "google", "medium": "cpc"}
    assert (touchpoint.acquisition_channel, touchpoint.session_id) == ("paid", "1762000000")
    assert touchpoint.properties == {
        "path": "/tee", "name": "Tee", "category": "Shop", "url": "https://shop.example/tee",
    }  # fmt: skip


def test_the_channel_is_that_of_the_device(sdk):
    browser, phone = {"library": {"name": "analytics.js"}}, {"device": {"type": "ios"}}
    sdk.send(
        track("Product Viewed", "app", context=phone),
        track("Tea Drunk", "web", context=browser),
        track("Tea Drunk", "server", context={"library": {"name": "analytics-python"}}),
        call("screen", "screen", name="Start"),
    )
    channels = dict(Touchpoint.objects.values_list("message_id", "channel__key"))
    assert channels == {"app": "app", "web": "web", "server": None, "screen": "app"}


def test_a_wrong_clock_is_corrected(sdk):
    received = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with time_machine.travel(received, tick=False):
        sdk.send(track(message_id="slow"), sentAt="2026-03-02T10:00:30Z")
        sdk.send(track(message_id="own", sentAt="2026-03-02T11:00:00Z", timestamp="2026-03-02T10:30:00Z"))
        sdk.send(track(message_id="fine", timestamp="2026-03-02T11:59:00Z"), sentAt="2026-03-02T11:59:01Z")
        sdk.send(track(message_id="far", timestamp="2090-01-01T00:00:00Z"), sentAt="2090-01-01T00:00:01Z")
        sdk.send(track(message_id="odd"), sentAt="yesterday")
    minutes = {key: (at - received).total_seconds() / 60 for key, at in _times().items()}
    assert minutes == {"slow": -0.5, "own": -30, "fine": -1, "far": -1 / 60, "odd": -120}


def test_the_time_may_stand_elsewhere_or_nowhere(sdk):
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        sdk.send(
            track(message_id="original", timestamp=None, originalTimestamp=NOW),
            track(message_id="none", timestamp=None),
        )
    assert {key: at.hour for key, at in _times().items()} == {"original": 10, "none": 12}


def test_an_event_without_an_id_is_known_again(sdk):
    for _time in range(2):
        sdk.send(track(messageId=None), track("Tea Drunk", messageId=None), sentAt=NOW)
    assert Touchpoint.objects.count() == 2


def _times() -> dict[str, datetime]:
    return dict(Touchpoint.objects.values_list("message_id", "occurred_at"))
