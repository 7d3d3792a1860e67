"""Online Retail II, one year, imported by the product's own command: every figure equals the published reference."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from accounts.models import Brand
from customers.models import Customer
from tests.insights.asking import Asking
from touchpoints.actions import seed_vocabulary
from touchpoints.models import Touchpoint

FOLDER = settings.REFERENCE_DATA / "online_retail_2009_2010"
MAPPING = Path(__file__).parent.parent.parent / "docs/examples/online_retail.toml"
PAID = {"from_": "2009-12-01", "to": "2011-01-01", "currency": "GBP"}
EVERYTHING = {"customers": "all", "values": "any"}
# Cohorts are observed until the last day of the data, in the middle of a month.
OBSERVED = {"to": "2010-12-10", "include_unfinished": "true"}

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("online_retail"),
    pytest.mark.skipif(not FOLDER.is_dir(), reason=f"The reference data are not at {FOLDER} (set REFERENCE_DATA)."),
]


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Everything in one transaction around the tests of this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_vocabulary()
        Brand.objects.update(time_zone="Europe/London")
        yield run_import()
        transaction.set_rollback(True)


@pytest.fixture
def ask(imported: str) -> Asking:
    return Asking()


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text())["2009_2010"]
    return figures


def run_import() -> str:
    out = io.StringIO()
    call_command(
        "import_touchpoints", str(FOLDER / "online_retail_ii_2009_2010.csv.gz"), "--mapping", str(MAPPING), stdout=out
    )
    return out.getvalue()


def test_it_reads_every_row_and_makes_one_touchpoint_of_each_invoice(imported, expected):
    assert str(expected["rows"]) in imported
    assert str(expected["invoices_all"]) in imported
    assert Touchpoint.objects.count() == expected["invoices_all"]
    assert Customer.objects.known().count() == expected["customers_all_rows"]


def test_a_second_import_changes_nothing(imported):
    before = list(Touchpoint.objects.order_by("id").values_list("id", "fingerprint"))
    customers = Customer.objects.count()
    assert str(len(before)) in run_import()
    assert list(Touchpoint.objects.order_by("id").values_list("id", "fingerprint")) == before
    assert Customer.objects.count() == customers


def test_customers(ask, expected):
    assert ask("customers", **PAID)["value"] == expected["customers_B"]
    everything = ask("customers", **PAID, activity="order_placed,order_cancelled", values="any")
    assert everything["value"] == expected["customers_all_rows"]
    given_away = ask("customers", **PAID, values="any")
    assert given_away["value"] == expected["variant_C_quantity_positive_only"]["customers"]


def test_customers_by_country(ask, expected):
    groups = {it["group"]: it["value"] for it in ask("customers", **PAID, breakdown="place")["groups"]}
    assert len(groups) == expected["countries_B"]
    assert groups["United Kingdom"] / expected["customers_B"] == pytest.approx(
        expected["uk_share_of_customers_B"], abs=1e-6
    )
    assert ask("customers", **PAID, place="United Kingdom")["value"] == groups["United Kingdom"]


def test_orders_and_cancellations(ask, expected):
    assert ask("orders", **PAID)["value"] == expected["orders_B"]
    cancelled = ask("cancellations", from_="2009-12-01", to="2011-01-01", customers="all")
    assert cancelled["value"] == expected["cancelled_invoices_C"]
    types = "order_placed,order_cancelled,stock_corrected,debt_corrected"
    assert ask("orders", **PAID, **EVERYTHING, activity=types)["value"] == expected["invoices_all"]


def test_revenue_and_order_value(ask, expected):
    revenue = ask("revenue", **PAID)
    assert revenue["value"] == pytest.approx(expected["revenue_B"], abs=1e-6)
    assert (revenue["currency"], revenue["n"]) == ("GBP", expected["orders_B"])
    value = ask("aov_gross", **PAID)
    assert value["value"] == pytest.approx(expected["aov_B"], abs=1e-4)
    assert (value["numerator"], value["denominator"]) == (revenue["value"], expected["orders_B"])
    assert value["interval"]["low"] < value["value"] < value["interval"]["high"]
    per_customer = ask("revenue_per_customer", **PAID)
    assert per_customer["value"] == pytest.approx(expected["revenue_per_customer_B"], abs=1e-4)
    # The figure per customer of variant C has the customers in it to whom something was given away.
    given_away = expected["variant_C_quantity_positive_only"]
    per_customer = ask("revenue_per_customer", **PAID, values="any")
    assert per_customer["value"] == pytest.approx(given_away["revenue_per_customer"], abs=1e-4)


def test_order_value_after_cancellations_is_lower(ask):
    gross, net = ask("aov_gross", **PAID), ask("aov_net", **PAID)
    assert net["denominator"] == gross["denominator"]
    assert 0 < net["value"] < gross["value"]


def test_money_in_another_currency_is_named_and_not_added(ask):
    euros = ask("revenue", from_="2009-12-01", to="2011-01-01")
    assert (euros["value"], euros["currency"], euros["other_currencies"]) == (0, "EUR", ["GBP"])


def test_coming_back(ask, expected):
    repeat = ask("repeat_purchase_rate", **PAID)
    assert (repeat["numerator"], repeat["denominator"]) == (expected["repeat_customers_B"], expected["customers_B"])
    assert repeat["value"] == pytest.approx(100 * expected["repeat_purchase_rate_B"], abs=1e-4)
    frequency = ask("purchase_frequency", **PAID)
    assert frequency["value"] == pytest.approx(expected["orders_per_customer_B"], abs=1e-6)
    gap = ask("days_between_orders", **PAID)
    assert gap["value"] == pytest.approx(expected["median_days_between_orders_B"], abs=1e-4)
    # Two orders of one day are one day: fewer come back.
    assert ask("repeat_purchase_rate", **PAID, order_unit="day")["numerator"] < repeat["numerator"]


def test_staying_away(ask, expected):
    inactive = expected["inactive_over_90_days_B"]
    churn = ask("churn_inactivity", as_of=inactive["reference_date"], days=90)
    assert (churn["numerator"], churn["denominator"]) == (inactive["customers"], expected["customers_B"])
    assert churn["value"] == pytest.approx(100 * inactive["rate"], abs=1e-4)
    assert ask("recency", as_of="2010-12-10")["value"] == expected["recency_days_median"]


def test_lines(ask, expected):
    basket = ask("basket_size", **PAID)
    assert (basket["numerator"], basket["denominator"]) == (expected["rows_variant_B"], expected["orders_B"])


ACTIVITY = "order_placed,order_cancelled"


@pytest.mark.parametrize(
    ("key", "parameters"),
    [
        ("cohort_B_counts", {}),
        ("cohort_A_counts", {"values": "any", "cohort_event": ACTIVITY, "return_event": ACTIVITY}),
    ],
)
def test_cohorts(ask, expected, key, parameters):
    assert counts(ask("cohort_retention", **OBSERVED, **parameters)) == expected[key]


def test_cohorts_with_given_away_orders(ask, expected):
    variant = expected["variant_C_quantity_positive_only"]
    answer = ask("cohort_retention", **OBSERVED, values="any")
    assert counts(answer) == variant["cohort_counts"]
    assert answer["weighted_average"] == pytest.approx(variant["weighted_avg_pct"], abs=1e-3)
    assert answer["simple_average"] == pytest.approx(variant["simple_avg_pct"], abs=1e-3)


def test_cohort_percentages_and_both_means(ask, expected):
    answer = ask("cohort_retention", **OBSERVED)
    percent = {row["cohort"]: [round(cell["percent"], 2) for cell in row["cells"]] for row in answer["cohorts"]}
    assert percent == expected["cohort_B_pct"]
    assert answer["weighted_average"] == pytest.approx(expected["cohort_B_weighted_average_pct"], abs=1e-3)
    assert answer["simple_average"] == pytest.approx(expected["cohort_B_simple_average_pct"], abs=1e-3)
    assert answer["value"] == answer["weighted_average"][1]


def test_unfinished_months_are_flagged_and_left_out_of_the_means(ask):
    answer = ask("cohort_retention", to="2010-12-10")
    assert answer["value"] == pytest.approx(24.03, abs=0.005)
    assert [row["cells"][-1]["is_finished"] for row in answer["cohorts"]] == [False] * 13
    assert all(cell["is_finished"] for row in answer["cohorts"] for cell in row["cells"][:-1])


def test_a_series_adds_up(ask, expected):
    answer = ask("orders", **PAID, granularity="month")
    assert [row["from"] for row in answer["series"]][:2] == ["2009-12-01", "2010-01-01"]
    assert sum(row["value"] for row in answer["series"]) == expected["orders_B"]


def counts(answer: dict[str, Any]) -> dict[str, list[int]]:
    return {row["cohort"]: [cell["retained"] for cell in row["cells"]] for row in answer["cohorts"]}
