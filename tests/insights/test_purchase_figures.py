from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from customers.models import Customer
from tests.factories import make_brand, make_channel, make_customer, make_source, make_touchpoint
from tests.insights.asking import Asking
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db
JANUARY = {"from_": "2026-01-01", "to": "2026-02-01"}


@pytest.fixture
def ask() -> Asking:
    make_brand()
    make_source()
    return Asking()


def order(customer: Customer, day: str = "2026-01-10", value: str | None = "100", **fields) -> Touchpoint:
    defaults = {
        "type": "order_placed",
        "occurred_at": datetime.fromisoformat(day if "T" in day else f"{day}T12:00:00+00:00"),
        "value": None if value is None else Decimal(value),
        "currency": "" if value is None else "EUR",
    }
    return make_touchpoint(customer, **defaults | fields)


def test_periods_are_half_open_in_the_brands_zone(ask):
    anna = make_customer()
    order(anna, "2025-12-31T23:00:00+00:00")  # midnight in Berlin: January begins
    order(anna, "2026-01-31T22:59:59+00:00")
    order(anna, "2026-01-31T23:00:00+00:00")  # February
    assert ask("orders", **JANUARY)["value"] == 2


def test_a_merged_person_counts_once(ask):
    anna, same = make_customer(), make_customer()
    order(anna)
    order(same)
    assert ask("customers", **JANUARY)["value"] == 2
    Customer.objects.filter(pk=same.pk).update(canonical=anna)
    assert ask("customers", **JANUARY)["value"] == 1
    assert ask("repeat_purchase_rate", **JANUARY)["value"] == 100


def test_an_anonymous_receipt_counts_only_on_request(ask):
    order(make_customer())
    order(make_customer(is_known=False))
    assert ask("orders", **JANUARY)["value"] == 1
    assert ask("orders", **JANUARY, customers="all")["value"] == 2


def test_corrections_replace_and_retractions_remove(ask):
    anna = make_customer()
    first = order(anna, message_id="a", subject="order:1")
    order(anna, value="60", subject="order:1", replaces="a", source=first.source)
    order(anna, message_id="b", subject="order:2")
    make_touchpoint(anna, source=first.source, replaces="b", type="order_placed")
    Touchpoint.objects.filter(replaces="b").update(type=None)
    assert ask("revenue", **JANUARY)["value"] == 60
    order(anna, value="50", subject="order:1", replaces="a", source=first.source)
    assert ask("revenue", **JANUARY)["value"] == 50
    assert ask("orders", **JANUARY)["value"] == 1


def test_an_order_told_twice_is_one_order(ask):
    anna = make_customer()
    order(anna, subject="order:1")
    order(anna, subject="order:1")
    assert ask("orders", **JANUARY)["value"] == 1
    assert ask("revenue", **JANUARY)["value"] == 100


def test_given_away_orders_count_only_on_request_and_unknown_values_always(ask):
    order(make_customer(), value="0")
    order(make_customer(), value=None)
    assert ask("orders", **JANUARY)["value"] == 1
    assert ask("orders", **JANUARY, values="any")["value"] == 2
    assert ask("aov_gross", **JANUARY)["value"] is None


def test_currencies_are_never_added(ask):
    order(make_customer())
    order(make_customer(), value="7", currency="CHF")
    answer = ask("revenue", **JANUARY)
    assert (answer["value"], answer["currency"], answer["other_currencies"]) == (100, "EUR", ["CHF"])
    assert ask("revenue", **JANUARY, currency="CHF")["value"] == 7
    assert ask("orders", **JANUARY)["value"] == 2


def test_net_order_value_takes_each_loss_once(ask):
    anna = make_customer()
    for number in range(4):
        order(anna, subject=f"order:{number}")
    # Cancelled without a value, then refunded: the order is lost once.
    order(anna, type="order_cancelled", value=None, subject="order:0")
    order(anna, type="order_refunded", subject="order:0")
    # Returned in part, in a later period: it belongs to its order.
    order(anna, "2026-02-20", "30", type="order_returned", subject="order:1")
    # A credit note of its own, negative as shops write it.
    order(anna, type="order_cancelled", value="-20", subject="order:C9")
    answer = ask("aov_net", **JANUARY)
    assert (answer["numerator"], answer["denominator"], answer["value"]) == (250, 4, 62.5)
    assert ask("aov_net", from_="2026-02-01", to="2026-03-01")["value"] is None
    assert ask("aov_gross", **JANUARY)["value"] == 100
    assert ask("cancellations", **JANUARY)["value"] == 2


def test_orders_of_one_day_can_count_as_one(ask):
    anna = make_customer()
    order(anna, "2026-01-10T09:00:00+00:00")
    order(anna, "2026-01-10T15:00:00+00:00")
    assert ask("repeat_purchase_rate", **JANUARY)["value"] == 100
    assert ask("repeat_purchase_rate", **JANUARY, order_unit="day")["value"] == 0


def test_store_purchases_are_orders(ask):
    order(make_customer(), type="store_purchased")
    assert ask("orders", **JANUARY)["value"] == 1


def test_filters_and_groups_agree(ask):
    web, store = make_channel("web"), make_channel("store")
    order(make_customer(country="DE"), channel=web)
    order(make_customer(country="AT"), channel=store, place="Wien")
    order(make_customer())
    groups = ask("orders", **JANUARY, breakdown="channel")["groups"]
    assert {it["group"]: it["value"] for it in groups} == {"web": 1, "store": 1, None: 1}
    for group, value in (("channel", "store"), ("country", "AT"), ("place", "Wien")):
        assert ask("orders", **JANUARY, **{group: value})["value"] == 1


def test_another_brand_has_its_own_figures(ask):
    other = make_brand(name="Other", time_zone="America/New_York", currency="USD")
    order(make_customer(), source=make_source(brand=other), currency="USD")
    assert ask("orders", **JANUARY)["value"] == 0
    answer = ask("revenue", **JANUARY, brand=other.pk)
    assert (answer["value"], answer["currency"], answer["period"]["time_zone"]) == (100, "USD", "America/New_York")


def test_churn_needs_the_as_of_day_and_more_than_the_threshold(ask):
    for day in ("2026-01-01", "2026-01-31", "2026-02-01"):
        order(make_customer(), day)
    answer = ask("churn_inactivity", as_of="2026-03-02", days=30)
    assert (answer["numerator"], answer["denominator"]) == (1, 3)
    assert ask("churn_inactivity", as_of="2025-12-01", days=30)["value"] is None


def test_the_change_says_whether_it_is_more_than_noise(ask):
    for number in range(40):
        order(make_customer(), "2026-01-10")
        if number < 35:
            order(make_customer(), "2025-12-10")
    comparison = ask("orders", **JANUARY, compare="previous")["comparison"]
    assert (comparison["value"], comparison["change"], comparison["is_noise"]) == (35, 5, True)
    for _number in range(60):
        order(make_customer(), "2026-01-11")
    assert ask("orders", **JANUARY, compare="previous")["comparison"]["is_noise"] is False


def test_a_running_part_of_the_series_is_flagged(ask):
    today = timezone.localdate()
    series = ask("orders", from_=today - timedelta(days=1), to=today + timedelta(days=1), granularity="day")["series"]
    assert series[-1]["is_complete"] is False
