"""What staff decide about a suggestion, alone and at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from customers.actions import AlreadyDecidedError, compare_next, decide, merge_customers, reopen, undo_merge
from customers.models import Customer, CustomerChange, Identity, Merge, MergeSuggestion
from customers.models.suggestion import Decision
from tests.customers.test_order_of_locks import waits_for_a_lock
from tests.factories import make_customer, make_touchpoint, make_user
from touchpoints.models import Touchpoint

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def make_suggestion(**fields) -> MergeSuggestion:
    one = fields.pop("one", None) or make_customer()
    other = fields.pop("other", None) or make_customer()
    return MergeSuggestion.objects.create(one=one, other=other, **{"score": 0.6, "reasons": ["name"]} | fields)


def canonical() -> dict[int, int]:
    return dict(Customer.objects.values_list("pk", "canonical_id"))


def waiting() -> list[MergeSuggestion]:
    return list(MergeSuggestion.objects.waiting(today=timezone.localdate()))


@pytest.mark.parametrize("keeps", ["one", "other"])
def test_it_merges_into_the_record_that_is_kept(keeps):
    suggestion, user = make_suggestion(reasons=["name", "phone"]), make_user()
    kept = getattr(suggestion, f"{keeps}_id")
    decided = decide(suggestion=suggestion, decision=Decision.MERGE, kept=kept, by=user)
    assert set(canonical().values()) == {kept}
    assert (decided.state, decided.decided_by, decided.merge) == ("merged", user, Merge.objects.get())
    assert decided.merge.reason == "suggestion: similar name, same phone"
    assert waiting() == []


@pytest.mark.parametrize("keeps", ["one", "other"])
def test_it_merges_whole_groups_and_takes_it_back_exactly(keeps):
    one, other, third = make_customer(), make_customer(), make_customer()
    for customer in (one, other, third):
        make_touchpoint(customer)
        Identity.objects.create(customer=customer, kind="user_id", value=f"u{customer.pk}")
    merge_customers(kept=third, merged=other, reason="same card")
    suggestion = make_suggestion(one=one, other=other)
    before = canonical(), set(Touchpoint.objects.values_list("pk", "customer")), set(Identity.objects.values_list())
    decided = decide(suggestion=suggestion, decision=Decision.MERGE, kept=getattr(suggestion, f"{keeps}_id"))
    assert set(canonical().values()) == {one.pk if keeps == "one" else third.pk}
    reopened = reopen(suggestion=decided, by=make_user())
    after = canonical(), set(Touchpoint.objects.values_list("pk", "customer")), set(Identity.objects.values_list())
    assert after == before
    assert (reopened.state, reopened.decided_at, reopened.merge) == ("open", None, None)
    assert waiting() == [suggestion]


def test_it_keeps_apart_and_takes_it_back():
    suggestion = make_suggestion()
    decided = decide(suggestion=suggestion, decision=Decision.KEEP_APART, by=make_user())
    assert (decided.state, decided.decided_reasons) == ("kept_apart", ["name"])
    assert waiting() == []
    reopen(suggestion=decided)
    assert waiting() == [suggestion]
    assert not Merge.objects.exists()


def test_later_is_asked_again_in_two_weeks():
    suggestion = decide(suggestion=make_suggestion(), decision=Decision.LATER, by=make_user())
    today = timezone.localdate()
    assert not MergeSuggestion.objects.waiting(today=today + timedelta(days=13)).exists()
    assert MergeSuggestion.objects.waiting(today=today + timedelta(days=14)).get() == suggestion
    assert decide(suggestion=suggestion, decision=Decision.KEEP_APART).state == "kept_apart"


def test_one_decision_counts_for_all_suggestions_about_two_persons():
    one, other, third = make_customer(), make_customer(), make_customer()
    first, second = make_suggestion(one=one, other=third), make_suggestion(one=other, other=third)
    merge_customers(kept=one, merged=other, reason="same card")
    decided = decide(suggestion=first, decision=Decision.KEEP_APART)
    assert waiting() == []
    reopen(suggestion=decided)
    assert {*waiting()} == {first, second}


@pytest.mark.parametrize("decision", Decision)
def test_it_refuses_what_somebody_else_decided(decision):
    suggestion, user = make_suggestion(), make_user(first_name="Ines", last_name="Lang")
    seen = MergeSuggestion.objects.get()
    decide(suggestion=suggestion, decision=Decision.KEEP_APART, by=user)
    with pytest.raises(AlreadyDecidedError, match="Ines Lang kept the two apart"):
        decide(suggestion=seen, decision=decision, kept=seen.one_id, by=make_user())
    assert not Merge.objects.exists()


@pytest.mark.parametrize("decision", Decision)
def test_a_decision_is_taken_back_before_another_is_made(decision):
    suggestion = decide(suggestion=make_suggestion(), decision=Decision.KEEP_APART)
    with pytest.raises(AlreadyDecidedError):
        decide(suggestion=suggestion, decision=decision, kept=suggestion.one_id)
    assert not Merge.objects.exists()


def test_it_refuses_to_take_back_what_was_decided_anew():
    suggestion = make_suggestion()
    seen = decide(suggestion=suggestion, decision=Decision.LATER)
    decide(suggestion=seen, decision=Decision.MERGE, kept=suggestion.one_id)
    with pytest.raises(AlreadyDecidedError):
        reopen(suggestion=seen)
    assert Merge.objects.standing().exists()


@pytest.mark.parametrize("decision", Decision)
def test_it_refuses_two_that_are_one_person_already(decision):
    suggestion = make_suggestion()
    merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    with pytest.raises(ValidationError, match="one person already"):
        decide(suggestion=MergeSuggestion.objects.get(), decision=decision, kept=suggestion.one_id)


@pytest.mark.parametrize("state", ["kept_apart", "later"])
@pytest.mark.parametrize("decision", Decision)
def test_two_merged_elsewhere_after_a_decision_are_told_so(state, decision):
    before = Decision.KEEP_APART if state == "kept_apart" else Decision.LATER
    suggestion = decide(suggestion=make_suggestion(), decision=before)
    merge = merge_customers(kept=suggestion.one, merged=suggestion.other, reason="same card")
    with pytest.raises(ValidationError, match="undo that merge first"):
        decide(suggestion=MergeSuggestion.objects.get(), decision=decision, kept=suggestion.one_id)
    undo_merge(merge=merge)
    if state == "later":
        decided = decide(suggestion=MergeSuggestion.objects.get(), decision=decision, kept=suggestion.one_id)
        assert decided.state == decision.state


@pytest.mark.parametrize("is_erased", [False, True])
@pytest.mark.parametrize("decision", Decision)
def test_what_was_merged_and_parted_elsewhere_may_be_decided_anew(decision, is_erased):
    """The merge was undone, or its row is gone since the record it led to was erased."""
    suggestion = decide(suggestion=make_suggestion(), decision=Decision.MERGE, kept=Customer.objects.first().pk)
    undo_merge(merge=suggestion.merge, by=make_user(first_name="Ines", last_name="Lang"))
    if is_erased:
        MergeSuggestion.objects.update(merge=None)
    parted = MergeSuggestion.objects.get()
    assert parted.is_to_decide
    assert ("They have been parted since" if is_erased else "Ines Lang undid that merge on") in parted.told
    decided = decide(suggestion=parted, decision=decision, kept=suggestion.other_id)
    assert (decided.state, decided.is_one_person) == (decision.state, decision == Decision.MERGE)
    assert Merge.objects.standing().filter(kept=suggestion.other).exists() == (decision == Decision.MERGE)


def test_a_merge_that_no_longer_holds_the_two_together_does_not_count():
    """Merged into a group that fell apart: the edge stands, and the two are strangers again."""
    one, other, third = make_customer(), make_customer(), make_customer()
    between = merge_customers(kept=third, merged=one, reason="same card")
    suggestion = decide(suggestion=make_suggestion(one=one, other=other), decision=Decision.MERGE, kept=one.pk)
    undo_merge(merge=between)
    parted = MergeSuggestion.objects.get()
    assert (parted.is_one_person, parted.is_to_decide) == (False, True)
    assert decide(suggestion=parted, decision=Decision.MERGE, kept=one.pk).is_one_person
    assert canonical()[one.pk] == canonical()[other.pk] == canonical()[third.pk]
    assert suggestion.merge in Merge.objects.standing()


def test_what_is_gone_cannot_be_decided():
    suggestion = make_suggestion()
    MergeSuggestion.objects.all().delete()
    for act in (lambda: decide(suggestion=suggestion, decision=Decision.LATER), lambda: reopen(suggestion=suggestion)):
        with pytest.raises(ValidationError, match="This suggestion is gone"):
            act()


def test_it_refuses_to_keep_a_third_record():
    suggestion = make_suggestion()
    with pytest.raises(ValidationError, match="Choose which"):
        decide(suggestion=suggestion, decision=Decision.MERGE, kept=make_customer().pk)


def test_what_was_merged_and_parted_elsewhere_is_not_asked_again():
    suggestion = decide(
        suggestion=make_suggestion(), decision=Decision.MERGE, kept=MergeSuggestion.objects.get().one_id
    )
    undo_merge(merge=suggestion.merge)
    while compare_next():
        pass
    assert waiting() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"score": 1.1},
        {"score": -0.1},
        {"reasons": []},
        {"reasons": ["hunch"]},
        {"state": "gone"},
        {"state": "merged"},
        {"state": "later", "decided_at": timezone.now()},
        {"ask_again_on": timezone.now()},
    ],
)
def test_the_database_refuses(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_suggestion(**fields)


def test_the_database_keeps_a_pair_once_and_in_order():
    one, other = make_customer(), make_customer()
    make_suggestion(one=one, other=other)
    for pair in ({"one": one, "other": other}, {"one": other, "other": one}, {"one": one, "other": one}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_suggestion(**pair)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_decide_at_once_one_does_and_the_others_are_told():
    suggestion = make_suggestion()
    users = [make_user() for _ in range(6)]
    barrier = Barrier(len(users))

    def work(number: int) -> str:
        seen = MergeSuggestion.objects.get()
        barrier.wait()
        try:
            decision = Decision.MERGE if number % 2 else Decision.KEEP_APART
            return decide(suggestion=seen, decision=decision, kept=suggestion.one_id, by=users[number]).state
        except AlreadyDecidedError as error:
            return f"told of {error.suggestion.state}"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        answers = list(pool.map(work, range(len(users))))
    state = MergeSuggestion.objects.get().state
    assert sorted(answers) == sorted([state] + [f"told of {state}"] * 5)
    assert Merge.objects.count() == CustomerChange.objects.count() == (state == "merged")


@pytest.mark.django_db(transaction=True)
def test_two_regrouped_while_it_waits_are_looked_up_again():
    one, other, third = make_customer(), make_customer(), make_customer()
    suggestion, alike = make_suggestion(one=one, other=other), make_suggestion(one=other, other=third)
    pids = []

    def work() -> str:
        try:
            connection.ensure_connection()
            pids.append(connection.connection.info.backend_pid)
            return decide(suggestion=suggestion, decision=Decision.KEEP_APART).state
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            # Begun again from its start: who waits for a row held in a savepoint waits for the whole transaction.
            merge_customers(kept=third, merged=one, reason="same card")
            decided = pool.submit(work)
            assert waits_for_a_lock(pids, decided)
        assert decided.result() == "kept_apart"
    alike.refresh_from_db()
    assert alike.state == "kept_apart"


@pytest.mark.django_db(transaction=True)
def test_only_one_compares_at_a_time():
    make_customer()
    with transaction.atomic():
        assert compare_next()
        make_customer()

        def other() -> bool:
            try:
                return compare_next()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(other).result() is False
    assert compare_next()
