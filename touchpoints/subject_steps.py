"""The steps of orders, cases and subscriptions, and what each of them makes of its subject. Free of the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

ORDER, CASE, SUBSCRIPTION = "order", "case", "subscription"

# Per kind, what a type of touchpoint makes of its subject; at equal times the later entry is the later step.
STATES = {
    ORDER: {
        "order_placed": "placed",
        "order_updated": "placed",
        "order_confirmed": "placed",
        "order_paid": "paid",
        "order_shipped": "shipped",
        "order_delivered": "delivered",
        "store_purchased": "delivered",
        "order_exchanged": "exchanged",
        "order_returned": "returned",
        "order_refunded": "refunded",
        "order_cancelled": "cancelled",
    },
    CASE: {
        "case_opened": "opened",
        "case_waiting": "waiting",
        "case_resumed": "opened",
        "case_resolved": "resolved",
        "case_closed": "closed",
        "case_reopened": "reopened",
    },
    SUBSCRIPTION: {
        "subscription_started": "started",
        "subscription_renewed": "renewed",
        "subscription_paused": "paused",
        "subscription_cancelled": "cancelled",  # given notice: it runs until it ends
        "subscription_ended": "ended",
    },
}
# Told of a subject without changing its state, or making one.
REMARKS = {"tracking_viewed": ORDER}
KIND_OF = {type: kind for kind, types in STATES.items() for type in types} | REMARKS
RANK = {type: rank for types in STATES.values() for rank, type in enumerate(types)}
# An order goes through these in this order and never back; not all of them are told by one type alone.
COURSE = (
    "placed", "paid", "partly_shipped", "shipped", "partly_delivered", "delivered", "exchanged", "returned",
    "refunded", "cancelled",
)  # fmt: skip
OPEN_STATES = {
    ORDER: {"placed", "paid", "partly_shipped", "shipped", "partly_delivered"},
    CASE: {"opened", "waiting", "reopened"},
    SUBSCRIPTION: {"started", "renewed", "paused", "cancelled"},
}
# What the latest of these says is the value of the subject and its lines.
VALUED_TYPES = {"order_placed", "order_updated", "store_purchased", "subscription_started", "subscription_renewed"}


class Step(NamedTuple):
    type: str
    occurred_at: datetime
    customer_id: int
    source_id: int
    message_id: str
    value: Decimal | None = None
    currency: str = ""
    properties: Mapping[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class SubjectState:
    """What the touchpoints of a subject make of it: the columns of Subject beside its key."""

    customer_id: int
    state: str
    is_open: bool
    began_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    value: Decimal | None = None
    currency: str = ""
    lines: list[Any] = field(default_factory=list)
    # Orders
    refunded: Decimal | None = None
    net_value: Decimal | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    tracking_viewed_at: datetime | None = None
    promised_on: date | None = None
    days_late: int | None = None
    shipments: list[dict[str, Any]] = field(default_factory=list)
    # Subscriptions
    monthly_value: Decimal | None = None
    runs_until: date | None = None


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By time, then by the course of things; what is left is the same for whatever order of arrival."""
    return sorted(steps, key=lambda it: (it.occurred_at, RANK.get(it.type, -1), it.message_id, it.source_id))


def last_valued(ordered: list[Step]) -> Step | None:
    return next((step for step in reversed(ordered) if step.type in VALUED_TYPES and step.value is not None), None)


def last_lines(ordered: list[Step]) -> list[Any]:
    told = (it.properties.get("lines") for it in reversed(ordered) if it.type in VALUED_TYPES)
    return next((lines for lines in told if isinstance(lines, list)), [])


def entry(state: str, step: Step) -> dict[str, Any]:
    """A row of the history of a subject."""
    return {"state": state, "at": step.occurred_at.isoformat()}
