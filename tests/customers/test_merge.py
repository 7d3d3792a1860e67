import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.actions import merge_customers, undo_merge
from customers.groups import canonical_records
from customers.models import Customer, CustomerChange, Merge
from tests.factories import make_customer, make_touchpoint, make_user
from touchpoints.models import Touchpoint


def canonical() -> dict[int, int | None]:
    return dict(Customer.objects.values_list("pk", "canonical_id"))


def changes() -> list[tuple[str, int, int | None]]:
    return list(CustomerChange.objects.order_by("id").values_list("kind", "customer_pk", "other_pk"))


@pytest.mark.django_db
def test_it_makes_the_kept_record_stand_for_both() -> None:
    old, new, user = make_customer(), make_customer(), make_user()

    merge = merge_customers(kept=new, merged=old, reason="same loyalty card", by=user)

    assert canonical() == {old.pk: new.pk, new.pk: new.pk}
    assert changes() == [("merged", new.pk, old.pk)]
    assert (merge.reason, merge.created_by) == ("same loyalty card", user)


@pytest.mark.django_db
def test_it_rewrites_no_touchpoint_and_undoes_exactly() -> None:
    one, other, third = make_customer(), make_customer(), make_customer()
    mine, theirs = make_touchpoint(one), make_touchpoint(other)
    merge_customers(kept=one, merged=third, reason="test")
    before = canonical()

    merge = merge_customers(kept=one, merged=other, reason="test")
    assert set(Touchpoint.objects.of_person(one.pk)) == {mine, theirs}
    undone = undo_merge(merge=merge, by=make_user())

    assert canonical() == before
    assert set(Touchpoint.objects.of_person(one.pk)) == {mine}
    assert undone.undone_at is not None
    assert changes()[-1] == ("unmerged", other.pk, one.pk)


@pytest.mark.django_db
def test_it_keeps_a_group_together_while_another_merge_says_so() -> None:
    one, other = make_customer(), make_customer()
    first = merge_customers(kept=one, merged=other, reason="same card")
    merge_customers(kept=other, merged=one, reason="same name")

    undo_merge(merge=first)

    assert canonical() == {one.pk: other.pk, other.pk: other.pk}


@pytest.mark.django_db
def test_it_does_nothing_the_second_time() -> None:
    one, other = make_customer(), make_customer()

    merge = merge_customers(kept=one, merged=other, reason="test")
    assert merge_customers(kept=one, merged=other, reason="again") == merge
    undo_merge(merge=merge)
    undo_merge(merge=merge)

    assert len(changes()) == 2


@pytest.mark.django_db
def test_it_refuses_to_merge_a_record_with_itself() -> None:
    one = make_customer()

    with pytest.raises(ValidationError):
        merge_customers(kept=one, merged=one, reason="test")


steps = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=12)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_any_sequence_gives_the_groups_of_the_standing_merges(sequence: list[tuple[int, int, bool]]) -> None:
    customers = Customer.objects.bulk_create(Customer() for _ in range(6))
    for kept, merged, is_undone in sequence:
        if kept != merged:
            merge = merge_customers(kept=customers[kept], merged=customers[merged], reason="test")
            if is_undone:
                undo_merge(merge=merge)

    pks = [customer.pk for customer in customers]
    edges = Merge.objects.standing().filter(kept__in=pks).values_list("kept_id", "merged_id")
    assert dict(Customer.objects.filter(pk__in=pks).values_list("pk", "canonical_id")) == canonical_records(pks, edges)


@pytest.mark.django_db(transaction=True)
def test_simultaneous_merges_and_undos_neither_deadlock_nor_miss_each_other() -> None:
    customers = [make_customer() for _ in range(8)]
    start = threading.Barrier(4, timeout=30)

    def meddle(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        start.wait()
        try:
            for _ in range(30):
                kept, merged = chance.sample(customers, 2)
                merge = merge_customers(kept=kept, merged=merged, reason="test")
                if chance.random() < 0.7:
                    undo_merge(merge=merge)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(meddle, seed) for seed in range(4)]:
            done.result()

    edges = Merge.objects.standing().values_list("kept_id", "merged_id")
    assert canonical() == canonical_records([customer.pk for customer in customers], edges)
