"""Parts of an order on their own ways, promises and losses, and whatever odd things senders tell of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import NOW
from tests.touchpoints.test_subject_states import BERLIN, order, step
from touchpoints.subject_states import subject_state
from touchpoints.subject_steps import STATES

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.dates().map(str)
    | st.sampled_from(["A", "1e999999999", "-3", "9" * 400, "0001-01-01T00:00+14:00", "9999-12-31T23:00-14:00"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["sku", "quantity", "name", "price"]), inner, max_size=3),
)  # fmt: skip
TOLD = ["lines", "replacements", "shipment_id", "promised_on", "carrier", "tracking_number", "interval",
        "interval_count", "runs_until"]  # fmt: skip


def lines(**quantities: int) -> dict[str, Any]:
    return {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in quantities.items()]}


PLACED = step("order_placed", value=Decimal(100), currency="EUR", properties=lines(A=2, B=1))


def test_an_order_is_shipped_with_its_last_part() -> None:
    first = step("order_shipped", hours=1, properties=lines(A=1) | {"shipment_id": "s1"})
    second = step("order_shipped", hours=2, properties=lines(A=1, B=1) | {"shipment_id": "s2"})

    assert order(PLACED, first).state == "partly_shipped"
    assert order(PLACED, first).lines[0] == {"sku": "A", "quantity": 2, "shipped": 1}
    assert order(PLACED, first, first).state == "partly_shipped", "a shipment told twice moves once"
    assert order(PLACED, first, second).state == "shipped"
    assert order(PLACED, first, second).shipped_at == NOW + timedelta(hours=2)


def test_what_arrives_is_what_its_shipment_holds() -> None:
    sent = [step("order_shipped", hours=hours, properties=told | {"shipment_id": f"s{hours}", "carrier": "Bote"})
            for hours, told in ((1, lines(A=2)), (2, lines(B=1)))]  # fmt: skip
    arrived = step("order_delivered", hours=30, properties={"shipment_id": "s1"})
    state = order(PLACED, *sent, arrived)

    assert (state.state, state.delivered_at) == ("partly_delivered", None)
    assert [line.get("delivered") for line in state.lines] == [2, None]
    assert [(row["shipment_id"], row["carrier"], bool(row["delivered_at"])) for row in state.shipments] == [
        ("s1", "Bote", True), ("s2", "Bote", False),
    ]  # fmt: skip
    assert order(PLACED, *sent, arrived, step("order_delivered", hours=50)).state == "delivered"


def test_parcels_without_lines_arrive_one_by_one() -> None:
    sent = [step("order_shipped", hours=1, properties={"shipment_id": name}) for name in ("s1", "s2")]
    arrived = [step("order_delivered", hours=9, properties={"shipment_id": name}) for name in ("s1", "s2")]

    assert order(PLACED, sent[0]).state == "shipped"
    assert order(PLACED, *sent, arrived[0]).state == "partly_delivered"
    assert order(PLACED, *sent, *arrived).state == "delivered"


def test_what_was_cancelled_is_not_waited_for() -> None:
    shipped = step("order_shipped", hours=1, properties=lines(A=2))
    state = order(PLACED, shipped, step("order_cancelled", hours=2, properties=lines(B=1)))

    assert (state.state, state.net_value) == ("shipped", Decimal(100))
    assert [line["state"] for line in state.history] == ["placed", "partly_shipped", "shipped"]
    assert order(PLACED, step("order_cancelled", hours=2, properties=lines(A=2, B=1))).state == "cancelled"


def test_an_exchange_changes_the_lines_and_not_the_day_of_delivery() -> None:
    delivered = step("order_delivered", hours=5)
    exchange = lines(B=1) | {"replacements": [{"sku": "B-2", "quantity": 1}]}
    exchanged = step("order_exchanged", hours=50, properties=exchange)
    sent = step("order_shipped", hours=60, properties=lines(**{"B-2": 1}) | {"shipment_id": "s2"})
    arrived = step("order_delivered", hours=90, properties={"shipment_id": "s2"})
    state = order(PLACED, delivered, exchanged, sent, arrived)

    assert (state.state, state.delivered_at) == ("exchanged", NOW + timedelta(hours=5))
    assert state.lines[1:] == [
        {"sku": "B", "quantity": 1, "delivered": 1, "exchanged": 1},
        {"sku": "B-2", "quantity": 1, "shipped": 1, "delivered": 1, "is_replacement": True},
    ]
    by_sign = step("order_exchanged", hours=50, properties=lines(**{"B": -1, "B-2": 1}))
    assert order(PLACED, delivered, by_sign, sent, arrived).lines == state.lines
    assert order(PLACED, delivered, step("order_returned", hours=9, properties=lines(A=1))).state == "delivered"
    back = step("order_returned", hours=99, properties=lines(A=2, **{"B-2": 1}))
    assert order(PLACED, delivered, exchanged, sent, arrived, back).state == "returned"


@pytest.mark.parametrize(
    ("losses", "net"),
    [
        ([("order_refunded", 30)], 70),
        ([("order_refunded", 30), ("order_refunded", -20)], 50),
        ([("order_cancelled", 100), ("order_refunded", 100)], 0),
        ([("order_returned", 40), ("order_refunded", 30)], 60),
        ([("order_cancelled", None)], 0),
        ([("order_refunded", None)], 0),
        ([("order_returned", None)], 100),
    ],
)
def test_of_several_reports_about_a_loss_the_largest_counts(losses: list[tuple[str, int | None]], net: int) -> None:
    """The rule of the figure aov_net."""
    steps = [
        step(
            type, hours=number, value=None if value is None else Decimal(value), currency="EUR", message_id=str(number)
        )
        for number, (type, value) in enumerate(losses, start=1)
    ]
    assert order(PLACED, *steps).net_value == net
    dollars = [it._replace(currency="USD") for it in steps if it.value is not None]
    assert order(PLACED, *dollars).net_value == 100, "never across currencies"


@pytest.mark.parametrize(
    ("promised", "day"),
    [
        ("2026-03-05", date(2026, 3, 5)),
        ("2026-03-04T23:30:00Z", date(2026, 3, 5)),
        ("2026-03-05T18:00:00+01:00", date(2026, 3, 5)),
        ("soon", None),
        ("0001-01-01", None),
        (20260305, None),
    ],
)
def test_it_knows_the_day_that_was_promised(promised: object, day: date | None) -> None:
    assert order(step("order_placed", properties={"promised_on": promised})).promised_on == day


def test_the_first_promise_decides_whether_it_was_late() -> None:
    placed = step("order_placed", properties={"promised_on": "2026-03-04"})
    later = step("order_shipped", hours=9, properties={"promised_on": "2026-03-06"})
    # 5 March, 23:30 UTC, is 6 March in Berlin.
    delivered = step("order_delivered", hours=85.5)

    assert order(placed, later, delivered).days_late == 2
    assert order(placed, later).days_late is None
    assert order(placed, step("order_delivered", hours=1)).days_late == -2


def test_tracking_is_remarked_and_makes_no_order() -> None:
    viewed = [step("tracking_viewed", hours=hours) for hours in (3, 7, 5)]

    assert order(PLACED, *viewed).tracking_viewed_at == NOW + timedelta(hours=7)
    assert subject_state("order", viewed, zone=BERLIN) is None


@pytest.mark.parametrize(
    ("told", "value", "monthly"),
    [
        ({}, "19.90", "19.90"),
        ({"interval": "year"}, "120", "10"),
        ({"interval": "quarter"}, "30", "10"),
        ({"interval": "month", "interval_count": 6}, "60", "10"),
        ({"interval": "week"}, "12", "52"),
        ({"interval": "day"}, "12", "365"),
        ({"interval": "fortnight"}, "12", "12"),
        ({"interval": "day", "interval_count": 0.001}, "999999999999", None),
    ],
)
def test_a_subscription_has_a_value_a_month(told: dict[str, Any], value: str, monthly: str | None) -> None:
    started = step("subscription_started", value=Decimal(value), currency="EUR", properties=told)
    state = subject_state("subscription", [started], zone=BERLIN)
    assert state
    assert state.monthly_value == (Decimal(monthly) if monthly else None)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_nothing_that_is_told_makes_it_fail(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["order", "subscription"]))
    types = data.draw(st.lists(st.sampled_from(sorted(STATES[kind])), min_size=1, max_size=5))
    steps = [
        step(type, hours=number, properties=data.draw(st.dictionaries(st.sampled_from(TOLD), ANY)))
        for number, type in enumerate(types)
    ]
    assert subject_state(kind, steps, zone=BERLIN)
