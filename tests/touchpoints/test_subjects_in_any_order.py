"""Whatever the order of arrival, the batches, corrections and merges: the subjects are those of a rebuild and of the
slow way (tests.touchpoints.subject_reference)."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.actions import merge_customers, undo_merge
from customers.models import Customer
from tests.factories import NOW, make_customer, make_source, make_type
from tests.touchpoints.subject_reference import BERLIN, Told, expected
from touchpoints import feed
from touchpoints.followers import SUBJECTS
from touchpoints.models import FollowerPosition, Source, Subject, Touchpoint
from touchpoints.order_lines import DONE
from touchpoints.subject_states import subject_state
from touchpoints.subject_steps import COURSE, Step

ORDER = ["order_placed", "order_placed", "order_updated", "order_paid", "order_shipped", "order_shipped",
         "tracking_viewed", "order_delivered", "order_delivered", "order_exchanged", "order_returned",
         "order_refunded", "order_cancelled"]  # fmt: skip
TYPES = {
    "order:1": ORDER,
    "order:2": ["order_placed", "order_updated", "order_cancelled", "tracking_viewed"],
    "case:1": ["case_opened", "case_waiting", "case_resolved", "case_closed", "case_reopened"],
    "subscription:1": ["subscription_started", "subscription_renewed", "subscription_paused",
                       "subscription_cancelled", "subscription_ended"],
    "": ["product_viewed"],
}  # fmt: skip
SKUS = ("A", "B", "C")
LINES = st.lists(st.fixed_dictionaries({"sku": st.sampled_from(SKUS), "quantity": st.integers(1, 3)}), max_size=3)
SHIPMENTS = st.sampled_from(["s1", "s2", "s3"])
DAYS = st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-05"])
PROPERTIES = {
    "order_placed": {"lines": LINES, "promised_on": DAYS},
    "order_updated": {"lines": LINES, "promised_on": DAYS},
    "order_shipped": {"lines": LINES, "shipment_id": SHIPMENTS, "promised_on": DAYS},
    "order_delivered": {"lines": LINES, "shipment_id": SHIPMENTS},
    "order_exchanged": {"lines": LINES, "replacements": LINES},
    "order_returned": {"lines": LINES},
    "order_cancelled": {"lines": LINES},
    "subscription_started": {"interval": st.sampled_from(["month", "quarter", "year"]), "runs_until": DAYS},
    "subscription_renewed": {"interval": st.sampled_from(["month", "quarter", "year"]), "runs_until": DAYS},
    "subscription_cancelled": {"runs_until": DAYS},
}
VALUES = st.sampled_from([None, Decimal(20), Decimal(50)])
by_database = pytest.mark.django_db


@st.composite
def messages(draw: st.DrawFn, *, corrections: int) -> list[dict[str, Any]]:
    """Touchpoints, several at one moment; each is corrected or retracted at most `corrections` times."""
    subjects = draw(st.lists(st.sampled_from([*sorted(TYPES), "order:1", "order:1"]), min_size=1, max_size=9))
    made = []
    for number, subject in enumerate(subjects):
        made.append(told(draw, subject, id=f"m{number}"))
        for again in range(draw(st.integers(0, corrections))):
            correction = told(draw, draw(st.sampled_from(sorted(TYPES))), id=f"m{number}c{again}")
            correction |= {"replaces": f"m{number}"} | ({"type": None} if draw(st.booleans()) else {})
            made.append(correction)
    return made


def told(draw: st.DrawFn, subject: str, *, id: str) -> dict[str, Any]:
    type = draw(st.sampled_from(TYPES[subject]))
    return {
        "message_id": id,
        "subject": subject,
        "type": type,
        "occurred_at": NOW + timedelta(hours=draw(st.integers(0, 30))),
        "customer": draw(st.integers(0, 2)),
        "value": draw(VALUES),
        "source": draw(st.sampled_from([0, 0, 0, 1])),
        "properties": draw(st.fixed_dictionaries({}, optional=PROPERTIES.get(type, {}))),
    }


class World:
    def __init__(self) -> None:
        self.customers = [make_customer() for _ in range(3)]
        self.sources = [make_source(), make_source(kind="browser")]
        FollowerPosition.objects.filter(name=SUBJECTS.name).delete()
        feed.run_follower(SUBJECTS.name)

    def store(self, message: dict[str, Any]) -> None:
        Touchpoint.objects.create(
            **message
            | {
                "customer": self.customers[message["customer"]],
                "source": self.sources[message["source"]],
                "type": make_type(message["type"]) if message["type"] else None,
                "currency": "EUR" if message["value"] else "",
            }
        )


def are_one(one: Customer, other: Customer) -> bool:
    records = Customer.objects.filter(pk__in=[one.pk, other.pk])
    return len(set(records.values_list("canonical", flat=True))) == 1


def follow() -> None:
    while feed.run_follower(SUBJECTS.name):
        pass


def subjects() -> dict[str, dict[str, Any]]:
    names = [field.attname for field in Subject._meta.concrete_fields if field.name not in {"id", "brand", "customer"}]
    customers = list(Customer.objects.order_by("id").values_list("id", flat=True))
    return {
        str(row): {"customer": customers.index(row.customer_id)} | {name: getattr(row, name) for name in names}
        for row in Subject.objects.all()
    }


def rebuilt() -> dict[str, dict[str, Any]]:
    Subject.objects.all().delete()
    FollowerPosition.objects.filter(name=SUBJECTS.name).update(touchpoint_id=0)
    follow()
    return subjects()


def by_reference() -> dict[str, dict[str, Any]]:
    rows = list(Touchpoint.objects.select_related("type", "source"))
    standing: dict[str, list[Told]] = {subject: [] for subject in TYPES if subject}
    for row in rows:
        if row.type and row.subject and row.source.kind != "browser" and not is_corrected(row, rows):
            standing[row.subject].append(Told(row.type.key, row.occurred_at, row.message_id, row.value, row.properties))
    found = {subject: expected(subject.partition(":")[0], told) for subject, told in standing.items()}
    return {subject: told for subject, told in found.items() if told}


def is_corrected(row: Touchpoint, rows: list[Touchpoint]) -> bool:
    return any(
        other.source_id == row.source_id
        and other.replaces
        and (other.replaces == row.message_id or (other.replaces == row.replaces and other.id > row.id))
        for other in rows
    )


def compared(found: dict[str, dict[str, Any]], reference: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Of what was found, that which the reference tells as well."""
    return {
        subject: {name: counts(row["lines"]) if name == "counts" else row[name] for name in reference.get(subject, row)}
        for subject, row in found.items()
    }


def counts(lines: list[Any]) -> list[dict[str, int]]:
    return [{what: line[what] for what in DONE if what in line} for line in lines]


SLOW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@by_database
@SLOW
@given(messages(corrections=1), st.randoms(use_true_random=False), st.data())
def test_arrival_and_batches_make_no_difference(told: list[dict[str, Any]], chance: Any, data: st.DataObject) -> None:
    results = []
    for arrived in (told, chance.sample(told, len(told))):
        with transaction.atomic():
            world = World()
            for message in arrived:
                world.store(message)
                if data.draw(st.booleans()):
                    follow()
            follow()
            found, reference = subjects(), by_reference()
            assert compared(found, reference) == reference
            results.append(found)
            transaction.set_rollback(True)
    for found in results:
        for row in found.values():
            del row["customer"]
    assert results[0] == results[1]


@by_database
@SLOW
@given(messages(corrections=3), st.randoms(use_true_random=False))
def test_corrections_and_merges_equal_a_rebuild(told: list[dict[str, Any]], chance: Any) -> None:
    with transaction.atomic():
        world, merges = World(), []
        for message in chance.sample(told, len(told)):
            world.store(message)
            kept, merged = chance.sample(world.customers, 2)
            match chance.randrange(6):
                case 0 if not are_one(kept, merged):
                    merges.append(merge_customers(kept=kept, merged=merged, reason="test"))
                case 1 if merges:
                    undo_merge(merge=merges.pop())
                case 2 | 3:
                    feed.run_follower(SUBJECTS.name)
        follow()
        found, reference = subjects(), by_reference()
        assert compared(found, reference) == reference
        assert found == rebuilt()
        transaction.set_rollback(True)


def check_course(data: st.DataObject) -> str:
    messages = [told(data.draw, "order:1", id=f"m{number}") for number in range(data.draw(st.integers(1, 10)))]
    names = ("type", "occurred_at", "message_id", "value", "properties")
    reference = expected("order", [Told(*(it[name] for name in names)) for it in messages])
    steps = [
        Step(
            customer_id=1,
            source_id=1,
            currency="EUR" if it["value"] else "",
            **{name: it[name] for name in names},
        )
        for it in data.draw(st.permutations(messages))
    ]
    found = subject_state("order", steps, zone=BERLIN)
    assert (found is None) == (reference is None)
    if found and reference:
        assert compared({"order": vars(found)}, {"order": reference}) == {"order": reference}
    return found.state if found else "none"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_many_courses_of_an_order_equal_the_slow_way(data: st.DataObject) -> None:
    """Without a database there is time for many."""
    check_course(data)


@pytest.mark.prove
def test_thousands_of_courses_equal_the_slow_way() -> None:
    states: Counter[str] = Counter()

    @settings(max_examples=5000, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        states[check_course(data)] += 1

    check()
    print(f"\n{states.total()} orders equal the slow way: {dict(states.most_common())}")
    assert set(states) >= set(COURSE)


@by_database
def test_the_references_see_different_subjects() -> None:
    """Guards the properties above against comparing nothing."""
    world = World()
    for number, type in enumerate(("order_placed", "order_shipped")):
        world.store(
            {
                "message_id": f"m{number}",
                "subject": "order:1",
                "type": type,
                "occurred_at": NOW,
                "customer": 0,
                "value": None,
                "source": 0,
            }
        )
    assert Source.objects.count() == 2
    assert subjects() == {}
    follow()
    assert by_reference()["order:1"]["state"] == "shipped"
    assert subjects().keys() == {"order:1"}
