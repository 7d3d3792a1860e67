"""An order with a partial shipment, an exchange and a partial refund, and a subscription from its start to its end:
whichever way they are told, page and API show the same."""

import random
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Scope
from tests.reading import Reader
from tests.touchpoints import telling
from touchpoints import feed
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint, TouchpointType

pytestmark = pytest.mark.django_db
ORDER = {
    "kind": "order",
    "key": "1001",
    "state": "exchanged",
    "is_open": False,
    "began_at": "2026-03-02T09:00:00Z",
    "changed_at": "2026-03-10T11:00:00Z",
    "ended_at": "2026-03-10T11:00:00Z",
    "value": "100.0000",
    "currency": "EUR",
    "refunded": "15.5000",
    "net_value": "84.5000",
    "paid_at": "2026-03-02T09:01:00Z",
    "shipped_at": "2026-03-04T08:00:00Z",
    "delivered_at": "2026-03-06T11:00:00Z",
    "tracking_viewed_at": "2026-03-05T19:00:00Z",
    "promised_on": "2026-03-05",
    "days_late": 1,
    "history": [
        {"state": "placed", "at": "2026-03-02T09:00:00+00:00"},
        {"state": "paid", "at": "2026-03-02T09:01:00+00:00"},
        {"state": "partly_shipped", "at": "2026-03-03T08:00:00+00:00"},
        {"state": "shipped", "at": "2026-03-04T08:00:00+00:00"},
        {"state": "partly_delivered", "at": "2026-03-04T14:00:00+00:00"},
        {"state": "delivered", "at": "2026-03-06T11:00:00+00:00"},
        {"state": "exchanged", "at": "2026-03-10T11:00:00+00:00"},
    ],
    "lines": [
        {"sku": "A-1", "description": "Tasse", "quantity": 2, "price": 30, "shipped": 2, "delivered": 2},
        {"sku": "B-1", "description": "Kanne", "quantity": 1, "price": 40, "shipped": 1, "delivered": 1,
         "exchanged": 1},
        {"sku": "B-2", "description": "Kanne, groß", "quantity": 1, "price": 40, "shipped": 1, "delivered": 1,
         "is_replacement": True},
    ],
    "shipments": [
        {"shipment_id": f"s{number}", "carrier": "DHL", "tracking_number": f"00{number}", "promised_on": None,
         "lines": [{"name": sku, "quantity": quantity}], "shipped_at": f"2026-03-{shipped:02}T08:00:00+00:00",
         "delivered_at": f"2026-03-{delivered}:00:00+00:00"}
        for number, sku, quantity, shipped, delivered in (
            (1, "A-1", 2, 3, "04T14"), (2, "B-1", 1, 4, "06T11"), (3, "B-2", 1, 11, "12T08"),
        )
    ],
}  # fmt: skip
SUBSCRIPTION = {
    "kind": "subscription",
    "key": "5",
    "state": "ended",
    "is_open": False,
    "began_at": "2024-12-31T23:00:00Z",
    "changed_at": "2026-02-28T22:00:00Z",
    "ended_at": "2026-02-28T22:00:00Z",
    "value": "132.0000",
    "currency": "EUR",
    "monthly_value": "11.0000",
    "runs_until": "2026-02-28",
    "history": [
        {"state": "started", "at": "2024-12-31T23:00:00+00:00"},
        {"state": "renewed", "at": "2025-12-31T23:00:00+00:00"},
        {"state": "paused", "at": "2026-02-01T07:00:00+00:00"},
        {"state": "cancelled", "at": "2026-02-10T07:00:00+00:00"},
        {"state": "ended", "at": "2026-02-28T22:00:00+00:00"},
    ],
}


@pytest.fixture(params=telling.WAYS, ids=lambda way: way.__name__)
def reader(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Told in one of the ways, the latest news perhaps first."""
    seed_vocabulary()
    monkeypatch.setattr(telling, "LIVES", random.Random(7).sample(telling.LIVES, len(telling.LIVES)))  # noqa: S311
    request.param(tmp_path)
    feed.catch_up()
    assert not TouchpointType.objects.filter(state="new").exists()
    assert Touchpoint.objects.count() == len(telling.LIVES)
    return Reader(Scope.TOUCHPOINTS_READ, Scope.CUSTOMERS_READ)


def test_an_order_is_told_as_it_went(reader: Reader) -> None:
    (order,) = reader.rows("orders/")
    assert {name: order[name] for name in ORDER} == ORDER
    assert order["person"] == reader.rows("customers/", user_id="4711")[0]["id"]
    assert len(reader.rows("touchpoints/", subject="order:1001", is_current="true")) == 11

    assert reader.ids("orders/", key="1001", state="exchanged", is_late="true", currency="EUR") == {order["id"]}
    assert reader.ids("orders/", is_late="false") == reader.ids("orders/", is_overdue="true") == set()


def test_a_subscription_is_told_as_it_went(reader: Reader) -> None:
    (subscription,) = reader.rows("subjects/", kind="subscription")
    assert {name: subscription[name] for name in SUBSCRIPTION} == SUBSCRIPTION
