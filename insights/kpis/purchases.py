"""Figures about orders and what they are worth."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from insights.kpis.definition import Better, Formula, Kpi, Unit

PURCHASES = ("order_placed", "store_purchased")
DIMENSIONS = ("channel", "source", "place", "country")
OPTIONS = ("customers", "values", "activity")
BOUGHT: dict[str, Any] = {
    "dimensions": DIMENSIONS,
    "options": OPTIONS,
    "defaults": (("customers", "known"), ("values", "positive"), ("activity", PURCHASES)),
}

KPIS = (
    Kpi(
        key="customers",
        name=_("Customers"),
        definition=_(
            "Known customers with at least one order in the period; with activity, with at least one touchpoint of "
            "these types. Merged records count once, anonymous receipts do not count."
        ),
        unit=Unit.COUNT,
        better=Better.UP,
        formula=Formula.TOTAL,
        statements=("orders", "customers"),
        **BOUGHT,
    ),
    Kpi(
        key="orders",
        name=_("Orders"),
        definition=_(
            "Orders placed in the period, by order number, in shops and stores. Given away (value 0) does not count; "
            "cancellations are not subtracted."
        ),
        unit=Unit.COUNT,
        better=Better.UP,
        formula=Formula.TOTAL,
        statements=("orders", "orders_count"),
        **BOUGHT,
    ),
    Kpi(
        key="revenue",
        name=_("Revenue"),
        definition=_(
            "Sum of the values of the orders placed in the period, before cancellations and returns. "
            "Per currency, never added across currencies."
        ),
        unit=Unit.MONEY,
        better=Better.UP,
        formula=Formula.TOTAL,
        statements=("orders", "revenue"),
        **BOUGHT,
    ),
    Kpi(
        key="cancellations",
        name=_("Cancellations"),
        definition=_("Orders cancelled in the period, by order number, however old the order is."),
        unit=Unit.COUNT,
        better=Better.DOWN,
        formula=Formula.TOTAL,
        statements=("orders", "orders_count"),
        dimensions=DIMENSIONS,
        options=("customers",),
        defaults=(("customers", "known"), ("values", "any"), ("activity", ("order_cancelled",))),
    ),
    Kpi(
        key="aov_gross",
        name=_("Order value, gross"),
        definition=_("Revenue divided by the orders with a value above 0, before cancellations and returns."),
        unit=Unit.MONEY,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("orders", "aov_gross"),
        **BOUGHT,
    ),
    Kpi(
        key="aov_net",
        name=_("Order value, net"),
        definition=_(
            "What remains of the orders of the period after everything cancelled, returned or refunded since, divided "
            "by these orders. Of several reports about one order the largest counts; a credit note without a known "
            "order is subtracted on its own day."
        ),
        unit=Unit.MONEY,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("orders", "aov_net"),
        looks_ahead=True,
        dimensions=DIMENSIONS,
        options=("customers",),
        defaults=(("customers", "known"), ("values", "any"), ("activity", PURCHASES)),
    ),
    Kpi(
        key="purchase_frequency",
        name=_("Purchase frequency"),
        definition=_("Orders in the period divided by the customers who placed them."),
        unit=Unit.NUMBER,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("orders", "purchase_frequency"),
        **BOUGHT,
    ),
    Kpi(
        key="revenue_per_customer",
        name=_("Revenue per customer"),
        definition=_("Revenue in the period divided by the customers who placed its orders; one-time buyers included."),
        unit=Unit.MONEY,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("orders", "revenue_per_customer"),
        **BOUGHT,
    ),
    Kpi(
        key="basket_size",
        name=_("Lines per order"),
        definition=_("Lines with a quantity and a price above 0, divided by the orders that have such lines."),
        unit=Unit.NUMBER,
        better=Better.UP,
        formula=Formula.MEAN,
        statements=("orders", "basket_size"),
        **BOUGHT,
    ),
)
