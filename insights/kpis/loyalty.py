"""Figures about coming back and staying away."""

from django.utils.translation import gettext_lazy as _

from insights.kpis.definition import Better, Formula, Kpi, Unit
from insights.kpis.purchases import BOUGHT, DIMENSIONS, OPTIONS, PURCHASES

UNTIL_A_DAY = (("customers", "known"), ("values", "positive"), ("activity", PURCHASES))

KPIS = (
    Kpi(
        key="repeat_purchase_rate",
        name=_("Repeat purchase rate"),
        definition=_(
            "Customers with at least two orders in the period, of all customers with at least one. "
            "With order_unit=day, orders of the same day count as one."
        ),
        unit=Unit.PERCENT,
        better=Better.UP,
        formula=Formula.SHARE,
        statements=("orders", "repeat_purchase_rate"),
        dimensions=DIMENSIONS,
        options=(*OPTIONS, "order_unit"),
        defaults=(*UNTIL_A_DAY, ("order_unit", "order")),
    ),
    Kpi(
        key="days_between_orders",
        name=_("Days between orders"),
        definition=_("Median of the days between one order of a customer and the next, both in the period."),
        unit=Unit.DAYS,
        better=Better.DOWN,
        formula=Formula.MEDIAN,
        statements=("orders", "days_between_orders"),
        **BOUGHT,
    ),
    Kpi(
        key="cohort_retention",
        name=_("Retention rate"),
        definition=_(
            "Customers by the calendar month of their first cohort event, and how many of them had a return event "
            "exactly k months later. Mean over cohorts weighted by their size, the simple mean beside it. Cells "
            "whose month has not ended are flagged and left out of the means unless include_unfinished is set."
        ),
        unit=Unit.PERCENT,
        better=Better.UP,
        formula=Formula.SHARE,
        statements=("orders", "cohort_retention"),
        dimensions=DIMENSIONS,
        options=("customers", "values", "cohort_event", "return_event", "include_unfinished", "month"),
        defaults=(
            ("customers", "known"),
            ("values", "positive"),
            ("cohort_event", PURCHASES),
            ("return_event", PURCHASES),
            ("include_unfinished", False),
            ("month", 1),
        ),
    ),  # fmt: skip
    Kpi(
        key="churn_inactivity",
        name=_("Churn by inactivity"),
        definition=_(
            "Customers whose last order lies more than the given number of days (90) before the as-of day, of all "
            "customers who have ordered up to that day. Nobody is lost before that many days have passed."
        ),
        unit=Unit.PERCENT,
        better=Better.DOWN,
        formula=Formula.SHARE,
        statements=("orders", "churn_inactivity"),
        dimensions=DIMENSIONS,
        options=(*OPTIONS, "days", "as_of"),
        defaults=(*UNTIL_A_DAY, ("days", 90)),
    ),
    Kpi(
        key="recency",
        name=_("Days since the last order"),
        definition=_("Median over all customers of the days from their last order to the as-of day."),
        unit=Unit.DAYS,
        better=Better.DOWN,
        formula=Formula.MEDIAN,
        statements=("orders", "recency"),
        dimensions=DIMENSIONS,
        options=(*OPTIONS, "as_of"),
        defaults=UNTIL_A_DAY,
    ),
)
