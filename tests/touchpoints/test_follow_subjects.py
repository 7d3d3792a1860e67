from decimal import Decimal

import pytest

from customers.actions import merge_customers, undo_merge
from tests.factories import make_brand, make_customer, make_source, make_touchpoint
from touchpoints import feed
from touchpoints.models import Subject, Touchpoint

pytestmark = pytest.mark.django_db


def test_it_derives_an_order_from_its_touchpoints() -> None:
    customer = make_customer()
    lines = [{"sku": "A-1", "quantity": 2}]
    make_touchpoint(
        customer, type="order_placed", subject="order:1001", value="49.90", currency="EUR", properties={"lines": lines}
    )
    make_touchpoint(customer, type="order_shipped", subject="order:1001")
    feed.catch_up()

    order = Subject.objects.get()
    assert (order.kind, order.key, order.state, order.is_open) == ("order", "1001", "shipped", True)
    assert (order.value, order.currency, order.lines) == (Decimal("49.90"), "EUR", [lines[0] | {"shipped": 2}])
    assert order.customer == customer


def test_it_follows_corrections_from_one_subject_to_another() -> None:
    placed = make_touchpoint(type="order_placed", subject="order:1")
    feed.catch_up()
    make_touchpoint(type="order_placed", subject="order:2", replaces=placed.message_id)
    feed.catch_up()
    assert [subject.key for subject in Subject.objects.all()] == ["2"]

    make_touchpoint(type="order_placed", subject="order:3", replaces=placed.message_id)
    feed.catch_up()
    assert [subject.key for subject in Subject.objects.all()] == ["3"]


def test_it_forgets_what_was_retracted() -> None:
    placed = make_touchpoint(type="order_placed", subject="order:1")
    delivered = make_touchpoint(type="order_delivered", subject="order:1")
    feed.catch_up()

    retract(delivered)
    feed.catch_up()
    assert Subject.objects.get().state == "placed"

    retract(placed)
    feed.catch_up()
    assert not Subject.objects.exists()


def test_it_believes_no_browser() -> None:
    make_touchpoint(type="order_placed", subject="order:1")
    browser = make_source(kind="browser")
    make_touchpoint(type="order_cancelled", subject="order:1", source=browser)
    make_touchpoint(type="case_opened", subject="case:7", source=browser)
    feed.catch_up()

    assert Subject.objects.get().state == "placed"


def test_it_keeps_the_subjects_of_brands_apart() -> None:
    other = make_source(brand=make_brand(name="Other", is_default=False))
    make_touchpoint(type="order_placed", subject="order:1", source=make_source())
    make_touchpoint(type="order_cancelled", subject="order:1", source=other)
    feed.catch_up()

    assert set(Subject.objects.values_list("brand__name", "state")) == {
        (make_brand().name, "placed"),
        ("Other", "cancelled"),
    }


def test_it_moves_subjects_with_merges_and_back() -> None:
    kept, merged = make_customer(), make_customer()
    make_touchpoint(merged, type="order_placed", subject="order:1")
    feed.catch_up()

    merge = merge_customers(kept=kept, merged=merged, reason="test")
    feed.catch_up()
    assert Subject.objects.get().customer == kept

    undo_merge(merge=merge)
    feed.catch_up()
    assert Subject.objects.get().customer == merged


@pytest.mark.parametrize("subject", ["order:", "order", "product:5", f"order:{'9' * 101}"])
def test_it_derives_nothing_from_what_is_no_subject(subject: str) -> None:
    make_touchpoint(type="order_placed", subject=subject)
    feed.catch_up()

    assert not Subject.objects.exists()


def retract(touchpoint: Touchpoint) -> None:
    Touchpoint.objects.create(
        source=touchpoint.source,
        message_id=f"retraction of {touchpoint.message_id}",
        customer=touchpoint.customer,
        occurred_at=touchpoint.occurred_at,
        replaces=touchpoint.message_id,
    )


def test_it_keeps_numbers_of_any_length() -> None:
    """As a file may bring them: one such order must not stop all others."""
    make_touchpoint(type="order_placed", subject="order:1", properties={"lines": [{"sku": "A", "price": 10**40}]})
    feed.catch_up()

    assert Subject.objects.get().lines == [{"sku": "A", "price": 10**40}]
