import pytest
from django.core.exceptions import ValidationError

from customers.actions import merge_customers, undo_merge
from customers.models import Customer, CustomerChange
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
def test_a_known_record_stands_for_the_anonymous_one_it_was_merged_into() -> None:
    anonymous, known = make_customer(is_known=False), make_customer()

    merge = merge_customers(kept=anonymous, merged=known, reason="test")
    assert canonical() == {anonymous.pk: known.pk, known.pk: known.pk}
    undo_merge(merge=merge)

    assert canonical() == {anonymous.pk: anonymous.pk, known.pk: known.pk}
    anonymous.refresh_from_db()
    assert not anonymous.is_known


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
