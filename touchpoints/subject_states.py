"""The state of an order, a case or a subscription, from the steps told about it. Free of the database.

The result depends on the set of steps alone, not on the order in which they arrived.
"""

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from touchpoints.order_state import order_state
from touchpoints.subject_steps import (
    CASE,
    KIND_OF,
    OPEN_STATES,
    ORDER,
    STATES,
    SUBSCRIPTION,
    Step,
    SubjectState,
    entry,
    in_order,
)
from touchpoints.subscription_state import subscription_state


def subject_state(kind: str, steps: Iterable[Step], *, zone: ZoneInfo) -> SubjectState | None:
    """What all steps together make of a subject; nothing, where none of them is about this kind. Days are those of
    `zone`."""
    ordered = in_order(step for step in steps if KIND_OF.get(step.type) == kind)
    if kind == ORDER:
        return order_state(ordered, zone=zone)
    if kind == SUBSCRIPTION:
        return subscription_state(ordered, zone=zone)
    return _case_state(ordered)


def _case_state(ordered: Sequence[Step]) -> SubjectState | None:
    if not ordered:
        return None
    last = ordered[-1]
    state = STATES[CASE][last.type]
    is_open = state in OPEN_STATES[CASE]
    return SubjectState(
        customer_id=ordered[0].customer_id,
        state=state,
        is_open=is_open,
        began_at=ordered[0].occurred_at,
        changed_at=last.occurred_at,
        ended_at=None if is_open else last.occurred_at,
        history=[entry(STATES[CASE][step.type], step) for step in ordered],
    )
