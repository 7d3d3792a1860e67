import itertools
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Scope
from accounts.roles import Role
from customers.actions import merge_customers, request_erasure, undo_merge
from customers.actions.erasing import finish_erasure
from customers.models import Customer, CustomerChange, Merge
from tests.customers.test_writing_at_once import at_once
from tests.factories import make_customer, make_touchpoint, make_user
from tests.reading import Reader
from touchpoints.models import Touchpoint


def canonical() -> dict[int, int | None]:
    return dict(Customer.objects.values_list("pk", "canonical_id"))


def changes() -> list[tuple[str, int, int | None]]:
    return list(CustomerChange.objects.order_by("id").values_list("kind", "customer_pk", "other_pk"))


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


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
def test_two_of_one_person_are_not_merged_once_more() -> None:
    one, other, third = make_customer(), make_customer(), make_customer()
    merge_customers(kept=one, merged=other, reason="same card")
    merge_customers(kept=other, merged=third, reason="same card")
    before = changes()

    for kept, merged in itertools.permutations((one, other, third), 2):
        with pytest.raises(ValidationError, match="one person already"):
            merge_customers(kept=kept, merged=merged, reason="same name")

    assert (Merge.objects.count(), changes()) == (2, before)


@pytest.mark.django_db
def test_a_group_stays_together_while_another_merge_says_so() -> None:
    """Of merges made before there was only one way to hold two together."""
    one, other = make_customer(), make_customer()
    first = merge_customers(kept=one, merged=other, reason="same card")
    second = Merge.objects.create(kept=other, merged=one, reason="same name")
    staff = Client(headers={"accept-language": "en"})
    staff.force_login(make_user(Role.CUSTOMER_SUCCESS))

    def undo(merge: Merge) -> str:
        return staff.post(reverse("admin:customers_merge_undoing", args=[merge.pk]), follow=True).content.decode()

    assert "Other merges still say that the two are one person" in undo(first)
    assert canonical() == {one.pk: other.pk, other.pk: other.pk}
    assert "the two are separate persons again" in undo(second)
    assert canonical() == {one.pk: one.pk, other.pk: other.pk}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_crossed", [True, False])
def test_of_many_who_merge_the_same_two_at_once_one_does(is_crossed: bool) -> None:
    one, other = make_customer(), make_customer()
    api, user = Reader(Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE), make_user(Role.CUSTOMER_SUCCESS)

    def over_the_api(kept: int, merged: int) -> int:
        return api.send("post", "merges/", {"kept": kept, "merged": merged, "reason": "x"}).status_code

    def on_the_page(kept: int, merged: int) -> int:
        staff = Client(headers={"accept-language": "en"})
        staff.force_login(user)
        answer = staff.post(reverse("admin:customers_merge_add"), {"kept": kept, "merged": merged, "reason": "x"})
        if answer.status_code == 302:
            return 201
        assert "These two stand for one person already." in answer.content.decode()
        return 409

    pair = (one.pk, other.pk)
    ways = [(pair, over_the_api), (pair[::-1] if is_crossed else pair, over_the_api)]
    ways += [(pair, on_the_page), (pair[::-1] if is_crossed else pair, on_the_page)]
    statuses = at_once(*(partial(way, *records) for records, way in ways))

    assert sorted(statuses) == [201, 409, 409, 409]
    undo_merge(merge=Merge.objects.standing().get())
    assert canonical() == {one.pk: one.pk, other.pk: other.pk}


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
def test_undoing_it_twice_does_nothing_the_second_time() -> None:
    merge = merge_customers(kept=make_customer(), merged=make_customer(), reason="test")
    undone = undo_merge(merge=merge)
    assert undo_merge(merge=merge).undone_at == undone.undone_at
    assert len(changes()) == 2


@pytest.mark.django_db
def test_it_refuses_who_was_erased_meanwhile(tmp_path: Path, settings: Any) -> None:
    settings.ERASURE_LOG = tmp_path / "erasures.jsonl"
    one, other = make_customer(), make_customer()
    merge = merge_customers(kept=one, merged=make_customer(), reason="test")
    finish_erasure(erasure=request_erasure(customer=one))
    for refused in (
        lambda: merge_customers(kept=one, merged=other, reason="test"),
        lambda: merge_customers(kept=other, merged=one, reason="test"),
        lambda: undo_merge(merge=merge),
    ):
        with pytest.raises(ValidationError, match="erased"):
            refused()


@pytest.mark.django_db
def test_it_refuses_to_merge_a_record_with_itself() -> None:
    one = make_customer()

    with pytest.raises(ValidationError):
        merge_customers(kept=one, merged=one, reason="test")
