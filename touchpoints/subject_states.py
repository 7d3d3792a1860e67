"""The state of an order, a case or a subscription, from the steps told about it. Free of the database.

The result depends on the set of steps alone, not on the order in which they arrived.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
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
KIND_OF = {type: kind for kind, types in STATES.items() for type in types}
RANK = {type: rank for types in STATES.values() for rank, type in enumerate(types)}
OPEN_STATES = {
    ORDER: {"placed", "paid", "shipped"},
    CASE: {"opened", "waiting", "reopened"},
    SUBSCRIPTION: {"started", "renewed", "paused", "cancelled"},
}
# What the latest of these says is the value of the subject and its lines.
VALUED_TYPES = {"order_placed", "order_updated", "store_purchased", "subscription_started", "subscription_renewed"}


class Step(NamedTuple):
    type: str
    occurred_at: datetime
    touchpoint_id: int
    customer_id: int
    value: Decimal | None = None
    currency: str = ""
    lines: Any = None


class SubjectState(NamedTuple):
    customer_id: int
    state: str
    is_open: bool
    began_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    value: Decimal | None
    currency: str
    lines: list[Any]


def subject_state(kind: str, steps: Iterable[Step]) -> SubjectState | None:
    """What all steps together make of a subject; nothing, where none of them is about this kind."""
    ordered = sorted((step for step in steps if KIND_OF.get(step.type) == kind), key=_time_of_event)
    if not ordered:
        return None
    valued = next((step for step in reversed(ordered) if step.type in VALUED_TYPES and step.value is not None), None)
    lines = (step.lines for step in reversed(ordered) if step.type in VALUED_TYPES and isinstance(step.lines, list))
    last = _furthest(ordered, valued) if kind == ORDER else ordered[-1]
    state = STATES[kind][last.type]
    is_open = state in OPEN_STATES[kind]
    return SubjectState(
        customer_id=ordered[0].customer_id,
        state=state,
        is_open=is_open,
        began_at=ordered[0].occurred_at,
        changed_at=last.occurred_at,
        ended_at=None if is_open else last.occurred_at,
        value=valued.value if valued else None,
        currency=valued.currency if valued else "",
        lines=next(lines, []),
    )


def _time_of_event(step: Step) -> tuple[datetime, int, int]:
    return step.occurred_at, RANK[step.type], step.touchpoint_id


def _furthest(ordered: Sequence[Step], valued: Step | None) -> Step:
    """An order only goes forward: one paid after delivery (by invoice) stays delivered."""
    refunds = [step for step in ordered if step.type == "order_refunded"]
    is_whole = _is_whole(refunds, valued)
    told = [step for step in ordered if is_whole or step.type != "order_refunded"] or ordered
    states = list(STATES[ORDER].values())
    return max(told, key=lambda step: (states.index(STATES[ORDER][step.type]), *_time_of_event(step)))


def _is_whole(refunds: Sequence[Step], valued: Step | None) -> bool:
    """Refunds are partial while their amounts, in the order's currency, stay below its value."""
    if valued is None or any(step.value is None for step in refunds):
        return True
    paid_back = sum(step.value or 0 for step in refunds if step.currency == valued.currency)
    return paid_back >= (valued.value or 0)
