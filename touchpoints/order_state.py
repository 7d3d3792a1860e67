"""What all steps together make of an order: its state, what became of its lines, what it is worth. Pure.

The course is walked once in the order of events; lines, value and shipments are those that all steps together tell,
so neither the order of arrival nor late news make a difference.
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from touchpoints import told
from touchpoints.order_lines import CANCELLED, DELIVERED, EXCHANGED, RETURNED, SHIPPED, Contents, exchanged
from touchpoints.shipments import Shipments
from touchpoints.subject_steps import COURSE, OPEN_STATES, ORDER, REMARKS, Step, SubjectState, entry, last_lines
from touchpoints.subject_steps import last_valued as last_valued_of

# Reports about a loss; several kinds of them (cancelled, then refunded) tell of the same loss, so the largest counts.
LOSSES = ("order_cancelled", "order_returned", "order_refunded")
NOTHING = Decimal(0)


def order_state(told_steps: Sequence[Step], *, zone: ZoneInfo) -> SubjectState | None:
    """`told_steps` in the order of events; nothing, where they only remark on an order."""
    ordered = [step for step in told_steps if step.type not in REMARKS]
    if not ordered:
        return None
    walk = Walk(ordered, zone=zone)
    for step in ordered:
        walk.take(step)
    is_open = walk.state in OPEN_STATES[ORDER]
    viewed = [step.occurred_at for step in told_steps if step.type == "tracking_viewed"]
    return SubjectState(
        customer_id=ordered[0].customer_id,
        state=walk.state,
        is_open=is_open,
        began_at=ordered[0].occurred_at,
        changed_at=walk.changed_at,
        ended_at=None if is_open else walk.changed_at,
        history=walk.history,
        value=walk.value,
        currency=walk.currency,
        lines=walk.contents.as_told(),
        refunded=told.amount(walk.lost["order_refunded"]) if walk.lost["order_refunded"] else None,
        net_value=_net_value(walk),
        paid_at=walk.reached.get("paid"),
        shipped_at=walk.reached.get(SHIPPED),
        delivered_at=walk.reached.get(DELIVERED),
        tracking_viewed_at=max(viewed, default=None),
        promised_on=walk.promised_on,
        days_late=_days_late(walk, zone),
        shipments=walk.shipments.as_told(),
    )


class Walk:
    def __init__(self, ordered: Sequence[Step], *, zone: ZoneInfo) -> None:
        valued = last_valued_of(list(ordered))
        self.value, self.currency = (valued.value, valued.currency) if valued else (None, "")
        self.contents = Contents(last_lines(list(ordered)))
        self.shipments = Shipments(ordered, self.contents, zone=zone)
        self.promised_on = _promised_on(ordered, zone)
        self.lost: dict[str, Decimal] = dict.fromkeys(LOSSES, NOTHING)
        self.untold: set[str] = set()  # losses without an amount
        self.told: set[str] = set()
        self.reached: dict[str, datetime] = {}
        self.history: list[dict[str, Any]] = []
        self.state, self.changed_at = "", ordered[0].occurred_at

    def take(self, step: Step) -> None:
        self.told.add(step.type)
        if step.type in ("order_shipped", "order_delivered"):
            self.shipments.move(step)
        elif step.type == "store_purchased":
            self.contents.add(DELIVERED, None)
        elif step.type == "order_exchanged":
            back, out = exchanged(step.properties)
            self.contents.add(EXCHANGED, self.contents.matching(back) or [])
            self.contents.replace(out)
        elif step.type == "order_returned":
            self.contents.add(RETURNED, self.contents.matching(step.properties.get("lines")))
        elif step.type == "order_cancelled":
            self.contents.add(CANCELLED, self.contents.matching(step.properties.get("lines")))
        self._lose(step)
        self._note(step)

    def _lose(self, step: Step) -> None:
        if step.type not in LOSSES:
            return
        if step.value is None:
            self.untold.add(step.type)
        elif step.currency == self.currency:
            self.lost[step.type] += abs(step.value)

    def _note(self, step: Step) -> None:
        for name, is_reached in (
            ("paid", "order_paid" in self.told),
            (SHIPPED, self.contents.is_complete(SHIPPED)),
            (DELIVERED, self.contents.is_complete(DELIVERED)),
        ):
            if is_reached:
                self.reached.setdefault(name, step.occurred_at)
        state = self._state()
        if state and (not self.state or COURSE.index(state) > COURSE.index(self.state)):
            self.state, self.changed_at = state, step.occurred_at
            self.history.append(entry(state, step))

    def _state(self) -> str:
        """The furthest that holds; what is only partly cancelled, returned or refunded leaves an order as it is."""
        is_complete, told_types = self.contents.is_complete, self.told
        held = {
            "cancelled": is_complete(CANCELLED),
            "refunded": "order_refunded" in told_types and self._is_refunded(),
            "returned": is_complete(RETURNED),
            "exchanged": "order_exchanged" in told_types,
            "delivered": is_complete(DELIVERED),
            "partly_delivered": "order_delivered" in told_types,
            "shipped": is_complete(SHIPPED),
            "partly_shipped": "order_shipped" in told_types,
            "paid": "order_paid" in told_types,
            "placed": bool(told_types & {"order_placed", "order_updated", "order_confirmed"}),
        }
        return next((state for state, holds in held.items() if holds), "")

    def _is_refunded(self) -> bool:
        """Refunds are partial while their amounts, in the order's currency, stay below its value."""
        return self.value is None or "order_refunded" in self.untold or self.lost["order_refunded"] >= self.value


def _net_value(walk: Walk) -> Decimal | None:
    """What is left of the value, by the rule of the figure aov_net."""
    if walk.value is None:
        return None
    if walk.untold & {"order_refunded", "order_cancelled"} and walk.state in ("refunded", "cancelled"):
        return NOTHING
    return told.amount(walk.value - max(walk.lost.values()))


def _promised_on(ordered: Sequence[Step], zone: ZoneInfo) -> date | None:
    """The first promise counts: naming a later day afterwards makes nothing punctual."""
    days = (told.day(step.properties.get("promised_on"), zone=zone) for step in ordered)
    return next(filter(None, days), None)


def _days_late(walk: Walk, zone: ZoneInfo) -> int | None:
    """Below 0 it came early."""
    delivered_at = walk.reached.get(DELIVERED)
    if delivered_at is None or walk.promised_on is None:
        return None
    return (delivered_at.astimezone(zone).date() - walk.promised_on).days
