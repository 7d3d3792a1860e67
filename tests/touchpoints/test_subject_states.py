from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.factories import NOW
from touchpoints.models.subject import STATE_LABELS
from touchpoints.subject_states import subject_state
from touchpoints.subject_steps import COURSE, STATES, Step, SubjectState

BERLIN = ZoneInfo("Europe/Berlin")


def state_of(kind: str, *types: str) -> str:
    """The state after these steps, an hour apart."""
    state = subject_state(kind, [step(type, hours=number) for number, type in enumerate(types)], zone=BERLIN)
    return state.state if state else ""


def step(type: str, *, hours: float = 0, **fields: Any) -> Step:
    defaults: dict[str, Any] = {"customer_id": 1, "source_id": 1, "message_id": "m"}
    return Step(type, NOW + timedelta(hours=hours), **defaults | fields)


def order(*steps: Step) -> SubjectState:
    state = subject_state("order", steps, zone=BERLIN)
    assert state
    return state


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (["order_placed"], "placed"),
        (["order_placed", "order_paid", "order_shipped"], "shipped"),
        (["order_placed", "order_shipped", "order_delivered", "order_paid"], "delivered"),
        (["order_placed", "order_delivered", "order_exchanged", "order_shipped", "order_delivered"], "exchanged"),
        (["order_placed", "order_delivered", "order_returned"], "returned"),
        (["order_placed", "order_returned", "order_refunded"], "refunded"),
        (["order_placed", "order_paid", "order_cancelled", "order_refunded"], "cancelled"),
        (["order_delivered"], "delivered"),
        (["store_purchased"], "delivered"),
        (["tracking_viewed"], ""),
        (["case_opened"], ""),
    ],
)
def test_an_order_only_goes_forward(types: list[str], expected: str) -> None:
    assert state_of("order", *types) == expected


@pytest.mark.parametrize(
    ("types", "expected", "is_open"),
    [
        (["case_opened"], "opened", True),
        (["case_opened", "case_waiting"], "waiting", True),
        (["case_opened", "case_resolved", "case_closed"], "closed", False),
        (["case_opened", "case_resolved", "case_reopened"], "reopened", True),
        (["case_resolved", "case_reopened", "case_resolved"], "resolved", False),
    ],
)
def test_a_case_is_what_was_said_last(types: list[str], expected: str, is_open: bool) -> None:
    state = subject_state("case", [step(type, hours=number) for number, type in enumerate(types)], zone=BERLIN)
    assert state
    assert (state.state, state.is_open) == (expected, is_open)


@pytest.mark.parametrize(
    ("types", "expected", "is_open"),
    [
        (["subscription_started", "subscription_renewed"], "renewed", True),
        (["subscription_started", "subscription_paused"], "paused", True),
        (["subscription_started", "subscription_cancelled"], "cancelled", True),
        (["subscription_started", "subscription_cancelled", "subscription_ended"], "ended", False),
    ],
)
def test_a_cancelled_subscription_runs_until_it_ends(types: list[str], expected: str, is_open: bool) -> None:
    state = subject_state("subscription", [step(type, hours=number) for number, type in enumerate(types)], zone=BERLIN)
    assert state
    assert (state.state, state.is_open) == (expected, is_open)


def test_steps_of_one_moment_follow_the_course_of_things() -> None:
    steps = [step("case_resolved"), step("case_opened")]
    assert subject_state("case", steps, zone=BERLIN) == subject_state("case", steps[::-1], zone=BERLIN)


def test_it_tells_when_it_began_changed_and_ended() -> None:
    state = order(step("order_delivered", hours=5), step("order_placed"), step("order_paid", hours=9))

    assert (state.began_at, state.changed_at, state.ended_at) == (
        NOW,
        NOW + timedelta(hours=5),
        NOW + timedelta(hours=5),
    )


def test_it_takes_value_and_lines_from_the_latest_that_tells_them() -> None:
    placed = step("order_placed", value=Decimal(50), currency="EUR", properties={"lines": [{"sku": "A"}]})
    updated = step("order_updated", hours=1, value=Decimal(70), currency="EUR")
    refunded = step("order_refunded", hours=2, value=Decimal(5), currency="EUR", properties={"lines": [{"sku": "C"}]})

    state = order(refunded, updated, placed)

    assert (state.value, state.currency, state.lines) == (Decimal(70), "EUR", [{"sku": "A"}])


@pytest.mark.parametrize(
    ("amounts", "currency", "expected"),
    [
        ([Decimal(20)], "EUR", "delivered"),
        ([Decimal(20), Decimal(30)], "EUR", "refunded"),
        ([None], "EUR", "refunded"),
        ([Decimal(50)], "USD", "delivered"),
    ],
)
def test_a_partial_refund_leaves_the_order_as_it_is(amounts: list[Decimal], currency: str, expected: str) -> None:
    refunds = [step("order_refunded", hours=3, value=amount, currency=currency) for amount in amounts]
    placed = step("order_placed", value=Decimal(50), currency="EUR")

    assert order(placed, step("order_delivered", hours=2), *refunds).state == expected


def test_it_belongs_to_whom_the_first_step_names() -> None:
    assert order(step("order_shipped", hours=1, customer_id=2), step("order_placed", customer_id=1)).customer_id == 1


def test_it_ignores_lines_that_are_no_list() -> None:
    assert order(step("order_placed", properties={"lines": "A"})).lines == []


@pytest.mark.parametrize("kind", STATES)
def test_every_state_has_its_words(kind: str) -> None:
    assert set(STATE_LABELS[kind]) == set(COURSE if kind == "order" else STATES[kind].values())
