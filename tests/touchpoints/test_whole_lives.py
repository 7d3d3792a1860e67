"""An order with a partial shipment, an exchange and a partial refund, and a subscription from its start to its end:
whichever way they are told, page and API show the same."""

import html
import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import Scope
from accounts.roles import Role
from tests.factories import make_user
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


SHOWN = (
    "Exchanged on 10/03/2026; delivered 1 day late; €84.50 of €100.00 are left.",
    "placed 02/03/2026 10:00 paid 02/03/2026 10:01 partly shipped 03/03/2026 09:00 shipped 04/03/2026 09:00 "
    "partly delivered 04/03/2026 15:00 delivered 06/03/2026 12:00 exchanged 10/03/2026 12:00",
    "Promised for 05/03/2026", "Shipped completely 04/03/2026 09:00", "Delivered completely 06/03/2026 12:00",
    "Value €100.00", "Refunded €15.50", "Net value €84.50",
    "Tasse A-1 2 €30.00 2 shipped, 2 delivered", "Kanne B-1 1 €40.00 1 shipped, 1 delivered, 1 exchanged",
    "Kanne, groß B-2 in exchange 1 €40.00 1 shipped, 1 delivered",
    "s2 DHL 002 1 × B-1 04/03/2026 09:00 – 06/03/2026 12:00", "15/03/2026 09:00 Amount refunded",
)  # fmt: skip
SHOWN_OF_SUBSCRIPTION = (
    "Ended on 28/02/2026.", "Value a month €11.00", "Value €132.00", "Runs until 28/02/2026",
    "started 01/01/2025 00:00 renewed 01/01/2026 00:00 paused 01/02/2026 08:00 cancelled 10/02/2026 08:00 "
    "ended 28/02/2026 23:00",
)  # fmt: skip


def pages_of(subject: dict[str, Any]) -> list[str]:
    """What an agent reads on the page of the app, and on that of the administration."""
    agent = Client(headers={"accept-language": "en"})
    agent.force_login(make_user(Role.SERVICE_AGENT))
    addresses = (
        reverse("subject", args=[subject["id"]]),
        reverse(f"admin:touchpoints_{subject['kind']}_change", args=[subject["id"]]),
    )
    found = [agent.get(address).content.decode() for address in addresses]
    return [" ".join(html.unescape(strip_tags(page.replace("<", " <"))).split()) for page in found]


def test_an_order_is_told_as_it_went(reader: Reader) -> None:
    (order,) = reader.rows("orders/")
    assert {name: order[name] for name in ORDER} == ORDER
    assert order["person"] == reader.rows("customers/", user_id="4711")[0]["id"]
    assert len(reader.rows("touchpoints/", subject="order:1001", is_current="true")) == 11

    for page in pages_of(order):
        assert [text for text in SHOWN if text not in page] == [], page

    assert reader.ids("orders/", key="1001", state="exchanged", is_late="true", currency="EUR") == {order["id"]}
    assert reader.ids("orders/", is_late="false") == reader.ids("orders/", is_overdue="true") == set()


def test_a_subscription_is_told_as_it_went(reader: Reader) -> None:
    (subscription,) = reader.rows("subjects/", kind="subscription")
    assert {name: subscription[name] for name in SUBSCRIPTION} == SUBSCRIPTION
    for page in pages_of(subscription):
        assert [text for text in SHOWN_OF_SUBSCRIPTION if text not in page] == [], page


def test_lists_find_an_order_by_number_state_and_delivery(reader: Reader) -> None:
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(make_user(Role.CUSTOMER_SUCCESS))
    address = reverse("admin:touchpoints_order_changelist")
    link = reverse("admin:touchpoints_order_change", args=[reader.rows("orders/")[0]["id"]])
    for query in ("", "?q=1001", "?q=order:1001", "?state=exchanged", "?delivery=late"):
        assert link in staff.get(address + query).content.decode(), query
    for query in ("?q=1002", "?q=subscription:5", "?state=paid", "?delivery=in_time", "?delivery=overdue"):
        assert link not in staff.get(address + query).content.decode(), query
    assert "1 subscription" in staff.get(reverse("admin:touchpoints_subscription_changelist")).content.decode()


def test_a_page_of_an_order_is_closed_to_who_may_not_see_customers(reader: Reader) -> None:
    (order,) = reader.rows("orders/")
    analyst = Client()
    analyst.force_login(make_user(Role.ANALYST))
    for address in (
        reverse("subject", args=[order["id"]]),
        reverse("admin:touchpoints_order_change", args=[order["id"]]),
    ):
        assert analyst.get(address).status_code == 403
    assert Client().get(reverse("subject", args=[order["id"]])).status_code == 302
